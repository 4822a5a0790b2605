"""No page gives a secret away."""

import pytest

from consent_gate.cookies import CHOICE, SESSION
from consent_gate.declarations.declaration import registry
from consent_gate.declarations.masking import LONGEST_SHOWN, cut, in_short, is_secret, masked_line, shortened


def test_a_secret_is_shortened_beyond_use() -> None:
    assert shortened("abcdefghijklmnopqrstuvwxyz012345") == "abcdef…"
    assert shortened(None) == shortened("") == ""


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("__Host-sessionid=abcdefghij; Path=/; HttpOnly", "__Host-sessionid=abcdef…; Path=/; HttpOnly"),
        ("__Host-csrftoken=abcdefghij", "__Host-csrftoken=abcdef…"),
        ("stranger=abcdefghij; Path=/", "stranger=abcdef…; Path=/"),
        ("visits=1234567890; Path=/", "visits=1234567890; Path=/"),
        ("visits=12=34567890; Path=/", "visits=12=34567890; Path=/"),
        ('__Host-sessionid=""; Max-Age=0; Path=/', '__Host-sessionid=""; Max-Age=0; Path=/'),
        ("=", "="),
        ("", ""),
    ],
)
def test_the_value_of_a_secret_is_cut_short_and_nothing_else_is(line: str, shown: str) -> None:
    assert masked_line(line, registry.cookies) == shown


def test_a_secret_is_what_is_declared_so_and_what_nobody_declared() -> None:
    assert is_secret(SESSION)
    assert is_secret(None)
    assert not is_secret(CHOICE)


def test_what_a_page_has_room_for_is_not_cut() -> None:
    assert cut("abcd", 4) == "abcd"
    assert cut("abcde", 4) == "abcd…"


def test_a_value_is_shown_in_short_and_a_secret_shorter() -> None:
    assert in_short("x" * LONGEST_SHOWN, secret=False) == "x" * LONGEST_SHOWN
    assert in_short("x" * (LONGEST_SHOWN + 1), secret=False) == f"{'x' * LONGEST_SHOWN}…"
    assert in_short("abcdefghij", secret=True) == "abcdef…"
