"""The gate reads a cookie as a browser will: RFC 6265bis, section 5.6."""

from datetime import UTC, datetime
from email.utils import format_datetime
from http.cookies import Morsel, SimpleCookie

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.headers.set_cookie import OutgoingCookie, cookie_date, from_header, from_morsel

NOW = 1_795_000_000.0  # 18 November 2026
DAY = 86_400


def morsel(**attributes: object) -> "Morsel[str]":
    jar = SimpleCookie({"x": "1"})
    for name, value in attributes.items():
        jar["x"][name.replace("_", "-")] = value
    return jar["x"]


def test_a_bare_pair_has_no_attributes_and_ends_with_the_browser() -> None:
    assert from_header("x=1", NOW) == OutgoingCookie("x", "1", None, False, False, "", "", "")


def test_attributes_are_read_whatever_their_case_and_the_space_around_them() -> None:
    cookie = from_header("x=1 ;  SECURE;httponly ; pAtH = /books ;\tSameSite=lax; DOMAIN=library.example", NOW)
    assert cookie == OutgoingCookie("x", "1", None, True, True, "lax", "/books", "library.example")


def test_a_flag_counts_whatever_value_it_has() -> None:
    cookie = from_header("x=1; Secure=false; HttpOnly=0", NOW)
    assert cookie.secure
    assert cookie.http_only


def test_a_comma_does_not_begin_another_cookie() -> None:
    assert from_header("a=1, b=2", NOW)[:2] == ("a", "1, b=2")


def test_only_the_first_equals_sign_ends_the_name() -> None:
    assert from_header("a=b=c", NOW)[:2] == ("a", "b=c")


@pytest.mark.parametrize("line", ["visits", "visits; Path=/", "=visits", " = visits"])
def test_a_line_without_a_name_is_a_value_without_a_name(line: str) -> None:
    assert from_header(line, NOW)[:2] == ("", "visits")


def test_an_empty_line_is_a_cookie_without_name_and_value() -> None:
    assert from_header("", NOW)[:3] == ("", "", None)


@pytest.mark.parametrize("space", ["\xa0", "\x0b", "\x0c", "\x1c", "\x85", "\u2003"])
def test_what_only_python_takes_for_white_space_belongs_to_the_name(space: str) -> None:
    assert from_header(f"visits{space}=1", NOW).name == f"visits{space}"


