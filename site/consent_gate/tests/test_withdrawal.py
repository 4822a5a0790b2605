"""A browser is made to forget a cookie wherever it may lie, and nothing of a request gets into the response."""

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.declarations.declaration import CookieDeclaration
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.expiry import (
    HEADER_ROOM,
    MOST_DOMAINS,
    MOST_MISSES,
    deletion,
    domains_above,
    expire,
    is_address,
    paths_above,
)
from consent_gate.tests.made_up import COUNTER


def lines(*cookies: CookieDeclaration | str, path: str = "/", host: str = "localhost") -> list[str]:
    response = HttpResponse()
    expire(response, cookies, addresses=[path], host=host)
    return [morsel.OutputString() for morsel in response.cookies.values()]


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/", {"/"}),
        ("", {"/"}),
        ("/books", {"/", "/books", "/books/"}),
        ("/X", {"/", "/X", "/X/"}),
        ("/books/1/", {"/", "/books", "/books/", "/books/1", "/books/1/"}),
        ("//books//", {"/", "/books", "/books/"}),
        ("/a;b/c", {"/"}),
        ("/a\r\nb", {"/"}),
        ("/é", {"/"}),
    ],
)
def test_a_request_carries_the_cookies_of_every_path_above_its_own(path: str, above: set[str]) -> None:
    assert paths_above(path) == above


@pytest.mark.parametrize(
    ("host", "above"),
    [
        ("localhost:8000", [None]),
        ("127.0.0.1:8000", [None]),
        ("[::1]:8000", [None]),
        ("[::1]", [None]),
        ("library.example", [None, "library.example"]),
        ("WWW.Library.example:443", [None, "www.library.example", "library.example"]),
        ("library.example; Domain=evil.example", [None]),
        ("library.example:1:2", [None]),
        ("..", [None]),
        ("", [None]),
    ],
)
def test_a_host_can_have_cookies_of_each_domain_above_it(host: str, above: list[str | None]) -> None:
    assert domains_above(host) == above


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("X127.0.0.1", False),
        ("127.0.0.1:80", False),
        ("library.example", False),
        ("", False),
    ],
)
def test_an_address_is_told_from_a_name_whether_or_not_it_stands_in_brackets(host: str, *, is_one: bool) -> None:
    assert is_address(host) is is_one


def test_a_forged_host_does_not_make_the_response_grow_without_bounds() -> None:
    assert len(domains_above("a." * 4_000 + "example")) == MOST_DOMAINS + 1


def test_a_cookie_is_deleted_at_its_own_path_and_at_all_above_the_page() -> None:
    declared = CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r", path="/shop/", secure=False)
    paths = {line.split("Path=")[1].split(";")[0] for line in lines(declared, path="/books/")}
    assert paths == {"/", "/books", "/books/", "/shop/"}


def test_a_cookie_is_deleted_for_the_host_and_for_each_domain_above_it() -> None:
    assert lines(COUNTER, host="www.library.example") == [
        'counter=""; Max-Age=0; Path=/',
        'counter=""; Domain=www.library.example; Max-Age=0; Path=/',
        'counter=""; Domain=library.example; Max-Age=0; Path=/',
    ]


def test_the_declared_domain_is_among_those_deleted_even_if_the_host_is_not_below_it() -> None:
    declared = CookieDeclaration(
        name="x", purpose=Purpose.STATISTICS, reason="r", domain=".library.example", secure=False
    )
    found = lines(declared, path="/books", host="localhost")
    for path in ("/", "/books", "/books/"):
        assert f'x=""; Domain=library.example; Max-Age=0; Path={path}' in found


def test_the_declared_path_is_looked_at_for_each_domain_above_the_host() -> None:
    declared = CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r", path="/shop/", secure=False)
    found = lines(declared, host="www.library.example")
    for domain in ("", " Domain=www.library.example;", " Domain=library.example;"):
        assert f'x="";{domain} Max-Age=0; Path=/shop/' in found


