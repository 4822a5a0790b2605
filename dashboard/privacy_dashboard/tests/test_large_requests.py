"""What a request's size decides: no page grows with it, and the export and all work do in proportion."""

import csv
import json
import sys
from collections.abc import Callable
from io import StringIO
from types import FrameType
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from consent_gate.api import (
    CHOICE,
    CSRF,
    LONGEST_NAME,
    SESSION,
    CookieDeclaration,
    Declarations,
    Purpose,
    consent_of,
    deletion,
    expire,
    registry,
    sent_cookies,
)
from consent_gate.gate.admission import admit
from consent_gate.gate.expiry import MOST_MISSES
from privacy_dashboard.browser_cookies import MOST_SHOWN, browser_cookies, select
from privacy_dashboard.last_responses import MOST_HIDDEN
from privacy_dashboard.panels import stats_of
from privacy_dashboard.tests.test_privacy_page import names_in

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin"}
KB = 1_024
LARGEST_PAGE = 250_000
"""Bytes: fifty cookies, each with the longest name and value that are shown, of letters that HTML writes as six."""
LARGEST_EXPORT = 100_000
"""Bytes that an export takes beside ten times its request: fifty cookies, each with its declaration."""


PIECES = {
    "many names": "c{:05}=v; ",
    "one name": "visits=1; ",
    "shortest": "a=; ",
    "nameless": "a;",
    "markup": '"{}&"="<&>"; ',
    "long names": "{}" + '"' * 1_000 + "=1; ",
    "long values": "v{}=" + '"' * 1_000 + "; ",
    "not text": "\u00ff\u00fe=\u0080; ",
}
EACH_KIND = pytest.mark.parametrize("kind", PIECES)


