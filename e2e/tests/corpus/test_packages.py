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
    needed = {site.needs for site in all_sites() if site.needs}
    npm, pip = packages.versions(), packages.python_versions()
    assert needed == {*(f"npm:{name}" for name in npm), *(f"pip:{name}" for name in pip)}
    assert all(version[0].isdigit() for version in (npm | pip).values())


def test_the_locks_of_pip_name_what_is_asked_for_with_hashes() -> None:
    for name, version in packages.python_versions().items():
        lock = (packages.MANIFEST / f"{name}.txt").read_text(encoding="utf-8")
        assert f"\n{name}=={version} \\\n    --hash=sha256:" in lock


def test_what_pip_can_not_install_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "BUILD", tmp_path / "build")
    monkeypatch.setattr(packages, "MANIFEST", tmp_path)
    (tmp_path / "django-cookie-consent.txt").write_text("no==requirement==at-all\n", encoding="utf-8")
    [site] = sites_named(["django-cookie-consent-right"])
    with pytest.raises(packages.PackageMissing, match="pip could not install django-cookie-consent"):
        packages.package_of(site)


def test_the_lock_names_hashes_and_no_address_of_a_registry() -> None:
    lock = json.loads((packages.MANIFEST / "package-lock.json").read_text(encoding="utf-8"))
    entries = [entry for name, entry in lock["packages"].items() if name]
    assert all("resolved" not in entry for entry in entries)
    assert all("integrity" in entry for entry in entries)
