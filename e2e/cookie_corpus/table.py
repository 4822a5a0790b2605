"""The corpus's table: each site as a data class, read from `sites/NAME.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from cookie_harness.engines import ENGINE_NAMES

FOLDER = Path(__file__).parent
SITES = FOLDER / "sites"
BANNERS = FOLDER / "banners"

SiteState = Literal["undecided", "granted", "refused", "withdrawn"]
STATES: tuple[SiteState, ...] = get_args(SiteState)

Store = Literal["cookie", "localStorage", "sessionStorage", "IndexedDB", "host"]
STORES: tuple[Store, ...] = get_args(Store)

# How a trace comes about. What each means stands at the fragment that does it, in `fragments.html`, or in the server.
MEANS = (
    "header", "script", "cookie-store", "fetch", "image", "frame", "redirect", "worker", "act", "font",
    "local-storage-copy", "etag",
)  # fmt: skip
# What a site's table may say under `options`, and what holds where it does not.
OPTIONS: Mapping[str, Any] = {
    "act": "Put this book into the basket",  # the link of a trace that comes by an act of the visitor
    "choice_seconds": 180 * 24 * 3600,  # how long an answer is remembered
    "delay": 0,  # milliseconds until the banner comes
    "on": [],  # purposes that are ticked before anybody ticked them
    "wall": False,  # whether nothing can be read before a yes
    "wired": "rightly",  # a banner's page says which wrong ways of wiring it knows
}
NECESSARY = "necessary"
IDENTIFIER = "identifier"
"""As a value: one that the server makes up, another for each visitor."""


class TableError(ValueError):
    """A site's table makes no sense; the message is one sentence that names the file."""


@dataclass(frozen=True)
class Trace:
    """One thing that a site leaves in a browser, or another host that its pages ask."""

    name: str
    store: Store
    by: str
    purpose: str = NECESSARY
    states: tuple[SiteState, ...] = ("granted",)
    """When it is set anew. A trace that is necessary is set in each, unless its table says otherwise."""
    also_with: str | None = None
    """Another purpose whose consent brings it too, which is wrong."""
    host: str | None = None
    """Who sets it, if not the site itself: a name below `.localhost`."""
    value: str = IDENTIFIER
    attributes: str = "Path=/; SameSite=Lax"
    cleared: bool = True
    """Whether the site takes it away when consent is withdrawn or refused."""
    heeds_gpc: bool = False
    """Whether Global Privacy Control counts as a refusal of it."""

    def is_set(self, state: SiteState, purposes: frozenset[str]) -> bool:
        """Whether a visitor in this state, who granted these purposes, gets it."""
        if state not in self.states:
            return False
        return state != "granted" or self.purpose == NECESSARY or bool({self.purpose, self.also_with} & purposes)


@dataclass(frozen=True)
class Truth:
    """One finding that is true of a site, in the audit's words. Without `engine` it is true in each browser."""

    kind: str
    subject: str
    engine: str | None = None


@dataclass(frozen=True)
class Steps:
    """What a visitor presses, one selector after the other; an empty tuple where the banner has no such way."""

    accept: tuple[str, ...]
    refuse: tuple[str, ...]
    withdraw: tuple[str, ...]
    alone: Mapping[str, tuple[str, ...]]
    """For each purpose, what grants it and no other."""
    boxes: tuple[str, ...] = ()
    """What shows the boxes of the single purposes."""


@dataclass(frozen=True)
class CorpusSite:
    """One site of the corpus."""

    name: str
    title: str
    banner: str
    traces: tuple[Trace, ...]
    truths: tuple[Truth, ...]
    steps: Steps
    language: str = "en"
    looks_wrong: str = ""
    """For a right site: why somebody might take it for a wrong one."""
    options: Mapping[str, Any] = field(default_factory=lambda: OPTIONS)
    """All of `OPTIONS`."""
    declares: tuple[Mapping[str, Any], ...] | None = None
    """The cookies of its `/cookies.json`; None for a site without that document."""
    needs: str | None = None
    """The package of a real consent manager, and its registry: `npm:klaro`, `pip:django-cookie-consent`."""

    @property
    def purposes(self) -> tuple[str, ...]:
        """What a visitor is asked about."""
        return tuple(dict.fromkeys(each.purpose for each in self.traces if each.purpose != NECESSARY)) or (
            "statistics",
        )

    @property
    def project(self) -> str | None:
        """The Django project of `projects/` that makes its pages; None for those that the corpus makes itself."""
        registry, _, name = (self.needs or "").partition(":")
        return name if registry == "pip" else None

    def truths_in(self, engine: str) -> frozenset[tuple[str, str]]:
        """The kinds and subjects of what is true in this browser."""
        return frozenset((each.kind, each.subject) for each in self.truths if each.engine in {None, engine})


