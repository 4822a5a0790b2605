"""The consent managers of npm: pinned, installed on demand, and left out where npm is not there."""

import json
from pathlib import Path

import pytest

from cookie_corpus import packages
from cookie_corpus.table import all_sites, sites_named

pytestmark = pytest.mark.promise("U8")


def test_without_npm_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "BUILD", tmp_path)
    monkeypatch.setenv("PATH", "")
    [site] = sites_named(["klaro-right"])
    with pytest.raises(packages.PackageMissing, match="need npm: install Node"):
        packages.package_of(site)
    assert list(tmp_path.iterdir()) == []


def test_a_site_with_a_banner_of_its_own_needs_no_package() -> None:
    [site] = sites_named(["right-plain"])
    assert packages.package_of(site) is None


def test_every_package_that_a_site_needs_is_pinned_and_every_pinned_one_is_needed() -> None:
    needed = {site.needs.removeprefix("npm:") for site in all_sites() if site.needs}
    assert needed == set(packages.versions())
    assert all(version[0].isdigit() for version in packages.versions().values())


def test_the_lock_names_hashes_and_no_address_of_a_registry() -> None:
    lock = json.loads((packages.MANIFEST / "package-lock.json").read_text(encoding="utf-8"))
    entries = [entry for name, entry in lock["packages"].items() if name]
    assert all("resolved" not in entry for entry in entries)
    assert all("integrity" in entry for entry in entries)
