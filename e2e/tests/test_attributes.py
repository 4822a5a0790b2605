"""What a cookie's attributes do at the borders of the site.

The same machine under several names: 127.0.0.1 and localhost are two sites to a browser, and both are trusted like
HTTPS; books.site.test is not. That no script reads a cookie (A1) stands in `test_counters.py`.
"""

from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Response, expect

from cookie_harness import EchoSite, read_jar
from cookie_harness.plugin import VisitorFactory
from library_suite.cookie_names import CHOICE, CSRF, SESSION
from library_suite.fixtures import NewcomerFactory, SharedSite
from library_suite.visitor import Visitor

PLAIN_DOMAIN = "site.test"
PLAIN_HOST = f"books.{PLAIN_DOMAIN}"
"""A name without HTTPS that no browser trusts."""
PLAIN_SITE = f"127.0.0.1,localhost,{PLAIN_HOST}"
MOST_HEADERS = 4096
"""Bytes of a response's headers that nginx passes on, unless it is told otherwise: `proxy_buffer_size`."""


@pytest.mark.promise("A2")
@pytest.mark.parametrize(("same_site", "by_a_link"), [("Lax", 2), ("Strict", 0)])
def test_a_link_from_another_site_sends_a_lax_cookie_and_no_strict_one(
    newcomer: NewcomerFactory, library_with: SharedSite, echo_site: EchoSite, same_site: str, by_a_link: int
) -> None:
    site = library_with(SESSION_COOKIE_SAMESITE=same_site) if same_site != "Lax" else library_with()
    visitor = newcomer(site)
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    about = f"{visitor.address}/about/"
    visitor.page.goto(echo_site.other_url)
    with visitor.page.expect_navigation(url=about):
        visitor.page.evaluate("address => location.assign(address)", about)
    assert visitor.count() == by_a_link
    visitor.page.reload()
    assert visitor.count() == by_a_link, "a reload still comes from the other site"
    visitor.open("/about/")
    assert visitor.count() == 2, "a typed address comes from nowhere else"


@pytest.mark.promise("A3")
def test_another_site_that_embeds_this_one_gets_neither_a_page_nor_a_cookie(
    visitor: Visitor, echo_site: EchoSite
) -> None:
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    home = f"{visitor.address}/"
    with visitor.page.expect_response(home) as embedded:
        visitor.page.goto(f"{echo_site.other_url}/embed?{urlencode({'frame': home})}")
    assert embedded.value.headers["x-frame-options"] == "DENY"
    assert "cookie" not in embedded.value.request.all_headers(), "a lax cookie stays at home"
    assert visitor.visit() == 3


@pytest.mark.promise("A4")
def test_secure_cookies_are_kept_on_localhost_and_refused_on_a_plain_host_name(
    new_visitor: VisitorFactory, library_with: SharedSite
) -> None:
    """A site in production of which somebody has forgotten HTTPS knows nobody again."""
    site = library_with(ALLOWED_HOSTS=PLAIN_SITE)
    context = new_visitor(hosts=(PLAIN_HOST,))
    for host in ("127.0.0.1", "localhost"):
        visitor = Visitor(context, site, host)
        visitor.consent()
        assert [visitor.visit(), visitor.visit()] == [1, 2], host
    plain = Visitor(context, site, PLAIN_HOST)
    plain.open()
    plain.answer_banner("Accept all")
    expect(plain.page.get_by_test_id("choice-lost")).to_be_visible()
    assert [plain.visit(), plain.visit()] == [1, 1]
    assert plain.jar() == {}


@pytest.mark.promise("A5")
def test_names_with_the_host_prefix_work_on_the_machine_itself(visitor: Visitor) -> None:
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    visitor.open("/accounts/sign-in/")
    jar = visitor.jar()
    for name in (CHOICE, SESSION, CSRF):
        assert name.startswith("__Host-")
        assert jar[name].secure
        assert (jar[name].domain, jar[name].path) == (urlsplit(visitor.address).hostname, "/")


@pytest.mark.promise("A6")
def test_a_session_cookie_with_a_path_is_sent_there_and_nowhere_else(
    newcomer: NewcomerFactory, library_with: SharedSite
) -> None:
    visitor = newcomer(library_with(SESSION_COOKIE_PATH="/about/"))
    assert [visitor.visit(), visitor.visit()] == [1, 1], "the home page lies outside: each visit there is the first"
    visitor.open("/about/")
    assert visitor.count() == 1, "the last of those sessions"
    assert "sessionid" not in visitor.jar(), "what a request for the home page could carry"


