"""What was seen of a site in one state of consent; nothing is judged here."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal
from urllib.parse import urlsplit

from cookie_harness import JarCookie
from cookie_harness.set_cookie import SetCookie, parse_set_cookie

Store = Literal["localStorage", "sessionStorage", "IndexedDB", "Cache", "service worker"]


class ConsentState(Enum):
    """What the visitor has answered, or has set in the browser, when a crawl begins; the value is its name in words."""

    UNDECIDED = "undecided"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    ONE_PURPOSE = "one purpose"
    """One purpose alone is allowed; its label follows the name."""
    DELETED = "cookies deleted"
    """Everything was granted, and then the cookies that need consent were deleted by hand."""
    RETURNING = "returning"
    """The visitor has refused, closed the browser, and comes back."""
    GPC = "Sec-GPC"
    BLOCKED = "cookies blocked"
    NO_SCRIPTS = "without JavaScript"


@dataclass(frozen=True)
class OpenedPage:
    """One address that was opened. `status` is None where no answer came; `note` says what was odd, "" for nothing."""

    url: str
    status: int | None
    note: str = ""
    lines: frozenset[str] = frozenset()
    """What could be read there, line by line, in any order."""


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
class ScriptWrite:
    """A script's first writing of one cookie or item. `by` is the script's address with line and column."""

    store: str
    """`document.cookie`, `cookieStore`, or a `Store`."""
    name: str
    line: str
    """What was written to `document.cookie`, "" elsewhere."""
    by: str
    page: str
    """The document in which it ran, which may be a frame's."""
    first_seen: str

    @property
    def sent(self) -> SetCookie:
        """The cookie as it was written."""
        return parse_set_cookie(self.line or f"{self.name}=")


@dataclass(frozen=True)
class CarriedCookie:
    """A cookie that went out: the first request to a host that carried it."""

    name: str
    host: str
    url: str
    first_seen: str


@dataclass(frozen=True)
class StoredItem:
    """Something kept in the browser beside cookies: a key, or the name of a database, of a cache, of a worker."""

    store: Store
    key: str
    first_seen: str
    origin: str = ""
    """Of the frame to which it belongs; "" for the page's own."""
    value: str = ""
    """Its beginning, for what can be read at once."""


@dataclass(frozen=True)
class OtherHost:
    """A host that pages of the site made the browser ask, with its port, and the page that did it first."""

    host: str
    first_seen: str
    url: str = ""
    """The first request."""
    carried: tuple[str, ...] = ()
    """Names of the cookies that it was sent."""
    sets: tuple[str, ...] = ()
    """Names of the cookies that it set, or tried to."""
    told: tuple[str, ...] = ()
    """Addresses that were asked of it, for the values in them."""


@dataclass(frozen=True)
class Press:
    """One button that was pressed: what it was called, and where it was."""

    role: str
    name: str
    frame: str
    """Address of the frame; "" for the page's own."""
    clicks: int
    picture_before: str = ""
    picture_after: str = ""


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
    writes: tuple[ScriptWrite, ...] = ()
    sent: tuple[CarriedCookie, ...] = ()
    presses: tuple[Press, ...] = ()
    """What was pressed to get into this state."""
    purpose: str = ""
    """The label of the one purpose that is allowed."""
    revived: tuple[str, ...] = ()
    """Names of cookies that came back with their old values after they were deleted."""
    cut_short: str = ""
    """Why the crawl ended before its end, so that this is not all; "" if it did not."""

    @property
    def title(self) -> str:
        """The state in words, with its purpose."""
        return f"{self.state.value}: {self.purpose}" if self.purpose else self.state.value


@dataclass(frozen=True)
class NotRun:
    """A state that the visitor could not get into, and why."""

    state: ConsentState
    why: str
    purpose: str = ""

    @property
    def title(self) -> str:
        """The state in words, with its purpose."""
        return f"{self.state.value}: {self.purpose}" if self.purpose else self.state.value


@dataclass(frozen=True)
class Box:
    """A box or a switch by which a purpose is allowed."""

    label: str
    checked: bool
    locked: bool
    """It can't be changed: the purpose is claimed to be necessary."""
    text: str = ""
    """What stands beside it, where names of cookies may be."""


@dataclass(frozen=True)
class BannerSeen:
    """The banner as a fresh visitor finds it, with the layer behind its settings. Clicks are None where none help."""

    accept_clicks: int | None
    refuse_clicks: int | None
    boxes: tuple[Box, ...] = ()
    covers: str = ""
    """How the page is kept from being used meanwhile; "" if it can be used."""
    words: tuple[str, ...] = ()
    """Names of the buttons on the first layer."""
    picture: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """The search for a way to take consent back: what was tried, in words; whether it was found."""

    found: bool
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteSeen:
    """One browser's visits: where the site begins, its banner, each state, and what else is worth saying."""

    start: str
    states: tuple[Observation | NotRun, ...]
    banner: BannerSeen | None = None
    """None where none was found, or it is not clear which."""
    withdrawal: Withdrawal | None = None
    """None where there was no consent to take back."""
    notes: tuple[str, ...] = ()
