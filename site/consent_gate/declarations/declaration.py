"""Declarations: what each cookie and each session key is for, in one place for each app.

An app declares what it stores in its own module `cookies.py`, at import; `consent_gate` imports those modules when
Django starts, as `django.contrib.admin` does with `admin.py`. Nothing is stored that is not declared here: views set a
cookie through its declaration, and the gate stops whatever leaves without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar, Generic, Literal, TypeVar, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent_gate.conf import configuration
from consent_gate.declarations.purposes import Purpose

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from consent_gate.declarations.purposes import Text

THIS_SITE = _("this site")
NOBODY = _("nobody")

SameSite = Literal["Lax", "Strict", "None", ""]
"""With "" the cookie is sent without the attribute; what browsers take that for differs."""


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Declaration:
    """What cookies and session keys have in common. Two of them are equal if they are one and the same.

    `name` may hold `*` and `?` as in file names. `lifetime` None means: until the browser is closed, or for a session
    key, as long as its session. `ground` says why something *necessary* needs no consent; other purposes have none.
    """

    kind: ClassVar[str] = "declaration"

    name: str
    purpose: Purpose
    reason: "Text"
    lifetime: timedelta | None = None
    ground: "Text" = ""
    set_by: "Text" = THIS_SITE
    shared_with: "Text" = NOBODY
    secret: bool = False
    """Whether whoever reads the value could act in the visitor's name: pages mask it until its visitor asks."""

    def __post_init__(self) -> None:
        """Find the purpose that a declaration may name by its key alone.

        Raises ValueError where there is none, and TypeError for a value of the wrong kind: each says what to write.
        """
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(f'A {self.kind} has name={self.name!r}. Write its name as text, such as name="visits".')
        try:
            object.__setattr__(self, "purpose", Purpose.named(self.purpose))
        except ValueError as error:
            raise ValueError(f"The {self} can't be declared. {error}") from None
        if not isinstance(self.lifetime, timedelta | None):
            raise TypeError(
                f"The {self} has lifetime={self.lifetime!r}. Write a timedelta, such as timedelta(days=30), or leave "
                "it out: then it ends with the browser's session."
            )
        for field_name in ("reason", "ground", "set_by", "shared_with"):
            value = getattr(self, field_name)
            if not isinstance(value, str | Promise):
                raise TypeError(f"The {self} has {field_name}={value!r}. Write a text that visitors can read.")

    def __str__(self) -> str:
        return f"{self.kind} “{self.name}”"

    def __repr__(self) -> str:
        """As it would be written, with what tells it from others; a translation's own `repr` says nothing."""
        return f"{type(self).__name__}(name={self.name!r}, purpose={str(self.purpose)!r})"

    @property
    def is_pattern(self) -> bool:
        """Whether it declares a family of names."""
        return "*" in self.name or "?" in self.name

    def matches(self, name: str) -> bool:
        """Whether a name is this one or belongs to this family; upper and lower case are different."""
        return fnmatchcase(name, self.name)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CookieDeclaration(Declaration):
    """One cookie, with the attributes it is sent with (RFC 6265bis, section 4.1.2).

    `domain` None means: this host alone, no `Domain` attribute. `lifetime` is the longest that it may have.
    """

    kind: ClassVar[str] = "cookie"

    http_only: bool = True
    secure: bool = field(default_factory=lambda: configuration().secure_cookies)
    same_site: SameSite = "Lax"
    path: str = "/"
    domain: str | None = None

    def __post_init__(self) -> None:
        """As for any declaration. Raises ValueError for an unknown SameSite."""
        super().__post_init__()
        if not isinstance(self.same_site, str) or self.same_site.title() not in get_args(SameSite):
            raise ValueError(
                f"The {self} has same_site={self.same_site!r}. Write one of {', '.join(map(repr, get_args(SameSite)))}."
            )

    def send(self, response: "HttpResponseBase", value: str) -> None:
        """Set this cookie on a response, exactly as it is declared."""
        response.set_cookie(
            self.name,
            value,
            max_age=self.lifetime,
            path=self.path,
            domain=self.domain,
            secure=self.secure,
            httponly=self.http_only,
            samesite=self.same_site or False,
        )

    def delete(self, response: "HttpResponseBase") -> None:
        """Have the browser delete this cookie."""
        response.delete_cookie(self.name, path=self.path, domain=self.domain, samesite=self.same_site or False)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SessionKeyDeclaration(Declaration):
    """One key of the session. It lives as long as the session, whatever the store."""

    kind: ClassVar[str] = "session key"

    auxiliary: bool = False
    """Whether it only says something about the other keys: no session is begun or kept for its sake."""
    asked_by_link: bool = False
    """Whether its visitor asks for it by opening a link, as one from a mail: then a first visit stores it too."""


AnyDeclaration = TypeVar("AnyDeclaration", bound=Declaration)


class Declarations(Generic[AnyDeclaration]):
    """The declarations of one kind, found by the actual name of what is stored."""

    def __init__(self) -> None:
        self._all: list[AnyDeclaration] = []
        self._by_name: dict[str, AnyDeclaration] = {}
        self._patterns: list[AnyDeclaration] = []

    def __iter__(self) -> Iterator[AnyDeclaration]:
        return iter(self._all)

    def add(self, declaration: AnyDeclaration) -> None:
        """Add one; of two with the same name the first one counts, and a system check complains."""
        self._all.append(declaration)
        if declaration.is_pattern:
            self._patterns.append(declaration)
        else:
            self._by_name.setdefault(declaration.name, declaration)

    def find(self, name: str) -> AnyDeclaration | None:
        """The declaration of a name: its own, else that of the first family which it belongs to."""
        found = self._by_name.get(name)
        if found is None and self._patterns:
            found = next((each for each in self._patterns if each.matches(name)), None)
        return found


class Registry:
    """All declarations of the site."""

    def __init__(self) -> None:
        self.cookies: Declarations[CookieDeclaration] = Declarations()
        self.session_keys: Declarations[SessionKeyDeclaration] = Declarations()

    def __iter__(self) -> Iterator[Declaration]:
        yield from self.cookies
        yield from self.session_keys

    def declare(self, declaration: AnyDeclaration) -> AnyDeclaration:
        """Add a declaration and give it back, so that it can be named where it is declared."""
        if isinstance(declaration, CookieDeclaration):
            self.cookies.add(declaration)
        elif isinstance(declaration, SessionKeyDeclaration):
            self.session_keys.add(declaration)
        else:
            raise TypeError(f"declare() takes a CookieDeclaration or a SessionKeyDeclaration, and got {declaration!r}.")
        return declaration

    def of(self, purpose: Purpose) -> tuple[Declaration, ...]:
        """What is declared for one purpose, cookies first."""
        return tuple(each for each in self if each.purpose == purpose)


registry = Registry()
declare = registry.declare
