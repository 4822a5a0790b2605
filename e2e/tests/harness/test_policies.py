"""What each engine is told, what the guard concludes, and what the jar's words mean: pure functions."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cookie_harness import BrowserSettings, CookiePolicy, Engine, JarCookie, by_name, same_site_matches
from cookie_harness.engines import EngineName
from cookie_harness.guard import Witnesses, disagreements, is_headless_shell_product
from cookie_harness.policies import (
    SettingMissing,
    browser_settings,
    chromium_preferences,
    chromium_switches,
    context_arguments,
    firefox_preferences,
    refuse_missing,
    settable_policies,
)
from cookie_harness.profiles import allow_cookies, merge_into_json, merged

ACCEPT, BLOCK, NO_SCRIPTS = (
    BrowserSettings(),
    BrowserSettings(cookies=CookiePolicy.BLOCK),
    BrowserSettings(javascript=False),
)
ALL_BUT_ONE = BrowserSettings(cookies=CookiePolicy.BLOCK, allowed=("http://a.test",))
BOTH = "g-header=1; g-script=1"
BOTH_NAMES = frozenset({"g-header", "g-script"})
NOTHING = Witnesses(frozenset(), "", "")


@pytest.mark.promise("H9")
def test_firefox_is_told_every_preference_every_time_because_a_profile_remembers() -> None:
    told = [set(firefox_preferences(BrowserSettings(cookies=policy))) for policy in CookiePolicy]
    assert all(names == told[0] for names in told)


@pytest.mark.promise("H9")
def test_each_policy_is_another_preference_in_chromium() -> None:
    told = [json.dumps(chromium_preferences(BrowserSettings(cookies=policy))) for policy in CookiePolicy]
    assert len(set(told)) == len(CookiePolicy)


@pytest.mark.promise("H9")
def test_chromium_and_firefox_can_be_told_every_policy_and_webkit_one() -> None:
    assert settable_policies("chromium") == settable_policies("firefox") == tuple(CookiePolicy)
    assert settable_policies("webkit") == (CookiePolicy.ACCEPT,)


@pytest.mark.promise("H9")
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (BLOCK, "cookies: block"),
        (BrowserSettings(cookies=CookiePolicy.BLOCK_THIRD_PARTY), "cookies: block third-party"),
        (BrowserSettings(cookies=CookiePolicy.CLEAR_ON_EXIT, restore=True), "clear on exit, opening the last tabs"),
        (ALL_BUT_ONE, "cookies: block, exceptions for single sites"),
        (BrowserSettings(hosts=("a.test",)), "host names of its own"),
        (BrowserSettings(authority=Path("ca.pem")), "a certificate authority of its own"),
    ],
)
def test_what_webkit_cannot_be_told_is_refused_in_words(settings: BrowserSettings, words: str) -> None:
    with pytest.raises(SettingMissing, match=words):
        refuse_missing("webkit", settings)
    refuse_missing("chromium", settings)
    refuse_missing("firefox", settings)


@pytest.mark.promise("H9")
def test_webkit_is_told_all_else_by_each_context() -> None:
    refuse_missing("webkit", BrowserSettings(javascript=False, dark=True, gpc=True))
    webkit = Engine("webkit", Path("pw_run.sh"), None, "27.2", "managed")
    told = context_arguments(webkit, BrowserSettings(javascript=False, dark=True, gpc=True), {})
    assert told == {"java_script_enabled": False, "color_scheme": "dark", "extra_http_headers": {"Sec-GPC": "1"}}


@pytest.mark.promise("H9")
def test_preferences_are_merged_into_what_the_browser_wrote(tmp_path: Path) -> None:
    file = tmp_path / "Default" / "Preferences"
    file.parent.mkdir()
    file.write_text('{"profile": {"name": "mine", "default_content_setting_values": {"images": 1}}, "other": [1]}')
    merge_into_json(file, {"profile": {"default_content_setting_values": {"cookies": 2}}})
    assert json.loads(file.read_text()) == {
        "profile": {"name": "mine", "default_content_setting_values": {"images": 1, "cookies": 2}},
        "other": [1],
    }


@pytest.mark.promise("H9")
def test_an_origin_that_is_no_longer_allowed_leaves_the_preferences() -> None:
    def exceptions(allowed: tuple[str, ...]) -> Any:
        told = chromium_preferences(BrowserSettings(cookies=CookiePolicy.BLOCK, allowed=allowed))
        return merged(before, told)["profile"]["content_settings"]["exceptions"]["cookies"]

    before = chromium_preferences(
        BrowserSettings(cookies=CookiePolicy.BLOCK, allowed=("http://a.test", "http://b.test"))
    )
    assert set(exceptions(("http://b.test",))) == {"http://b.test,*"}
    assert exceptions(()) == {}


@pytest.mark.promise("H9")
def test_firefox_allows_the_origins_of_the_latest_launch_and_no_others(tmp_path: Path) -> None:
    file = tmp_path / "permissions.sqlite"
    allow_cookies(file, ())
    assert not file.exists(), "a profile without exceptions is left as it is"
    for allowed in (["http://a.test", "http://b.test"], ["http://b.test"], []):
        allow_cookies(file, allowed)
        with closing(sqlite3.connect(file)) as database:
            assert [origin for (origin,) in database.execute("SELECT origin FROM moz_perms")] == allowed


@pytest.mark.promise("H9")
def test_chromium_sends_gpc_beside_the_callers_own_headers() -> None:
    chromium = Engine("chromium", Path("chromium"), None, "156", "system")
    given = {"extra_http_headers": {"X-Mine": "1"}, "locale": "de"}
    told = context_arguments(chromium, BrowserSettings(gpc=True), given)
    assert told["extra_http_headers"] == {"X-Mine": "1", "Sec-GPC": "1"}
    assert told["locale"] == "de"
    assert context_arguments(chromium, BrowserSettings(), given)["extra_http_headers"] == {"X-Mine": "1"}


@pytest.mark.promise("H9")
@pytest.mark.parametrize("engine", ["chromium", "webkit"])
def test_a_fresh_context_is_light_and_runs_scripts(engine: EngineName) -> None:
    told = context_arguments(Engine(engine, Path(engine), None, "1", "system"), BrowserSettings(), {"locale": "de"})
    assert told == {"java_script_enabled": True, "color_scheme": "light", "locale": "de"}


@pytest.mark.promise("H9")
def test_firefox_ignores_what_a_context_is_told_and_so_is_told_nothing() -> None:
    firefox = Engine("firefox", Path("firefox"), None, "153", "system")
    settings = BrowserSettings(javascript=False, dark=True, gpc=True)
    assert context_arguments(firefox, settings, {"locale": "de"}) == {"locale": "de"}
    assert browser_settings(firefox, settings) == settings


@pytest.mark.promise("H9")
def test_a_chromium_is_told_what_all_its_contexts_share_and_no_more() -> None:
    chromium = Engine("chromium", Path("chromium"), None, "156", "system")
    shared = BrowserSettings(CookiePolicy.BLOCK, ("http://a.test",), hosts=("a.test",), restore=True)
    assert browser_settings(chromium, replace(shared, javascript=False, dark=True, gpc=True)) == shared


@pytest.mark.promise("H9")
def test_a_chromium_finds_the_hosts_of_this_machine_and_no_others() -> None:
    [rules] = set(chromium_switches(BrowserSettings(hosts=("a.test", "b.test")))) - set(
        chromium_switches(BrowserSettings())
    )
    assert rules == "--host-resolver-rules=MAP a.test 127.0.0.1, MAP b.test 127.0.0.1"


@pytest.mark.promise("H9")
def test_a_cookie_of_the_jar_says_its_attributes_and_how_long_it_lives() -> None:
    cookie = JarCookie("a", "1", "a.test", "/", None, http_only=True, secure=False, same_site="Lax")
    assert cookie.attributes == ["HttpOnly", "SameSite=Lax"]
    assert replace(cookie, http_only=False, secure=True, same_site=None).attributes == ["Secure"]
    assert cookie.lives_for(100.0) is None
    assert replace(cookie, expires=160.0).lives_for(100.0) == 60


@pytest.mark.promise("H9")
def test_the_tabs_of_the_last_time_open_again_only_where_that_is_set() -> None:
    for restore, chromium, firefox in ((False, 5, 0), (True, 1, 3)):
        settings = replace(BrowserSettings(), restore=restore)
        assert chromium_preferences(settings)["session"] == {"restore_on_startup": chromium}
        assert firefox_preferences(settings)["browser.startup.page"] == firefox
    assert not BrowserSettings().restore


@pytest.mark.promise("H1")
@pytest.mark.parametrize(
    ("settings", "seen", "complaint"),
    [
        (BLOCK, Witnesses(BOTH_NAMES, "", ""), "the jar should hold nothing, but holds g-header, g-script"),
        (
            ACCEPT,
            Witnesses(BOTH_NAMES, "", BOTH),
            "the next request's Cookie header should hold g-header and g-script, but holds nothing",
        ),
        (
            ACCEPT,
            Witnesses(BOTH_NAMES, BOTH, "g-header=1"),
            "document.cookie should hold g-header and g-script, but holds g-header=1",
        ),
    ],
)
def test_the_guard_says_what_it_expected_and_what_it_saw(
    settings: BrowserSettings, seen: Witnesses, complaint: str
) -> None:
    assert disagreements(settings, "g", seen) == [complaint]


@pytest.mark.promise("H9")
def test_a_first_launch_has_no_preferences_to_merge_into(tmp_path: Path) -> None:
    merge_into_json(tmp_path / "Default" / "Preferences", {"a": {"b": 1}})
    assert json.loads((tmp_path / "Default" / "Preferences").read_text()) == {"a": {"b": 1}}


@pytest.mark.promise("H1")
@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        (ACCEPT, Witnesses(BOTH_NAMES, f"older=1; {BOTH}", BOTH)),
        (BLOCK, NOTHING),
        (NO_SCRIPTS, Witnesses(frozenset({"g-header"}), "g-header=1", None)),
        (ALL_BUT_ONE, Witnesses(BOTH_NAMES, BOTH, BOTH, origin="http://a.test")),
        (ALL_BUT_ONE, Witnesses(frozenset(), "", "", origin="http://b.test")),
        (BrowserSettings(gpc=True), Witnesses(BOTH_NAMES, BOTH, BOTH, gpc=True)),
    ],
)
def test_the_guard_is_content_when_all_witnesses_agree(settings: BrowserSettings, seen: Witnesses) -> None:
    assert disagreements(settings, "g", seen) == []


@pytest.mark.promise("H1")
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
        (ALL_BUT_ONE, Witnesses(BOTH_NAMES, "", BOTH, origin="http://a.test"), "Cookie header"),
        (ALL_BUT_ONE, Witnesses(frozenset(), BOTH, "", origin="http://b.test"), "Cookie header"),
        (BrowserSettings(gpc=True), Witnesses(BOTH_NAMES, BOTH, BOTH), "Sec-GPC: 1 was not sent"),
        (ACCEPT, Witnesses(BOTH_NAMES, BOTH, BOTH, gpc=True), "Sec-GPC: 1 was sent"),
    ],
)
def test_the_guard_names_the_one_witness_that_disagrees(settings: BrowserSettings, seen: Witnesses, liar: str) -> None:
    (complaint,) = disagreements(settings, "g", seen)
    assert liar in complaint


@pytest.mark.promise("H2")
def test_a_headless_shell_is_told_by_its_product_name() -> None:
    assert is_headless_shell_product("HeadlessChrome/156.0.8078.79")
    assert not is_headless_shell_product("Chrome/156.0.8078.79")


def cookie(name: str, path: str = "/") -> JarCookie:
    return JarCookie(name, "1", "127.0.0.1", path, None, http_only=False, secure=False, same_site="Lax")


@pytest.mark.promise("H1")
def test_cookies_by_name_refuse_two_of_one_name() -> None:
    assert by_name([cookie("a"), cookie("b")]) == {"a": cookie("a"), "b": cookie("b")}
    with pytest.raises(ValueError, match="Two cookies are called a"):
        by_name([cookie("a"), cookie("a", path="/shop")])


@pytest.mark.promise("H1")
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
