"""What is known of names and hosts, read from data files that name their sources (`data/`)."""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from cookie_harness.jar import domain_matches

A_YEAR = 366
A_DAY = 86_400
COOKIE = "cookie"


@dataclass(frozen=True)
class KnownName:
    """A cookie or an item that is strictly necessary where its value has the shape, and its life the length."""

    name: str
    what: str
    source: str
    value: str = ".*"
    days: int = A_YEAR
    store: str = COOKIE

    def fits(self, store: str, name: str, value: str, lifetime: float | None) -> bool:
        """Whether it is this one. `lifetime` is in seconds; None for what ends with the browser, and for a store."""
        return (
            store == self.store
            and fnmatchcase(name, self.name)
            and bool(re.fullmatch(self.value, value, re.DOTALL))
            and (lifetime is None or lifetime <= self.days * A_DAY)
        )


@dataclass(frozen=True)
class KnownTracker:
    """Cookies or hosts that measure or follow visitors."""

    names: tuple[str, ...]
    owner: str
    source: str
    purpose: str = ""


@dataclass(frozen=True)
class Known:
    """All that is known."""

    necessary: tuple[KnownName, ...]
    cookies: tuple[KnownTracker, ...]
    hosts: tuple[KnownTracker, ...]

    def necessary_by_name(self, store: str, name: str, value: str, lifetime: float | None) -> KnownName | None:
        """The strictly necessary thing that this is, by its name, shape and life."""
        return next((each for each in self.necessary if each.fits(store, name, value, lifetime)), None)

    def tracker(self, name: str) -> KnownTracker | None:
        """The tracker to which a cookie's or an item's name belongs."""
        return _first(self.cookies, lambda pattern: fnmatchcase(name, pattern))

    def tracking_host(self, host: str) -> KnownTracker | None:
        """The tracker to which a host belongs."""
        return _first(self.hosts, lambda domain: domain_matches(domain, host))


@cache
def known() -> Known:
    """Read the data files."""
    trackers = _table("trackers.toml")
    return Known(
        tuple(KnownName(**each) for each in _table("known_names.toml")["known"]),
        tuple(_tracker(each) for each in trackers["cookie"]),
        tuple(_tracker(each) for each in trackers["host"]),
    )


def _first(trackers: Iterable[KnownTracker], fits: Callable[[str], bool]) -> KnownTracker | None:
    return next((each for each in trackers if any(map(fits, each.names))), None)


def _tracker(entry: dict[str, Any]) -> KnownTracker:
    return KnownTracker(**{**entry, "names": tuple(entry["names"])})


def _table(file: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((files("cookie_audit") / "data" / file).read_text(encoding="utf-8"))