def all_sites() -> tuple[CorpusSite, ...]:
    """Every site of the corpus, by name; raises `TableError`."""
    return tuple(read_site(each) for each in sorted(SITES.glob("*.toml")))


def sites_named(names: list[str]) -> tuple[CorpusSite, ...]:
    """The sites of these names, or all if there are none; raises `TableError` for a name that no site has."""
    if not names:
        return all_sites()
    for name in names:
        if not (SITES / f"{name}.toml").is_file():
            raise TableError(f"No site of the corpus is called “{name}”: see {SITES}.")
    return tuple(read_site(SITES / f"{name}.toml") for name in names)


def read_site(file: Path) -> CorpusSite:
    """Read one site's table; raises `TableError`."""
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
        return _site(file.stem, given)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise TableError(f"{file}: {what}") from error


def _site(name: str, given: dict[str, Any]) -> CorpusSite:
    banner = given.pop("banner", "plain")
    declares = given.pop("declares", None)
    options = given.pop("options", {})
    if unknown := set(options) - set(OPTIONS):
        raise ValueError(f"`options` has {', '.join(sorted(unknown))}, and may have {', '.join(OPTIONS)}")
    return CorpusSite(
        name=name,
        title=given.pop("title"),
        banner=banner,
        traces=tuple(_trace(each) for each in given.pop("leaves", [])),
        truths=tuple(_truths({**given.pop("truth", {})})),
        steps=_steps(banner, given.pop("steps", {})),
        declares=None if declares is None else tuple(declares),
        options={**OPTIONS, **options},
        **given,
    )


def _trace(given: dict[str, Any]) -> Trace:
    stores = [store for store in STORES if store in given and (store != "host" or len(set(given) & set(STORES)) == 1)]
    if len(stores) != 1:
        raise ValueError(f"each of `leaves` names one of {', '.join(STORES)}, not like {given}")
    store = stores[0]
    name = given["host"] if store == "host" else given.pop(store)
    if given.get("purpose", NECESSARY) == NECESSARY:
        given.setdefault("in", STATES)
    states = tuple(given.pop("in", ("granted",)))
    trace = Trace(name=name, store=store, states=states, **given)
    if trace.by not in MEANS:
        raise ValueError(f"`by` is one of {', '.join(MEANS)}, not “{trace.by}”")
    if unknown := set(trace.states) - set(STATES):
        raise ValueError(f"`in` names {', '.join(sorted(unknown))}, which is none of {', '.join(STATES)}")
    return trace


def _truths(given: dict[str, Any]) -> list[Truth]:
    """A subject, or `banner`, and its kinds each; below the name of an engine, those that are true there alone."""
    truths = []
    for subject, kinds in given.items():
        if subject in ENGINE_NAMES:
            truths += [Truth(each.kind, each.subject, subject) for each in _truths(kinds)]
        else:
            truths += [Truth(kind, "" if subject == "banner" else subject) for kind in kinds]
    return truths


def _steps(banner: str, own: dict[str, Any]) -> Steps:
    file = BANNERS / f"{banner}.toml"
    if not file.is_file():
        raise ValueError(f"no banner is called “{banner}”: see {BANNERS}")
    given = {**tomllib.loads(file.read_text(encoding="utf-8")), **own}
    return Steps(
        accept=tuple(given.get("accept", ())),
        refuse=tuple(given.get("refuse", ())),
        withdraw=tuple(given.get("withdraw", ())),
        boxes=tuple(given.get("boxes", ())),
        alone={purpose: tuple(steps) for purpose, steps in given.get("alone", {}).items()},
    )