def test_a_domain_is_the_same_however_it_is_written() -> None:
    declared = CookieDeclaration(
        name="x", purpose=Purpose.STATISTICS, reason="r", domain=".Xylophones.example", secure=False
    )
    assert lines(declared, host="xylophones.example") == [
        'x=""; Domain=xylophones.example; Max-Age=0; Path=/',
        'x=""; Max-Age=0; Path=/',
    ]


def test_what_a_response_sets_already_takes_room_too() -> None:
    response = HttpResponse()
    response.set_cookie("tour", "x" * (HEADER_ROOM - 500))
    expire(response, [f"colour_{number}" for number in range(100)], addresses=["/books/"], host="localhost")
    assert len(response.cookies) > 1
    assert sum(len(each.output()) + 2 for each in response.cookies.values()) <= HEADER_ROOM


def test_a_member_of_a_family_is_deleted_by_its_own_name() -> None:
    assert lines("colour_page")[0].startswith('colour_page="";')


@pytest.mark.parametrize("name", ["__Host-x", "__host-x"])
def test_a_cookie_of_one_place_alone_is_deleted_there_alone(name: str) -> None:
    assert lines(name, path="/books/", host="www.library.example") == [f'{name}=""; Max-Age=0; Path=/; Secure']


def test_a_cookie_that_has_a_prefix_for_its_end_may_lie_anywhere() -> None:
    assert len(lines("x__Host-", path="/books/", host="www.library.example")) == 9


def test_what_a_response_has_no_room_for_is_deleted_by_the_next_ones() -> None:
    host, page = "books.library.example.org", "/books/1/"
    kept = {
        (name, path, domain)
        for name in ("counter", "colour_page", "colour_text", "colour_link")
        for path in paths_above(page)
        for domain in domains_above(host)
    }
    responses = 0
    while kept:
        response = HttpResponse()
        names = sorted({name for name, _path, _domain in kept})
        expire(response, [COUNTER if name == "counter" else name for name in names], addresses=[page], host=host)
        morsels = response.cookies.values()
        kept -= {(each.key, each["path"], each["domain"] or None) for each in morsels}
        assert sum(len(each.output()) + 2 for each in morsels) < HEADER_ROOM
        responses += 1
    assert 1 < responses <= 4


def test_each_cookie_is_deleted_at_its_declared_place_before_any_other_place() -> None:
    response = HttpResponse(headers={"X-Filler": "x" * (HEADER_ROOM - 270)})
    expire(response, [COUNTER, "colour_page", "colour_text"], addresses=["/books/"], host="localhost")
    assert [morsel.OutputString() for morsel in response.cookies.values()] == [
        'counter=""; Max-Age=0; Path=/',
        'colour_page=""; Max-Age=0; Path=/',
        'colour_text=""; Max-Age=0; Path=/',
        'counter=""; Max-Age=0; Path=/books',
    ]


@pytest.mark.parametrize(("too_long", "found"), [(MOST_MISSES - 1, True), (MOST_MISSES, False)])
def test_a_request_with_thousands_of_names_is_given_up_in_time(too_long: int, *, found: bool) -> None:
    response = HttpResponse(headers={"X-Filler": ""})
    response.headers["X-Filler"] = "x" * (HEADER_ROOM - 60 - len(response.serialize_headers()))
    names = [f"colour_{number:040}" for number in range(too_long)]
    expire(response, [*names, "colour_x"], addresses=[], host="localhost")
    assert ("colour_x" in {morsel.key for morsel in response.cookies.values()}) is found


@pytest.mark.parametrize("name", ["colour_é", "colour_ x", "colour_\x00", ""])
def test_a_name_that_can_not_be_sent_is_left_alone(name: str) -> None:
    assert lines(name) == []


@pytest.mark.parametrize("name", ["__Secure-x", "__Host-x", "__host-x"])
def test_a_prefixed_cookie_is_deleted_with_the_flag_that_browsers_ask_of_its_name(name: str) -> None:
    assert deletion(name, "/", None)["secure"]


@given(st.text(), st.text())
def test_whatever_path_and_host_come_the_lines_are_plain(path: str, host: str) -> None:
    for line in lines(COUNTER, path=path, host=host):
        assert line.isascii()
        assert line.isprintable()
        assert line.count(";") <= 4
