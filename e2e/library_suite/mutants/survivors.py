"""Survivors that are explained: `e2e/survivors.toml` says of each in one sentence why no test should kill it.

An entry names the change as the page does: `path`, `scope`, `was`, `becomes`. It is stale when the line is another one.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from library_suite.mutants.mutants import Mutant

FILE = Path("e2e/survivors.toml")
"""From the root."""


class NotAnExplanation(ValueError):
    """An entry that does not read as the module says; the message names it."""


@dataclass(frozen=True)
class Explanation:
    """`becomes` is empty where it holds for every change of the line, and `was` too where for all its function."""

    path: str
    scope: str
    was: str
    becomes: str
    because: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether it explains this one."""
        same_scope = (self.path, self.scope) == (mutant.path, mutant.scope)
        return same_scope and self.was in {"", mutant.was} and self.becomes in {"", mutant.becomes}


def read_explanations(file: Path) -> list[Explanation]:
    """All entries. Raises `NotAnExplanation`."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("survivor", []) if file.exists() else []
    return [_explanation(entry) for entry in entries]


def _explanation(entry: Mapping[str, str]) -> Explanation:
    try:
        explanation = Explanation(**({"scope": "", "was": "", "becomes": ""} | dict(entry)))
    except TypeError as error:
        raise NotAnExplanation(f"{entry}: {error}") from None
    if not explanation.scope and not explanation.was:
        raise NotAnExplanation(f"{explanation.path}: neither a line nor a function is named")
    if not explanation.because.endswith("."):
        raise NotAnExplanation(f"{explanation.path}: “{explanation.was}” is not explained in a sentence")
    return explanation


def explained(mutant: Mutant, explanations: Collection[Explanation]) -> str:
    """Why a survivor may live; "" if nobody has said."""
    return next((each.because for each in explanations if each.is_of(mutant)), "")


def stale(explanations: Collection[Explanation], mutants: Collection[Mutant]) -> list[Explanation]:
    """Those that explain nothing any more: the line has changed, or is gone."""
    return [each for each in explanations if not any(each.is_of(mutant) for mutant in mutants)]
