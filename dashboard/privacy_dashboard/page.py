"""What the parts of one visitor's page are made from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from consent_gate.api import DrawOutline
from privacy_dashboard.expiries import Expiry
from privacy_dashboard.overview import Overview


@dataclass(frozen=True)
class DashboardPage:
    """One visitor's page. `reveal` names the one thing whose value they ask to see in full."""

    overview: Overview
    reveal: str
    outline: DrawOutline
    in_words: Callable[[Expiry], str] = field(default_factory=lambda: cache(str))
    """Words an end once: many things end together."""