@pytest.mark.promise("A7")
def test_a_session_cookie_for_another_domain_is_refused_by_the_browser(
    newcomer: NewcomerFactory, library_with: SharedSite
) -> None:
    visitor = newcomer(library_with(SESSION_COOKIE_DOMAIN="library.example"))
    assert [visitor.visit(), visitor.visit()] == [1, 1]
    assert SESSION not in visitor.jar()


@pytest.mark.promise("A8")
def test_cookies_under_each_path_and_domain_are_deleted_within_a_proxys_limits(
    new_visitor: VisitorFactory, library_with: SharedSite
) -> None:
    context = new_visitor(hosts=(PLAIN_HOST,))
    visitor = Visitor(context, library_with(ALLOWED_HOSTS=PLAIN_SITE), PLAIN_HOST)
    context.add_cookies(
        [
            {"name": name, "value": "1", "domain": domain, "path": path}
            for name in ("visits", "last_visit", "theme", "page_size")
            for domain in (PLAIN_HOST, f".{PLAIN_HOST}", f".{PLAIN_DOMAIN}")
            for path in ("/", "/books", "/books/", "/books/1", "/books/1/")
        ]
    )
    pages = 0
    while left := read_jar(context):
        assert bytes_of_headers(visitor.open("/books/1/")) <= MOST_HEADERS
        pages += 1
        assert pages <= 4, left
    assert pages > 1, "there were more than one response can delete"


def bytes_of_headers(response: Response) -> int:
    """As they came; Firefox gives several lines of one name as one value."""
    lines = ((header["name"], line) for header in response.headers_array() for line in header["value"].split("\n"))
    return sum(len(f"{name}: {line}\r\n") for name, line in lines)


@pytest.mark.promise("A9")
def test_a_form_of_another_site_neither_signs_a_reader_out_nor_plants_a_session(
    stranger: Visitor, visitor: Visitor, echo_site: EchoSite
) -> None:
    """The browser leaves this site's cookies behind, and would take a new session's in the place of the reader's."""
    visitor.register()
    before = visitor.jar()
    for anybody in (stranger, visitor):
        anybody.page.goto(echo_site.other_url)
        with anybody.page.expect_navigation(url="**/cookie-check/**"):
            anybody.page.evaluate(
                """address => {
                    document.body.innerHTML = `<form action="${address}/cookie-check/start/" method="post"></form>`;
                    document.forms[0].submit();
                }""",
                anybody.address,
            )
        expect(anybody.page.get_by_test_id("form-refused")).to_be_visible()
    assert stranger.jar() == {}
    assert visitor.jar() == before
    visitor.open()
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.promise("A10")
def test_a_link_from_another_site_signs_nobody_out_under_a_strict_session_cookie(
    newcomer: NewcomerFactory, library_with: SharedSite, echo_site: EchoSite
) -> None:
    """The cookie stays behind, so the page knows nobody; a session for it would take the place of the reader's."""
    visitor = newcomer(library_with(SESSION_COOKIE_SAMESITE="Strict"))
    visitor.register()
    before, counted = visitor.session_id(), visitor.visit()
    home = f"{visitor.address}/"
    visitor.page.goto(echo_site.other_url)
    with visitor.page.expect_navigation(url=home):
        visitor.page.evaluate("address => location.assign(address)", home)
    expect(visitor.page.get_by_role("link", name="Register")).to_be_visible()
    visitor.page.reload()
    assert visitor.session_id() == before
    assert visitor.visit() == counted + 1
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_visible()
    assert visitor.session_id() == before


@pytest.mark.promise("A10")
def test_another_sites_page_erases_nothing_though_the_session_cookie_goes_everywhere(
    newcomer: NewcomerFactory, library_with: SharedSite, echo_site: EchoSite
) -> None:
    """The choice goes with it: a session without one would be that of somebody who has allowed nothing."""
    visitor = newcomer(library_with(SESSION_COOKIE_SAMESITE="None"))
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    embedded = f"{visitor.address}/books/"
    with visitor.page.expect_response(embedded) as answered:
        visitor.page.goto(f"{echo_site.other_url}/embed?{urlencode({'frame': embedded})}")
    cookies = answered.value.request.all_headers().get("cookie", "")
    assert ("sessionid=" in cookies) == ("cookie_choice=" in cookies)
    assert visitor.visit() == 3
