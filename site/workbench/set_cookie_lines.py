"""`Set-Cookie` lines as a page may show them."""

from collections.abc import Iterable
from dataclasses import replace

from consent_gate.api import Registry, masked_line
from workbench.outcomes import ActionOutcome

MOST_LINES = 6
LONGEST_LINE = 250
"""Characters. A withdrawal may delete dozens of cookies in one response, and a browser chooses names of its own."""


def with_lines(outcome: ActionOutcome, lines: Iterable[str], registry: Registry) -> ActionOutcome:
    """An outcome with the lines that left with its response."""
    shown = tuple(shown_line(line, registry) for line in lines)
    return replace(outcome, set_cookies=shown[:MOST_LINES], set_cookies_left_out=max(0, len(shown) - MOST_LINES))


def shown_line(line: str, registry: Registry) -> str:
    """A line without secrets, cut where it is too long."""
    text = masked_line(line, registry.cookies)
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def name_in(line: str) -> str:
    """The name of the cookie that a line sets."""
    return line.partition("=")[0]
