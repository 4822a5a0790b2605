"""What the suite expects of a jar where the site has got cookies that the suite doesn't know."""

import pytest

from cookie_audit.declared import Declared, DeclaredCookie
from library_suite.cookie_names import CHOICE, without_newcomers

pytestmark = pytest.mark.promise("H6")

DECLARED = Declared(
    tuple(
        DeclaredCookie(name, purpose, None, http_only=True, secure=True, same_site="Lax", path="/")
        for name, purpose in ((CHOICE, "necessary"), ("visits", "statistics"), ("last_page", "statistics"))
    ),
    {},
)


@pytest.mark.parametrize(
    ("allowed", "left"),
    [
        ({"necessary", "statistics"}, {CHOICE, "visits", "stray"}),
        ({"necessary"}, {CHOICE, "visits", "last_page", "stray"}),
        (set(), {CHOICE, "visits", "last_page", "stray"}),
    ],
)
def test_a_new_cookie_is_passed_over_only_if_it_is_declared_and_allowed(allowed: set[str], left: set[str]) -> None:
    assert without_newcomers([CHOICE, "visits", "last_page", "stray"], DECLARED, allowed) == left
