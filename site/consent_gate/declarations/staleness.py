"""Which earlier answers a change of the declarations makes stale: for whoever writes it, before visitors notice."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Fact = Mapping[str, Any]
"""What `fingerprints.facts` says of one declaration."""


def stale_answers(before: Iterable[Fact], now: Iterable[Fact], optional: Iterable[str]) -> list[str]:
    """Say in one sentence for each optional purpose why a yes that was given before no longer counts."""
    before, now = list(before), list(now)
    sentences = []
    for purpose in optional:
        old, new = _of(purpose, before), _of(purpose, now)
        if old and (changes := list(_changes(old, new))) and new:
            sentences.append(
                f"This change makes earlier answers to {purpose} stale: {', '.join(changes)}. "
                "Visitors who said yes are asked again."
            )
    return sentences


def _of(purpose: str, facts: Iterable[Fact]) -> dict[str, Fact]:
    """Those of one purpose, by what they are called in a sentence."""
    return {
        each["name"] if each["kind"] == "cookie" else f"{each['name']} (session)": each
        for each in facts
        if each["purpose"] == purpose
    }


def _changes(old: Mapping[str, Fact], new: Mapping[str, Fact]) -> Iterator[str]:
    for name, facts in new.items():
        if name not in old:
            yield f"{name} is new"
        elif differing := [field for field in facts if facts[field] != old[name].get(field)]:
            yield f"{name} changed ({', '.join(differing)})"
    yield from (f"{name} is gone" for name in old if name not in new)
