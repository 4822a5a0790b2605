"""Made-up observations, for the tests of what follows from them."""

from typing import Any

from cookie_audit.declared import Declared, DeclaredCookie
from cookie_audit.observation import ConsentState, KeptCookie, Observation, SetCookieLine
from cookie_harness import JarCookie
from cookie_harness.set_cookie import parse_set_cookie

HOST = "site.example"
HOME = f"https://{HOST}/"
NOW = 1_800_000_000.0
AN_HOUR = 3600

DECLARED = Declared(
    (
        DeclaredCookie("choice", "necessary", AN_HOUR, http_only=True, secure=True, same_site="Lax", path="/"),
        DeclaredCookie("visits_*", "statistics", None, http_only=True, secure=True, same_site="Lax", path="/"),
    ),
    {},
)


def kept(name: str, **changes: Any) -> KeptCookie:
    """A cookie in the jar, as the declarations above have it but for the changes."""
    attributes = {
        "value": "1",
        "domain": HOST,
        "path": "/",
        "expires": None,
        "http_only": True,
        "secure": True,
        "same_site": "Lax",
    }
    return KeptCookie(JarCookie(name=name, **{**attributes, **changes}), HOME)


def set_cookie_line(line: str) -> SetCookieLine:
    """A line that a page below the home page sent."""
    sent = parse_set_cookie(line)
    return SetCookieLine(sent, f"{HOME}page", HOME, deletes=sent.deletes(NOW))


def seen(
    state: ConsentState = ConsentState.UNDECIDED, *jar: KeptCookie, lines: tuple[SetCookieLine, ...] = ()
) -> Observation:
    """A crawl that saw these cookies and nothing else."""
    return Observation(state, (), jar, lines, (), (), NOW)
