"""A visitor's browser has the settings that were asked for, and the guard notices when it has not."""

import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from cookie_harness import (
    BrowserSettings,
    CookiePolicy,
    EchoSite,
    Engine,
    PolicyNotInForce,
    by_name,
    find_engine,
    prove_policy,
    read_jar,
    same_site_matches,
    set_cookie_lines,
)
from cookie_harness.local_server import LocalServer
from cookie_harness.plugin import ProfileFactory, VisitorFactory

BLOCK = BrowserSettings(cookies=CookiePolicy.BLOCK)


@pytest.mark.promise("H1")
@pytest.mark.parametrize("policy", [CookiePolicy.ACCEPT, CookiePolicy.BLOCK], ids=["accept", "block"])
def test_the_jar_the_next_request_and_the_page_agree_with_the_policy(
    new_visitor: VisitorFactory, echo_site: EchoSite, policy: CookiePolicy
) -> None:
    context = new_visitor(cookies=policy)
    prove_policy(context, BrowserSettings(cookies=policy), echo_site)
    assert read_jar(context) == (), "the guard left something behind"
    opposite = BrowserSettings() if policy is CookiePolicy.BLOCK else BLOCK
    with pytest.raises(
        PolicyNotInForce, match=rf'"{opposite.cookies.value}" is not in force: the jar .* Cookie header'
    ):
        prove_policy(context, opposite, echo_site)


@pytest.mark.promise("H1")
def test_the_jar_reads_the_same_in_both_engines(new_visitor: VisitorFactory, echo_site: EchoSite) -> None:
    context = new_visitor()
    page = context.new_page()
    response = page.goto(echo_site.set_url("lasting", max_age=3600))
    page.goto(echo_site.set_url("fleeting", max_age=None))
    assert response
    assert set_cookie_lines(response) == ["lasting-header=1; Path=/; Max-Age=3600"]
    jar = by_name(read_jar(context, echo_site.url))
    assert set(jar) == {"lasting-header", "lasting-script", "fleeting-header", "fleeting-script"}
    assert jar["lasting-header"].expires is not None
    assert jar["fleeting-script"].expires is None
    assert all(same_site_matches(None, cookie.same_site) for cookie in jar.values())


