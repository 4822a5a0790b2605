"""What each engine is told, what the guard concludes, and what the jar's words mean: pure functions."""

import json
from pathlib import Path

import pytest

from e2e.harness import BrowserSettings, CookiePolicy, JarCookie, by_name, same_site_matches
from e2e.harness.guard import Witnesses, disagreements, is_headless_shell_product
from e2e.harness.policies import chromium_preferences, firefox_preferences
from e2e.harness.profiles import merge_into_json

ACCEPT, BLOCK, NO_SCRIPTS = (
    BrowserSettings(),
    BrowserSettings(cookies=CookiePolicy.BLOCK),
    BrowserSettings(javascript=False),
)
BOTH = "g-header=1; g-script=1"
BOTH_NAMES = frozenset({"g-header", "g-script"})
NOTHING = Witnesses(frozenset(), "", "")


def test_firefox_is_told_every_preference_every_time_because_a_profile_remembers() -> None:
    told = [set(firefox_preferences(BrowserSettings(cookies=policy))) for policy in CookiePolicy]
    assert told[0] == told[1] == told[2]


def test_each_policy_is_another_preference_in_chromium() -> None:
    told = [json.dumps(chromium_preferences(BrowserSettings(cookies=policy))) for policy in CookiePolicy]
    assert len(set(told)) == 3


def test_preferences_are_merged_into_what_the_browser_wrote(tmp_path: Path) -> None:
    file = tmp_path / "Default" / "Preferences"
    file.parent.mkdir()
    file.write_text('{"profile": {"name": "mine", "default_content_setting_values": {"images": 1}}, "other": [1]}')
    merge_into_json(file, chromium_preferences(BLOCK))
    assert json.loads(file.read_text()) == {
        "profile": {"name": "mine", "default_content_setting_values": {"images": 1, "cookies": 2}},
        "other": [1],
    }


def test_a_first_launch_has_no_preferences_to_merge_into(tmp_path: Path) -> None:
    merge_into_json(tmp_path / "Default" / "Preferences", {"a": {"b": 1}})
    assert json.loads((tmp_path / "Default" / "Preferences").read_text()) == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        (ACCEPT, Witnesses(BOTH_NAMES, f"older=1; {BOTH}", BOTH)),
        (BLOCK, NOTHING),
        (NO_SCRIPTS, Witnesses(frozenset({"g-header"}), "g-header=1", None)),
    ],
)
def test_the_guard_is_content_when_all_witnesses_agree(settings: BrowserSettings, seen: Witnesses) -> None:
    assert disagreements(settings, "g", seen) == []


@pytest.mark.parametrize(
    ("settings", "seen", "liar"),
    [
        (ACCEPT, Witnesses(frozenset(), BOTH, BOTH), "the jar"),
        (ACCEPT, Witnesses(BOTH_NAMES, "", BOTH), "Cookie header"),
        (ACCEPT, Witnesses(BOTH_NAMES, BOTH, "g-header=1"), "document.cookie"),
        (BLOCK, Witnesses(BOTH_NAMES, "", ""), "the jar"),
        (BLOCK, Witnesses(frozenset(), "older=1", ""), "Cookie header"),
        (BLOCK, Witnesses(frozenset(), "", "older=1"), "document.cookie"),
        (NO_SCRIPTS, Witnesses(BOTH_NAMES, BOTH, None), "a script ran"),
    ],
)
def test_the_guard_names_the_one_witness_that_disagrees(settings: BrowserSettings, seen: Witnesses, liar: str) -> None:
    (complaint,) = disagreements(settings, "g", seen)
    assert liar in complaint


def test_a_headless_shell_is_told_by_its_product_name() -> None:
    assert is_headless_shell_product("HeadlessChrome/156.0.8078.79")
    assert not is_headless_shell_product("Chrome/156.0.8078.79")


def cookie(name: str, path: str = "/") -> JarCookie:
    return JarCookie(name, "1", "127.0.0.1", path, None, http_only=False, secure=False, same_site="Lax")


def test_cookies_by_name_refuse_two_of_one_name() -> None:
    assert by_name([cookie("a"), cookie("b")]) == {"a": cookie("a"), "b": cookie("b")}
    with pytest.raises(ValueError, match="Two cookies are called a"):
        by_name([cookie("a"), cookie("a", path="/shop")])


@pytest.mark.parametrize(
    ("declared", "actual", "same"),
    [
        ("Lax", "Lax", True),
        ("lax", "Lax", True),
        ("Strict", "Lax", False),
        (None, "Lax", True),
        (None, "None", True),
        (None, "default", True),
        (None, None, True),
        (None, "Strict", False),
        ("None", "Lax", False),
        ("Lax", None, False),
    ],
    ids=repr,
)
def test_an_undeclared_same_site_may_read_differently_and_a_declared_one_may_not(
    declared: str | None, actual: str | None, *, same: bool
) -> None:
    assert same_site_matches(declared, actual) is same
