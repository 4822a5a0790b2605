"""What was seen of a site in one state of consent; nothing is judged here."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal
from urllib.parse import urlsplit

from cookie_harness import JarCookie
from cookie_harness.set_cookie import SetCookie


class ConsentState(Enum):
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

    sent: SetCookie
    url: str
    """The response that carried it."""
    first_seen: str
    """The page that was being opened."""
    deletes: bool

    @property
    def kind(self) -> tuple[str, ...]:
        """What lines of one kind have in common: the host, the cookie's name, and its attributes but for a date."""
        return (urlsplit(self.url).netloc, self.sent.name, *sorted(each.lower() for each in self.sent.undated))


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

    state: ConsentState
    pages: tuple[OpenedPage, ...]
    jar: tuple[KeptCookie, ...]
    lines: tuple[SetCookieLine, ...]
    stored: tuple[StoredItem, ...]
    other_hosts: tuple[OtherHost, ...]
    at: float


@dataclass(frozen=True)
class NotRun:
    """A state that the visitor could not get into, and why."""

    state: ConsentState
    why: str
