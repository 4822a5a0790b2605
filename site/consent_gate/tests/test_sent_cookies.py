"""The `Cookie` header taken apart: nothing is left out, nothing breaks, and the site is given what it declared."""

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, parse_cookie
from django.test import AsyncRequestFactory, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.cookies import SESSION
from consent_gate.gate.admission import admit
from consent_gate.gate.consent import consent_of
from consent_gate.headers.sent_cookies import given_to_the_site, is_plain, sent_cookies

LOOKALIKES = ["\u2000{}", "{}\u00a0", "\u3000{}\u2028", "\u0085{}", "\x0b{}", "{}\x1f"]
"""White space of Unicode and of Python that browsers take for a part of the name."""


def requests_with(header: bytes) -> list[HttpRequest]:
    """One header as a WSGI server hands it on, and as an ASGI server does."""
    asgi = AsyncRequestFactory().get("/")
    asgi_scope = {**asgi.scope, "headers": [(b"cookie", header)]}
    wsgi = RequestFactory().get("/", headers={"cookie": header.decode("latin-1")})
    return [wsgi, ASGIRequest(asgi_scope, asgi._stream)]


@pytest.mark.parametrize("lookalike", LOOKALIKES)
def test_a_name_within_white_space_is_never_given_to_the_site(lookalike: str) -> None:
    name = lookalike.format(SESSION.name)
    for request in requests_with(f"{name}=planted".encode()):
        admit(request)
        assert request.COOKIES == {}
        assert [each.strip() for each in consent_of(request).hidden] == [SESSION.name]


@pytest.mark.parametrize("lookalike", LOOKALIKES)
def test_a_name_within_white_space_is_kept_back_and_named(lookalike: str) -> None:
    name = lookalike.format("visits")
    assert given_to_the_site(f"a=1; {name}=planted".encode().decode("latin-1")) == ({"a": "1"}, (name,))


@pytest.mark.parametrize("header", ["grüße=1", "a=\x85b", "a=\tb", "a=\x7f"])
def test_a_header_with_anything_but_printable_ascii_is_not_plain(header: str) -> None:
    assert not is_plain(header)


def test_a_lookalike_does_not_take_the_place_of_the_declared_one() -> None:
    for request in requests_with(f"{SESSION.name}=own; \u2000{SESSION.name}=planted".encode()):
        admit(request)
        assert {SESSION.name: "own"} == request.COOKIES


def test_one_byte_of_white_space_is_kept_from_an_asynchronous_site() -> None:
    """Django reads the bytes of an ASGI request as Latin-1, in which A0 is white space."""
    for request in requests_with(b"\xa0" + SESSION.name.encode() + b"=planted"):
        admit(request)
        assert request.COOKIES == {}


def test_spaces_and_tabs_around_a_name_are_none_of_it() -> None:
    for request in requests_with(f"visits=\u2603;\t {SESSION.name}\t=\t own \t".encode()):
        admit(request)
        assert {SESSION.name: "own"} == request.COOKIES


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_a_plain_header_is_read_as_django_reads_it(header: str) -> None:
    assert is_plain(header)
    assert given_to_the_site(header) == (parse_cookie(header), ())


@pytest.mark.parametrize(
    ("header", "value"),
    [('a="x y"', "x y"), (r'a="\342\230\203"', "\u00e2\u0098\u0083"), ('a="', '"'), ("a=1; a=2", "2"), ("a=", "")],
)
def test_quoted_values_are_opened_as_django_opens_them(header: str, value: str) -> None:
    assert parse_cookie(header) == given_to_the_site(header)[0] == {"a": value}


def test_white_space_of_a_value_stays_in_it() -> None:
    assert given_to_the_site("a=\u2000b\u2000".encode().decode("latin-1"))[0] == {"a": "\u2000b\u2000"}


@pytest.mark.parametrize(
    ("header", "name", "value"),
    [
        ("a=b=c", "a", "b=c"),
        ("no equals sign", "", "no equals sign"),
        ('quoted="x y"', "quoted", '"x y"'),
        ("=only a value", "", "only a value"),
        (" \ta=1 ", "a", "1"),
        ("gr\u00c3\u00bc\u00c3\u009fe=\u00e2\u0098\u0095", "grüße", "☕"),  # UTF-8 in the guise of Latin-1
    ],
)
def test_odd_pairs_are_read_as_browsers_write_them(header: str, name: str, value: str) -> None:
    [cookie] = sent_cookies(header)
    assert (cookie.name, cookie.value, cookie.is_text) == (name, value, True)


@pytest.mark.parametrize("value", ["\u00ff\u00fe", "a\u0000b", "\u00c3"])
def test_what_is_no_text_is_listed_as_such(value: str) -> None:
    [cookie] = sent_cookies(f"odd={value}")
    assert not cookie.is_text
    assert cookie.size == 3 + len(value), "in bytes"


def test_nothing_between_two_semicolons_is_no_cookie() -> None:
    assert [cookie.name for cookie in sent_cookies("a=1; \t;;b=2;")] == ["a", "b"]


def test_a_character_that_no_byte_stands_for_breaks_nothing() -> None:
    [cookie] = sent_cookies("a=☕")
    assert (cookie.name, cookie.value) == ("a", "?")


def test_what_no_browser_keeps_is_listed_as_such() -> None:
    small, large = sent_cookies(f"a={'x' * 4095}; b={'x' * 4096}")
    assert (small.is_oversized, large.is_oversized) == (False, True)


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_at_all_is_taken_apart(header: str) -> None:
    sent = list(sent_cookies(header))
    assert len(sent) == len([part for part in header.split(";") if part.strip(" \t")])
    assert all(cookie.size >= 0 for cookie in sent)
