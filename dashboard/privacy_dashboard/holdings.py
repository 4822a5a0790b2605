"""One table of everything that is kept, on both sides: a row for each thing, a group for each purpose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from consent_gate.api import Purpose
from privacy_dashboard.browser_cookies import CookieState
from privacy_dashboard.expiries import Expiry

if TYPE_CHECKING:
    from consent_gate.api import Text


class Side(StrEnum):
    """Who holds a thing."""

    BROWSER = "browser"
    SERVER = "server"

    @property
    def text(self) -> "Text":
        return _("your browser") if self is Side.BROWSER else _("the server")


class Kind(StrEnum):
    """What a thing is."""

    COOKIE = "cookie"
    KEY = "key"
    RECEIPT = "receipt"
    USER = "user"

    @property
    def text(self) -> "Text":
        """The kind in words, where a name alone does not tell it."""
        return {Kind.COOKIE: _("cookie"), Kind.KEY: _("key in the session"), Kind.USER: _("account")}.get(self, "")


@dataclass(frozen=True)
class Holding:
    """One thing that is kept. `purpose` None: nobody declared one. `thing` is what its details are taken from."""

    kind: Kind
    side: Side
    name: "Text"
    purpose: Purpose | None
    reason: "Text"
    ends: Expiry
    thing: Any = field(default=None, repr=False)
    state: CookieState = CookieState.IN_ORDER

    @property
    def stands_out(self) -> bool:
        """Whether something about it is not as it should be."""
        return self.state is not CookieState.IN_ORDER

    @property
    def reveal(self) -> str:
        """What `?reveal=` names it by."""
        return f"{self.kind}:{self.thing.name}" if self.kind in {Kind.COOKIE, Kind.KEY} else ""


@dataclass(frozen=True)
class Group:
    """What is kept for one purpose. The numbers are those of all cookies and session keys, also of those not shown."""

    purpose: Purpose | None
    holdings: tuple[Holding, ...]
    number_of_cookies: int
    number_of_keys: int

    @property
    def name(self) -> str:
        """What forms and addresses name it by."""
        if self.is_user:
            return "your-account"  # no purpose's name has a hyphen
        return str(self.purpose) if self.purpose else CookieState.UNDECLARED.value

    @property
    def label(self) -> "Text":
        """Its heading."""
        if self.is_user:
            return _("Your account")
        return self.purpose.label if self.purpose else _("Not declared")

    @property
    def is_user(self) -> bool:
        """Whether it is no purpose's, but the user that the visitor is signed in as."""
        return any(each.kind is Kind.USER for each in self.holdings)

    @property
    def cookies_left_out(self) -> int:
        return self.number_of_cookies - self._shown(Kind.COOKIE)

    @property
    def keys_left_out(self) -> int:
        return self.number_of_keys - self._shown(Kind.KEY)

    def _shown(self, kind: Kind) -> int:
        return sum(each.kind is kind for each in self.holdings)


def grouped(
    holdings: Iterable[Holding], numbers: Mapping[tuple[Kind, Purpose | None], int], purposes: Iterable[Purpose]
) -> list[Group]:
    """By purpose, in the order of `purposes`; what nobody declared comes after them, and the user last.

    `numbers` are those of all cookies and session keys, by kind and purpose: `holdings` has only those that are shown.
    """
    found: dict[tuple[bool, Purpose | None], list[Holding]] = {(False, purpose): [] for purpose in (*purposes, None)}
    for holding in holdings:
        found.setdefault((holding.kind is Kind.USER, holding.purpose), []).append(holding)
    groups = []
    for (is_user, purpose), kept in found.items():
        cookies, keys = (0 if is_user else numbers.get((kind, purpose), 0) for kind in (Kind.COOKIE, Kind.KEY))
        if kept or cookies or keys:
            groups.append(Group(purpose, tuple(kept), cookies, keys))
    return groups