def header_of(kind: str, size: int) -> str:
    """A `Cookie` header of about that many bytes."""
    piece = PIECES[kind]
    return "".join(piece.format(number) for number in range(size // len(piece) + 1))


def calls_of(function: Callable[..., Any], action: Callable[[], object]) -> int:
    """How often an action calls a function."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code is function.__code__

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


@EACH_KIND
def test_no_number_of_cookies_makes_the_page_large(client: Client, kind: str) -> None:
    small, large = (
        client.get("/privacy/", headers={"cookie": header_of(kind, size * KB)}).content for size in (64, 128)
    )
    assert len(large) <= LARGEST_PAGE
    assert abs(len(large) - len(small)) <= 2 * KB
    assert len(names_in(large.decode(), "cookie")) <= MOST_SHOWN


def test_what_is_declared_is_shown_before_what_nobody_declared(client: Client) -> None:
    strays = "; ".join(f"a{number:04}=v" for number in range(2_000))
    page = client.get("/privacy/", headers={"cookie": f"{strays}; {CSRF.name}=1; {SESSION.name}=2"}).content.decode()
    shown = names_in(page, "cookie")
    assert {CSRF.name, SESSION.name} <= set(shown)
    assert len(shown) == MOST_SHOWN
    assert "And 1952 more that nobody declared." in page
    assert "Your browser holds 2002 cookies for this site." in page


def test_of_each_declared_name_the_one_that_is_read_is_shown_first() -> None:
    header = "; ".join([f"{CHOICE.name}={number}" for number in range(100)] + [f"{CSRF.name}=1", f"{SESSION.name}=2"])
    selection = select(browser_cookies(header, registry.cookies, {Purpose.NECESSARY}, {}))
    read = {cookie.name: cookie.sent.value for cookie in selection.shown if cookie.is_read}
    assert read == {CHOICE.name: "99", CSRF.name: "1", SESSION.name: "2"}
    assert len(selection.shown) + len(selection.others) == 102


def test_a_long_value_is_cut_until_its_visitor_asks(client: Client) -> None:
    value = "<" * 3_000
    header = f"stray={value}"
    assert "&lt;" * 7 not in client.get("/privacy/", headers={"cookie": header}).content.decode()
    page = client.get("/privacy/?reveal=cookie:stray", headers={"cookie": header}).content.decode()
    assert "&lt;" * 3_000 in page


def test_a_long_name_is_cut_and_said_to_be(client: Client) -> None:
    page = client.get("/privacy/", headers={"cookie": f"{'n' * 5_000}=1"}).content.decode()
    assert names_in(page, "cookie") == ["n" * LONGEST_NAME + "…"]
    assert "Its name is too long for this page" in page


@EACH_KIND
@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_export_is_at_most_ten_times_its_request(client: Client, kind: str, form: str) -> None:
    header = header_of(kind, 128 * KB)
    response = client.post("/privacy/export/", {"format": form}, headers={"cookie": header, **FROM_HERE})
    assert len(response.content) <= LARGEST_EXPORT + 10 * len(header)


@EACH_KIND
def test_an_export_names_every_cookie(client: Client, kind: str) -> None:
    header = header_of(kind, 16 * KB)
    sent = sorted(cookie.name for cookie in sent_cookies(header))
    headers = {"cookie": header, **FROM_HERE}
    document = json.loads(client.post("/privacy/export/", {"format": "json"}, headers=headers).content)
    short = [text.rpartition("=")[0] if kind != "one name" else "visits" for text in document["further_cookies"]]
    assert sorted([each["name"] for each in document["cookies"]] + short) == sent
    table = client.post("/privacy/export/", {"format": "csv"}, headers=headers).content.decode()
    assert len(list(csv.reader(StringIO(table)))) == 1 + len(sent)


def test_a_value_that_is_no_secret_is_exported_however_many_there_are(client: Client) -> None:
    header = "; ".join(f"visits={number}" for number in range(100))
    headers = {"cookie": header, **FROM_HERE}
    document = json.loads(client.post("/privacy/export/", {"format": "json"}, headers=headers).content)
    values = [each["value"] for each in document["cookies"]]
    values += [text.removeprefix("visits=") for text in document["further_cookies"]]
    assert sorted(map(int, values)) == list(range(100))


def test_each_cookie_is_looked_up_once() -> None:
    declared: Declarations[CookieDeclaration] = Declarations()
    header = header_of("many names", 32 * KB)
    number = len(list(sent_cookies(header)))
    assert calls_of(Declarations.find, lambda: browser_cookies(header, declared, (), {})) == number


@pytest.mark.parametrize("kind", ["many names", "shortest", "markup", "long names"])
def test_work_and_headers_of_a_deletion_are_bounded(kind: str) -> None:
    names = list(dict.fromkeys(cookie.name for cookie in sent_cookies(header_of(kind, 128 * KB))))
    response = HttpResponse()
    calls = calls_of(
        deletion,
        lambda: expire(response, names, addresses=["/privacy/cookies/delete/"], host="a.b.library.example"),
    )
    assert calls <= len(names) + 10 * MOST_MISSES
    assert sum(len(morsel.output()) + 2 for morsel in response.cookies.values()) <= 2_900


def test_thousands_of_strays_are_deleted_by_and_by(client: Client) -> None:
    """Neither a name that no answer has room for, nor one that nobody can write, stands in the way."""
    left = ["x" * 5_000, "a b", *(f"stray{number:03}" for number in range(200))]
    for _press in range(20):
        header = "; ".join(f"{name}=1" for name in left)
        response = client.post(
            "/privacy/cookies/delete/", {"purpose": "undeclared"}, headers={"cookie": header, **FROM_HERE}
        )
        gone = {morsel.key for morsel in response.cookies.values()}
        left = [name for name in left if name not in gone]
    assert left == ["x" * 5_000, "a b"]


def test_what_developers_are_told_of_one_request_is_bounded() -> None:
    header = header_of("many names", 128 * KB) + f"visits=1; {'n' * 5_000}=1"
    request = RequestFactory().get("/", headers={"cookie": header})
    admit(request)
    stats = stats_of(consent_of(request), HttpResponse(), 0.0)
    assert stats["hidden"][0] == {"name": "visits", "expires": True}
    assert len(stats["hidden"]) == MOST_HIDDEN
    assert stats["hidden_left_out"] == len(consent_of(request).hidden) - MOST_HIDDEN
    assert all(len(each["name"]) <= LONGEST_NAME + 1 for each in stats["hidden"])


def test_debugging_tools_print_no_cookie_that_came(client: Client) -> None:
    """They write out every variable of a template, in a time that grows with it."""
    response = client.get("/privacy/", headers={"cookie": "stray=value"})
    assert "stray" not in repr(response.context["overview"])
