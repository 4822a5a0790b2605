"""Every page as a person meets it: reachable, readable, from this host alone."""

import re
from contextlib import closing
from email.message import Message
from functools import partial

import pytest
from playwright.sync_api import ConsoleMessage, Request, expect

from cookie_harness import EchoSite
from library_suite.accessibility import faint_texts, violations
from library_suite.addresses import PAGES
from library_suite.fixtures import NewcomerFactory
from library_suite.site import Site
from library_suite.visitor import Visitor
from library_suite.wire import connection_to

LOADS = """(address) => new Promise((resolve) => {
  const image = new Image();
  image.onload = () => resolve(true);
  image.onerror = () => resolve(false);
  image.src = address;
})"""
EVERY_PAGE = (*PAGES, "/books/?q=no+such+book", "/cookie-check/result/?asked=1", "/there-is-no-such-page/")


def answer_of(site: Site, path: str) -> tuple[Message, str]:
    """Headers and text of the answer to a request without a browser, of whatever status."""
    with closing(connection_to(site.url)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.headers, answer.read().decode()


@pytest.mark.promise("U2")
def test_no_page_has_an_accessibility_fault(stranger: Visitor) -> None:
    """With the banner on each of them."""
    found = {}
    for path in EVERY_PAGE:
        stranger.open(path)
        found[path] = violations(stranger.page)
    assert found == {path: [] for path in EVERY_PAGE}


@pytest.mark.promise("U2")
def test_what_only_some_visitors_see_has_no_accessibility_fault(stranger: Visitor, blocker: Visitor) -> None:
    """The confirmations, what the site suggests, and the refusal to remember."""
    found = {}
    stranger.open("/preferences/")
    stranger.page.get_by_role("button", name="Set the colours").click()
    stranger.page.get_by_test_id("not-remembered").wait_for()
    found["a preference that is not kept"] = violations(stranger.page)
    stranger.open("/books/1/")
    stranger.answer_banner("Accept all")
    found["accepted"] = violations(stranger.page)
    stranger.open("/books/2/")
    stranger.open()
    assert stranger.page.get_by_test_id("recently-viewed").count() == 1
    found["home with suggestions"] = violations(stranger.page)
    stranger.open("/cookies/")
    found["cookies, answered"] = violations(stranger.page)
    blocker.open()
    blocker.answer_banner("Refuse all")
    found["an answer that is lost"] = violations(blocker.page)
    assert found == {state: [] for state in found}


@pytest.mark.promise("U2", "U4")
def test_every_page_has_contrast_in_the_dark_and_fits_windows_of_each_width(
    newcomer: NewcomerFactory,
) -> None:
    visitor = newcomer(dark=True)
    found = {}
    for path in EVERY_PAGE:
        visitor.open(path)
        assert visitor.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        found[path] = faint_texts(visitor.page)
        for width in (320, 768, 1600):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            assert visitor.page.evaluate("innerWidth") == width
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == {path: [] for path in EVERY_PAGE}


@pytest.mark.promise("H6", "C20")
def test_no_page_asks_another_host_or_breaks_its_own_policy(visitor: Visitor) -> None:
    asked: list[str] = []
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        asked.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if "Content-Security-Policy" in message.text or "Content Security Policy" in message.text:
            complaints.append(message.text)

    visitor.page.on("request", note_request)
    visitor.page.on("console", note_message)
    visitor.page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in EVERY_PAGE:
        policy = visitor.open(path).all_headers()["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
    assert len(asked) >= len(EVERY_PAGE)
    assert all(url.startswith(visitor.site.url) for url in asked), asked
    assert complaints == []
    stores = visitor.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert stores == [0, 0, 0], "and nothing is stored in the browser but cookies"


@pytest.mark.promise("U5")
def test_the_first_tab_stop_leads_past_the_navigation(visitor: Visitor) -> None:
    visitor.open()
    visitor.page.keyboard.press("Tab")
    skip = visitor.page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("element => element === document.activeElement")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#main")).to_be_focused()


@pytest.mark.promise("A11")
def test_no_other_site_can_embed_an_image_of_this_one(stranger: Visitor, echo_site: EchoSite) -> None:
    stranger.open()
    icon = stranger.page.locator("link[rel=icon]").evaluate("link => link.href")
    assert stranger.page.evaluate(LOADS, icon) is True
    stranger.page.goto(echo_site.url)
    assert stranger.page.evaluate(LOADS, icon) is False


@pytest.mark.promise("A11")
def test_no_page_may_use_what_the_browser_offers_beyond_reading(stranger: Visitor) -> None:
    """Chromium alone heeds the header so far."""
    complaints: list[str] = []
    stranger.page.on("console", lambda message: complaints.append(message.text))
    denied = set(stranger.open("/").all_headers()["permissions-policy"].replace("=()", "").split(", "))
    assert {"camera", "geolocation", "microphone", "payment", "usb"} <= denied
    allowed = stranger.page.evaluate("document.featurePolicy?.allowedFeatures() ?? []")
    assert denied & set(allowed) == set()
    assert [text for text in complaints if "Permissions-Policy" in text] == []


@pytest.mark.promise("A11")
def test_every_page_says_the_same_of_what_a_browser_may_offer_it(library: Site) -> None:
    said = {headers["Permissions-Policy"] for headers, _text in map(partial(answer_of, library), EVERY_PAGE)}
    assert len(said) == 1
    assert said != {None}


@pytest.mark.promise("U10")
def test_pages_come_compressed_but_for_those_of_a_session(newcomer: NewcomerFactory) -> None:
    visitor = newcomer(consents=False)
    visitor.refuse()
    for path in ("/", "/books/?q=tolstoy", "/there-is-no-such-page/"):
        assert visitor.open(path).all_headers().get("content-encoding") == "gzip", path
        assert visitor.page.get_by_role("heading", level=1).inner_text(), "and the browser can read it"
    visitor.register()
    for path in ("/", "/books/?q=tolstoy", "/privacy/"):
        assert "content-encoding" not in visitor.open(path).all_headers(), path


@pytest.mark.promise("U11")
def test_each_page_says_in_one_sentence_what_it_is(library: Site) -> None:
    said = {}
    for path in PAGES:
        _headers, page = answer_of(library, path)
        [sentence] = re.findall(r'<meta name="description" content="([^"]*)">', page)
        said[path.partition("?")[0]] = sentence
    assert all(sentence.endswith(".") and 30 < len(sentence) < 250 for sentence in said.values()), said
    assert len(set(said.values())) == len(said), "no two pages say the same"
