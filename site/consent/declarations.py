"""Declarations: what each cookie and each session key is for, in one place for each app.

An app declares what it stores in its own module `cookies.py`, at import; the app `consent` imports those modules when
Django starts, as `django.contrib.admin` does with `admin.py`. Nothing is stored that is not declared here: views set a
cookie through its declaration, so that what is said and what is sent cannot drift apart.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, TypeVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

THIS_SITE = _("this site")
NOBODY = _("nobody")

SameSite = Literal["Lax", "Strict", "None"]


class Purpose(StrEnum):
    """Why something is stored. Only *necessary* needs no consent (ePrivacy Directive 2002/58, article 5(3))."""

    NECESSARY = "necessary"
    PREFERENCES = "preferences"
    STATISTICS = "statistics"
    PERSONALISATION = "personalisation"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What cookies and session keys have in common.

    `name` may hold `*` and `?` as in file names. `lifetime` None means: until the browser is closed, or for a session
    key, as long as its session. `ground` says why something *necessary* needs no consent; other purposes have none.
    """

    name: str
    purpose: Purpose
    reason: "Text"
    lifetime: timedelta | None = None
    ground: "Text" = ""

    def matches(self, name: str) -> bool:
        return fnmatchcase(name, self.name)


@dataclass(frozen=True, kw_only=True)
class CookieDeclaration(Declaration):
    """One cookie, with the attributes it is sent with (RFC 6265bis, section 4.1.2)."""

    set_by: "Text" = THIS_SITE
    shared_with: "Text" = NOBODY
    http_only: bool = True
    secure: bool = field(default_factory=lambda: settings.SECURE_COOKIES)
    same_site: SameSite = "Lax"
    path: str = "/"

    def send(self, response: "HttpResponseBase", value: str) -> None:
        """Set this cookie on a response, exactly as it is declared."""
        response.set_cookie(
            self.name,
            value,
            max_age=self.lifetime,
            path=self.path,
            secure=self.secure,
            httponly=self.http_only,
            samesite=self.same_site,
        )


@dataclass(frozen=True, kw_only=True)
class SessionKeyDeclaration(Declaration):
    """One key of the session. It lives as long as the session, whatever the store."""


AnyDeclaration = TypeVar("AnyDeclaration", bound=Declaration)


class Registry:
    """All declarations of the site."""

    def __init__(self) -> None:
        self._declarations: list[Declaration] = []

    def declare(self, declaration: AnyDeclaration) -> AnyDeclaration:
        """Add a declaration and give it back, so that it can be named where it is declared."""
        self._declarations.append(declaration)
        return declaration

    @property
    def cookies(self) -> tuple[CookieDeclaration, ...]:
        return tuple(each for each in self._declarations if isinstance(each, CookieDeclaration))

    @property
    def session_keys(self) -> tuple[SessionKeyDeclaration, ...]:
        return tuple(each for each in self._declarations if isinstance(each, SessionKeyDeclaration))

    def cookie(self, name: str) -> CookieDeclaration | None:
        """Find the declaration of a cookie by its actual name."""
        return next((each for each in self.cookies if each.matches(name)), None)

    def session_key(self, name: str) -> SessionKeyDeclaration | None:
        """Find the declaration of a session key by its actual name."""
        return next((each for each in self.session_keys if each.matches(name)), None)


registry = Registry()
declare = registry.declare
