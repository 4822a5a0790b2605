"""A profile is really closed, really opened again, and takes its settings from the browser's own."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Playwright

from cookie_harness import (
    BrowserSettings,
    CookiePolicy,
    EchoSite,
    Engine,
    PolicyNotInForce,
    Profile,
    ProfileInUse,
    by_name,
    find_engine,
    prove_cleared_on_exit,
    read_jar,
)
from cookie_harness.bare_window import set_toolbars
from cookie_harness.plugin import ProfileFactory
from cookie_harness.profiles import processes_on
from cookie_harness.warm_profiles import UNUSED_FOR, warm_profile


def cookie_header(context: BrowserContext, echo: EchoSite) -> str:
    """What this browser sends with its next request."""
    context.new_page().goto(echo.received_url)
    return echo.last_cookie_header


@pytest.mark.promise("H3")
def test_a_lasting_cookie_survives_closing_the_browser_and_a_session_cookie_does_not(
    profile: Profile, echo_site: EchoSite
) -> None:
    page = profile.open().new_page()
    page.goto(echo_site.set_url("lasting", max_age=3600))
    page.goto(echo_site.set_url("session", max_age=None))
    before = by_name(read_jar(profile.context))
    assert set(before) == {"lasting-header", "lasting-script", "session-header", "session-script"}
    context = profile.reopen()
    assert by_name(read_jar(context)) == {name: before[name] for name in ("lasting-header", "lasting-script")}
    assert cookie_header(context, echo_site) == "lasting-header=1; lasting-script=1"


@pytest.mark.promise("H3")
def test_a_profile_that_begins_warm_has_seen_no_site(
    engine: Engine, browser_type: BrowserType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))  # the warm one lies beside these
    kept = []
    for name in ("first", "second"):
        profile = Profile(tmp_path / name, engine, browser_type, launch_arguments=engine.launch_arguments)
        context = profile.open()
        assert read_jar(context) == ()
        assert [page.url for page in context.pages] == ["about:blank"]
        profile.close()
        kept.append([(folder, folder.stat().st_ino) for folder in tmp_path.glob("e2e-harness/*")])
    assert len(kept[0]) == (engine.name == "firefox"), "Chromium begins on an empty folder"
    assert kept[0] == kept[1], "it was made once"


@pytest.mark.promise("H3")
def test_what_was_kept_for_a_browser_that_nobody_has_any_more_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    age = {"firefox-before": UNUSED_FOR + timedelta(days=1), "firefox-lately": UNUSED_FOR - timedelta(days=1)}
    for name, unused in age.items():
        (tmp_path / "e2e-harness" / name).mkdir(parents=True)
        used = time.time() - unused.total_seconds()
        os.utime(tmp_path / "e2e-harness" / name, (used, used))
    made = warm_profile(find_engine("firefox"), Path.mkdir)
    assert made
    assert sorted(tmp_path.glob("e2e-harness/*")) == sorted([made, tmp_path / "e2e-harness" / "firefox-lately"])
    assert made.stat().st_mtime == pytest.approx(time.time(), abs=60)


@pytest.mark.promise("H4")
def test_a_second_launch_on_an_open_profile_is_refused_and_closing_ends_the_process(
    profile: Profile, new_profile: ProfileFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.open()
    with pytest.raises(ProfileInUse, match="is open in a browser already"):
        profile.open()
    other = new_profile()
    other.folder = profile.folder
    with pytest.raises(ProfileInUse):
        other.open()
    # Where processes cannot be listed the browser's own lock speaks.
    with monkeypatch.context() as patch:
        patch.setattr("cookie_harness.profiles.processes_on", lambda _: [])
        with pytest.raises(ProfileInUse):
            other.open()
    assert processes_on(profile.folder) != []
    profile.close()
    assert processes_on(profile.folder) == []
    assert not profile.is_open
    with pytest.raises(RuntimeError, match="is closed"):
        _ = profile.context


@pytest.mark.promise("H1")
def test_clear_on_exit_takes_lasting_cookies_too(new_profile: ProfileFactory, echo_site: EchoSite) -> None:
    profile = new_profile(BrowserSettings(cookies=CookiePolicy.CLEAR_ON_EXIT))
    profile.open()
    prove_cleared_on_exit(profile, echo_site)
    assert read_jar(profile.context) == ()


@pytest.mark.promise("H1")
def test_the_proof_of_clear_on_exit_fails_where_the_browser_keeps_its_cookies(
    playwright: Playwright, echo_site: EchoSite, tmp_path: Path
) -> None:
    profile = Profile(tmp_path, find_engine("chromium"), playwright.chromium)
    profile.open()
    with pytest.raises(PolicyNotInForce, match=r'"clear on exit" is not in force: .* the jar holds guard-'):
        prove_cleared_on_exit(profile, echo_site)
    profile.close()


@pytest.mark.promise("H9")
def test_a_window_that_nobody_sees_has_no_toolbars(new_profile: ProfileFactory, echo_site: EchoSite) -> None:
    """As Firefox paints them also there, at a fifth of the price of a page; Chromium's headless mode has none."""
    page = new_profile().open().new_page()
    page.goto(echo_site.url)
    above_the_page = page.evaluate("typeof mozInnerScreenY === 'number' ? mozInnerScreenY - screenY : 0")
    assert above_the_page == 0


@pytest.mark.promise("H9")
def test_toolbars_come_back_for_whoever_looks(tmp_path: Path) -> None:
    sheet = tmp_path / "chrome" / "userChrome.css"
    set_toolbars(tmp_path, shown=True)
    assert not sheet.exists()
    set_toolbars(tmp_path, shown=False)
    assert "#navigator-toolbox" in sheet.read_text(encoding="utf-8")
    set_toolbars(tmp_path, shown=True)
    assert not sheet.exists()