@pytest.mark.parametrize(
    ("attributes", "lifetime"),
    [
        ("", None),
        ("Max-Age=60", 60),
        ("Max-Age=0", 0),
        ("Max-Age=-1", -1),
        ("max-age= 60 ", 60),
        ("Max-Age=" + "9" * 400, float("inf")),
        ("Max-Age=-" + "9" * 400, float("-inf")),
        # What can't be read is as good as not there …
        ("Max-Age=", None),
        ("Max-Age", None),
        ("Max-Age=soon", None),
        ("Max-Age=6e1", None),
        ("Max-Age=+60", None),
        ("Max-Age=60.0", None),
        ("Max-Age=--60", None),
        ("Max-Age=٦٠", None),
        ("Max-Age=" + "0" * 1_025, None),
        ("Max-Age=" + "0" * 1_025 + "; Max-Age=60", 60),
        ("Max-Age=" + "0" * 1_022 + "60", 60),
        ("Expires=soon", None),
        ("Expires=", None),
        # … and undoes nothing that stands before it.
        ("Max-Age=60; Max-Age=soon", 60),
        ("Max-Age=60; Max-Age=", 60),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=soon", -NOW),
        # Of several, the last one counts.
        ("Max-Age=0; Max-Age=60", 60),
        ("Max-Age=60; Max-Age=0", 0),
        # Max-Age outranks Expires, in either order.
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 60),
        ("Expires=Fri, 01 Jan 2100 00:00:00 GMT; Max-Age=0", 0),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=soon", -NOW),
    ],
)
def test_a_lifetime_is_read_as_browsers_read_it(attributes: str, lifetime: float | None) -> None:
    assert from_header(f"x=1; {attributes}", NOW).lifetime == lifetime


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("Wed, 09 Jun 2027 10:18:14 GMT", "2027-06-09T10:18:14"),
        ("Wednesday, 09-Jun-27 10:18:14 GMT", "2027-06-09T10:18:14"),
        ("Wed Jun  9 10:18:14 2027", "2027-06-09T10:18:14"),
        ("10:18:14 9 june 2027 and more", "2027-06-09T10:18:14"),
        ("09 Jun 2027 10:18:14 -0700", "2027-06-09T10:18:14"),
        # Of several times and months, the first one counts.
        ("09 Jun 2027 10:18:14 11:00:00", "2027-06-09T10:18:14"),
        ("09 Jun Jul 2027 10:18:14", "2027-06-09T10:18:14"),
        ("01 Jan 69 00:00:00", "2069-01-01T00:00:00"),
        ("01 Jan 70 00:00:00", "1970-01-01T00:00:00"),
        ("01 Jan 1601 00:00:00", "1601-01-01T00:00:00"),
        ("01 Jan 1600 00:00:00", None),
        ("30 Feb 2027 00:00:00", None),
        ("01 Jan 2027 24:00:00", None),
        ("01 Jan 2027 00:00", None),
        ("01 Foo 2027 00:00:00", None),
        ("Jan 2027 00:00:00", None),
        ("01 Jan 12345 00:00:00", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_browsers_read_it(text: str, same_as: str | None) -> None:
    expected = None if same_as is None else datetime.fromisoformat(same_as).replace(tzinfo=UTC).timestamp()
    assert cookie_date(text) == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_is_known(month: int) -> None:
    moment = datetime(2027, month, 2, 10, 18, 14, tzinfo=UTC)
    assert cookie_date(format_datetime(moment, usegmt=True)) == moment.timestamp()


@pytest.mark.parametrize(("max_age", "deletes"), [("", False), ("-1", True), ("0", True), ("1", False), ("60", False)])
def test_a_life_of_no_second_or_less_is_a_deletion(max_age: str, *, deletes: bool) -> None:
    assert from_header(f"x=; Max-Age={max_age}", NOW).is_deletion is deletes


def test_a_date_that_only_e_mail_takes_for_past_is_no_deletion() -> None:
    assert not from_header("x=1; Expires=Tue, 01 Jan 69 00:00:00 GMT", NOW).is_deletion
    assert not from_header("x=1; Expires=Mon, 01 Jan 1500 00:00:00 GMT", NOW).is_deletion


def test_a_morsel_is_read_as_the_line_it_becomes() -> None:
    sent = morsel(max_age=60, path="/", httponly=True, secure=True, samesite="Lax", domain="library.example")
    assert from_morsel(sent, NOW) == OutgoingCookie("x", "1", 60, True, True, "Lax", "/", "library.example")


def test_a_morsels_name_is_its_own_and_not_its_key_in_the_response() -> None:
    jar: SimpleCookie = SimpleCookie({"visits": "1"})
    jar["another"] = jar["visits"]
    assert from_morsel(jar["another"], NOW).name == "visits"


def test_a_morsels_expiry_in_seconds_from_now_is_a_lifetime() -> None:
    lifetime = from_morsel(morsel(expires=10_000 * DAY), NOW).lifetime
    assert lifetime is not None
    assert lifetime > 9_000 * DAY


def test_an_attribute_smuggled_into_another_ones_text_is_seen() -> None:
    assert from_morsel(morsel(max_age=0, path="/; Max-Age=60"), NOW).lifetime == 60
    assert from_morsel(morsel(max_age=" 60"), NOW).lifetime == 60


def test_an_attribute_smuggled_into_the_value_is_seen() -> None:
    sent = morsel(max_age=60)
    sent.set("x", "1", "1; Secure")
    assert from_morsel(sent, NOW)[:5] == ("x", "1", 60, False, True)


@given(st.text())
def test_any_line_is_read_without_an_error(line: str) -> None:
    cookie = from_header(line, NOW)
    assert cookie.lifetime is None or isinstance(cookie.lifetime, float)


@given(st.text(alphabet="0123456789: -,janfeb/\t;GMT", max_size=40))
def test_any_date_is_read_without_an_error(text: str) -> None:
    cookie_date(text)
