"""What was seen of a site in one state of consent; nothing is judged here."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from cookie_harness import JarCookie


class State(Enum):
    """What the visitor has answered when a crawl begins; the value is its name in words."""

    UNDECIDED = "undecided"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True)
class OpenedPage:
    """One address that was opened. `status` is None where no answer came; `note` says what was odd, "" for nothing."""

    url: str
    status: int | None
    note: str = ""


@dataclass(frozen=True)
class KeptCookie:
    """One cookie in the jar at the end of a crawl, and where it was first seen."""

    cookie: JarCookie
    first_seen: str


@dataclass(frozen=True)
class SetCookieLine:
    """The first `Set-Cookie` line of its kind: lines of one cookie that differ in its value or date are of one kind."""

    name: str
    value: str
    attributes: tuple[str, ...]
    url: str
    """The response that carried it."""
    first_seen: str
    """The page that was being opened."""
    deletes: bool

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, "" for one without a value, None for one that is not there."""
        for each in self.attributes:
            found, _, value = each.partition("=")
            if found.strip().lower() == name.lower():
                return value.strip()
        return None


@dataclass(frozen=True)
class StoredItem:
    """Something kept in the browser beside cookies: a key of a store, or the name of a database."""

    store: Literal["localStorage", "sessionStorage", "IndexedDB"]
    key: str
    first_seen: str


@dataclass(frozen=True)
class OtherHost:
    """A host that pages of the site made the browser ask, and the page that did it first."""

    host: str
    first_seen: str


@dataclass(frozen=True)
class Observation:
    """All that a crawl in one state has brought to light. `at` is when the jar was read, in seconds since the epoch."""

    state: State
    pages: tuple[OpenedPage, ...]
    jar: tuple[KeptCookie, ...]
    lines: tuple[SetCookieLine, ...]
    stored: tuple[StoredItem, ...]
    other_hosts: tuple[OtherHost, ...]
    at: float


@dataclass(frozen=True)
class NotRun:
    """A state that the visitor could not get into, and why."""

    state: State
    why: str
