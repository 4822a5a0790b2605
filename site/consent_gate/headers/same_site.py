"""Whether a browser may have kept the session's cookie back from a request, told from what it says of the request.

A request without a session cookie comes from somebody who has none, or from a page of another site, to which a browser
gives none (`SameSite`, RFC 6265bis, section 5.8.3). A session that begins then replaces the one that stayed behind: its
owner is signed out for good. Browsers name the case in headers that no script can set (w3.org/TR/fetch-metadata).
"""

from typing import Literal

SameSite = Literal["Lax", "Strict", "None", False] | None
"""Django's SESSION_COOKIE_SAMESITE. False sends no such attribute, which is `Lax` to some browsers."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that only ask for something (RFC 9110, section 9.2.1)."""

FRAMES = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})
"""Destinations of a navigation that do not fill a window."""


def may_be_withheld(
    same_site: SameSite, *, method: str, fetch_site: str | None, fetch_mode: str | None, fetch_dest: str | None
) -> bool:
    """Whether a browser that has the cookie may have left it out of a request.

    The last three are the headers `Sec-Fetch-Site`, `-Mode` and `-Dest`, None where there is none. A browser that sends
    none of them can't be asked, and is taken to send what it has.
    """
    if fetch_site != "cross-site" or same_site == "None":
        return False
    if same_site == "Strict":
        return True
    is_link = method in SAFE_METHODS and fetch_mode == "navigate" and fetch_dest not in FRAMES
    return not is_link