class _ManyDeletions(BaseHTTPRequestHandler):
    """Deletes sixty cookies that were never set, as a site does that withdraws whatever it may have stored."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        for number in range(60):
            self.send_header("Set-Cookie", f"gone-{number}=; Max-Age=0; Path=/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.mark.promise("H1")
def test_a_cookie_deleted_a_moment_ago_is_in_no_jar(
    new_visitor: VisitorFactory,
) -> None:
    """In each quarter: Firefox lists an end in whole seconds, rounded up from the half on."""
    context = new_visitor()
    page = context.new_page()
    quarters: set[int] = set()
    with LocalServer(_ManyDeletions) as site:
        page.goto(f"http://127.0.0.1:{site.port}")
        while len(quarters) < 4:
            page.evaluate("fetch('/').then(response => response.text())")
            quarters.add(int(time.time() * 4) % 4)
            assert read_jar(context) == ()


@pytest.mark.promise("H9")
@pytest.mark.parametrize("gpc", [True, False])
def test_gpc_is_sent_where_it_was_asked_for_beside_the_tests_own_headers(
    new_visitor: VisitorFactory, echo_site: EchoSite, *, gpc: bool
) -> None:
    page = new_visitor(gpc=gpc, extra_http_headers={"X-Mine": "1"}).new_page()
    request = page.goto(echo_site.received_url)
    assert request
    assert request.request.all_headers()["x-mine"] == "1"
    assert echo_site.received[-1].gpc is gpc
    with pytest.raises(PolicyNotInForce, match="Sec-GPC"):
        prove_policy(page.context, BrowserSettings(gpc=not gpc), echo_site)


@pytest.mark.promise("H1")
def test_blocking_third_parties_is_told_from_accepting_by_a_frame_of_another_site(
    new_visitor: VisitorFactory, new_profile: ProfileFactory, echo_site: EchoSite
) -> None:
    new_visitor(cookies=CookiePolicy.BLOCK_THIRD_PARTY)
    accepting = new_profile().open()
    with pytest.raises(PolicyNotInForce, match=r'"block third-party" is not in force: a frame of another site .* gets'):
        prove_policy(accepting, BrowserSettings(cookies=CookiePolicy.BLOCK_THIRD_PARTY), echo_site)


@pytest.mark.promise("H1", "B8")
def test_one_origin_can_be_allowed_while_all_others_are_blocked(
    new_visitor: VisitorFactory, echo_site: EchoSite
) -> None:
    all_but_one = BrowserSettings(cookies=CookiePolicy.BLOCK, allowed=(echo_site.url,))
    context = new_visitor(cookies=CookiePolicy.BLOCK, allowed=(echo_site.url,))
    prove_policy(context, all_but_one, echo_site)
    with pytest.raises(PolicyNotInForce, match="should hold nothing"):
        prove_policy(context, BLOCK, echo_site)
    with pytest.raises(PolicyNotInForce, match=r"the jar should hold guard-.*, but holds nothing"):
        prove_policy(new_visitor(cookies=CookiePolicy.BLOCK), all_but_one, echo_site)
    with pytest.raises(ValueError, match="the guard proves there that an exception holds"):
        prove_policy(context, BrowserSettings(cookies=CookiePolicy.BLOCK, allowed=("http://a.test",)), echo_site)


@pytest.mark.promise("H9")
def test_two_visitors_share_no_cookie(new_visitor: VisitorFactory, echo_site: EchoSite) -> None:
    first, second = new_visitor(), new_visitor()
    first.new_page().goto(echo_site.set_url("mine"))
    second.new_page().goto(echo_site.received_url)
    assert echo_site.last_cookie_header == ""


@pytest.mark.promise("B6")
def test_a_blocking_browser_never_sends_a_cookie_that_was_put_into_its_jar(
    new_visitor: VisitorFactory, echo_site: EchoSite
) -> None:
    context = new_visitor(cookies=CookiePolicy.BLOCK)
    context.add_cookies([{"name": "injected", "value": "1", "url": echo_site.url}])
    context.new_page().goto(echo_site.received_url)
    assert set(by_name(read_jar(context))) == {"injected"}
    assert echo_site.last_cookie_header == ""
    with pytest.raises(PolicyNotInForce):
        prove_policy(context, BrowserSettings(), echo_site)


@pytest.mark.promise("H9")
def test_scripts_do_not_run_in_a_browser_without_javascript(new_visitor: VisitorFactory, echo_site: EchoSite) -> None:
    context = new_visitor(javascript=False)
    context.new_page().goto(echo_site.set_url("quiet"))
    assert set(by_name(read_jar(context))) == {"quiet-header"}


@pytest.mark.promise("H7")
def test_the_guard_sees_through_a_page_that_only_hides_its_cookies(
    new_visitor: VisitorFactory, echo_site: EchoSite
) -> None:
    context = new_visitor()
    context.add_init_script("Object.defineProperty(document, 'cookie', {get: () => '', set: () => {}})")
    with pytest.raises(PolicyNotInForce, match="Cookie header should hold nothing"):
        prove_policy(context, BLOCK, echo_site)


@pytest.mark.promise("H7")
def test_the_guard_sees_through_the_switch_that_only_blinds_scripts(
    playwright: Playwright, echo_site: EchoSite, tmp_path: Path
) -> None:
    arguments = find_engine("chromium").launch_arguments | {"args": ["--blink-settings=cookieEnabled=false"]}
    with closing(playwright.chromium.launch_persistent_context(tmp_path, **arguments)) as context:
        page = context.new_page()
        page.goto(echo_site.set_url("seen"))
        assert page.evaluate("[navigator.cookieEnabled, document.cookie]") == [False, ""]
        with pytest.raises(PolicyNotInForce, match="Cookie header should hold nothing"):
            prove_policy(context, BLOCK, echo_site)


@pytest.mark.promise("H2")
def test_the_driven_browser_is_the_one_that_was_found(new_visitor: VisitorFactory, engine: Engine) -> None:
    browser = new_visitor().browser
    assert browser
    assert engine.version.startswith(browser.version)
    assert browser.browser_type.name == engine.name


@pytest.mark.promise("H9")
@pytest.mark.parametrize("policy", [CookiePolicy.ACCEPT, CookiePolicy.BLOCK], ids=["accept", "block"])
@pytest.mark.browser_context_args(user_agent="marked")
def test_a_visitor_has_the_context_arguments_of_the_test_and_of_the_call(
    new_visitor: VisitorFactory, echo_site: EchoSite, policy: CookiePolicy
) -> None:
    page = new_visitor(cookies=policy, base_url=echo_site.url).new_page()
    page.goto("/received")
    assert page.url == echo_site.received_url
    assert page.evaluate("navigator.userAgent") == "marked"
