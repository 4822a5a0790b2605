"""The cookie jar, read the same way from either engine."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import BrowserContext, Response

CHROMIUM_AND_FIREFOX_LIFETIME_CAP = timedelta(days=400)
"""No cookie lives longer than this in either engine, whatever the server asked for."""

# Seconds: Firefox's remote agent lists an end in whole ones, rounded (`#serializeCookie` in storage.sys.mjs), so one
# that has just passed may stand in the future. Deletions are such ends: of several in one response, Firefox keeps some
# as cookies that expire at once.
_FIREFOX_ROUNDS_UP = 0.5


@dataclass(frozen=True)
class JarCookie:
    """One cookie as the browser keeps it."""

    name: str
    value: str
    domain: str
    path: str
    expires: float | None
    """Seconds since the epoch; None for a cookie that lives until the browser closes."""
    http_only: bool
    secure: bool
    same_site: str | None
    """As the engine words it; compare with `same_site_matches`."""
    partition: str | None = None
    """The site in the address bar that it is tied to (CHIPS); None for any other, and where an engine does not say."""

    def lives_for(self, now: float) -> float | None:
        """Seconds that it has left; None for one that lives until the browser closes."""
        return None if self.expires is None else self.expires - now

    @property
    def attributes(self) -> list[str]:
        """What the browser keeps of a cookie beside its place and its end, as it is written in `Set-Cookie`."""
        return attributes_in_words(http_only=self.http_only, secure=self.secure, same_site=self.same_site)


def read_jar(context: BrowserContext, url: str | None = None) -> tuple[JarCookie, ...]:
    """Every live cookie in the jar, or only those that a request to `url` could carry.

    Firefox goes on listing a cookie over BiDi when it has expired and is sent no more: such a one is left out here, and
    so is one whose end is less than half a second ahead, as Firefox rounds ends.
    """
    listed = [
        JarCookie(
            name=cookie["name"],
            value=cookie["value"],
            domain=cookie["domain"],
            path=cookie["path"],
            expires=None if cookie.get("expires", -1) < 0 else cookie["expires"],
            http_only=cookie["httpOnly"],
            secure=cookie["secure"],
            same_site=cookie.get("sameSite"),
            partition=cookie.get("partitionKey"),
        )
        for cookie in context.cookies(url or [])
    ]
    over = time.time() + _FIREFOX_ROUNDS_UP
    return tuple(cookie for cookie in listed if cookie.expires is None or cookie.expires > over)


def by_name(cookies: Iterable[JarCookie]) -> dict[str, JarCookie]:
    """The cookies by name; raises `ValueError` if two share one (by another path or domain)."""
    result: dict[str, JarCookie] = {}
    for cookie in cookies:
        if cookie.name in result:
            raise ValueError(f"Two cookies are called {cookie.name}: {result[cookie.name]} and {cookie}.")
        result[cookie.name] = cookie
    return result


def attributes_in_words(*, http_only: bool, secure: bool, same_site: str | None) -> list[str]:
    """Attributes as they are written in `Set-Cookie`, those that are there."""
    words = {"HttpOnly": http_only, "Secure": secure, f"SameSite={same_site}": same_site}
    return [word for word, holds in words.items() if holds]


def domain_matches(domain: str, host: str) -> bool:
    """Whether a host gets the cookies of a domain: its own, or one above it (RFC 6265, section 5.1.3)."""
    domain = domain.lstrip(".").lower()
    return host == domain or host.endswith(f".{domain}")


def same_site_matches(declared: str | None, actual: str | None) -> bool:
    """Whether the jar's word for SameSite is what the server declared (None: it declared nothing).

    A cookie without the attribute reads "Lax" in Chromium, and in a Firefox driven over BiDi; another driver may say
    "None" or nothing, so only "Strict" contradicts a missing declaration.
    """
    if declared is None:
        return (actual or "").lower() != "strict"
    return (actual or "").lower() == declared.lower()


def set_cookie_lines(response: Response) -> list[str]:
    """Every `Set-Cookie` line of a response, one an entry.

    `header_values` gives a list in Chromium and one joined string in Firefox; `all_headers` joins in both.
    """
    return [line for line in response.all_headers().get("set-cookie", "").split("\n") if line]
