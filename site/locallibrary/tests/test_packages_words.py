"""The packages name no URL, template, app or word of this site, not even in a string."""

import re
from pathlib import Path

import polib  # type: ignore[import-untyped] # it has no types
import pytest
from django.apps import apps
from django.urls import get_resolver

from locallibrary.environment import CHECKOUT

PACKAGES = (
    CHECKOUT / "site" / "consent_gate",
    CHECKOUT / "site" / "exact_sessions",
    CHECKOUT / "dashboard" / "privacy_dashboard",
)
KINDS = {".py", ".html", ".js", ".css"}
OF_THE_SITE = {
    each.label
    for each in apps.get_app_configs()
    if Path(each.path).parent == CHECKOUT / "site" and Path(each.path) not in PACKAGES
}
"""The site's apps, which is also what their URLs' and templates' names begin with."""
SITES_WORDS = re.compile(r"\b(librar|book|author|genre|loan|borrow)|foot of|results on", re.IGNORECASE)


def sources() -> list[Path]:
    files = (file for package in PACKAGES for file in sorted(package.rglob("*")) if file.suffix in KINDS)
    return [file for file in files if "tests" not in file.parts]


def occurrences(pattern: str) -> list[tuple[str, str]]:
    """Where a pattern is found in the packages, each with what its first group holds."""
    found = re.compile(pattern)
    return [(file.name, hit) for file in sources() for hit in found.findall(file.read_text(encoding="utf-8"))]


def test_no_app_of_this_site_is_named() -> None:
    assert {"catalog", "locallibrary", "workbench"} <= OF_THE_SITE
    # With what follows in a URL's name, a template's, or a module's: "accounts" alone is a word like others.
    assert occurrences(rf"\b({'|'.join(sorted(OF_THE_SITE))})[:/.]\w") == []


def test_no_url_name_of_this_site_is_used() -> None:
    own = {"consent", "privacy", "admin"}
    names = occurrences(r"""(?:\{% url |reverse\(|redirect\()["']([\w:-]+)["']""")
    assert names
    assert [(file, name) for file, name in names if name.partition(":")[0] not in own] == []
    assert not own - {"admin"} & {str(name) for name in get_resolver().reverse_dict}


def test_no_template_of_this_site_is_used() -> None:
    names = occurrences(r"""["']([\w/-]+\.html)["']""")
    assert names
    assert [each for each in names if each[1].partition("/")[0] not in {package.name for package in PACKAGES}] == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_no_text_for_visitors_has_words_of_this_site(package: Path) -> None:
    [catalogue] = package.rglob("django.po")
    texts = [entry.msgid for entry in polib.pofile(str(catalogue))]
    assert texts
    assert [text for text in texts if SITES_WORDS.search(text)] == []
