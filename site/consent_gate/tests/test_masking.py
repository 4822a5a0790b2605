"""No page gives a secret away."""

import pytest

from consent_gate.declarations.declaration import registry
from consent_gate.declarations.masking import masked_line, shortened


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
        ('__Host-sessionid=""; Max-Age=0; Path=/', '__Host-sessionid=""; Max-Age=0; Path=/'),
        ("=", "="),
        ("", ""),
    ],
)
def test_the_value_of_a_secret_is_cut_short_and_nothing_else_is(line: str, shown: str) -> None:
    assert masked_line(line, registry.cookies) == shown
