"""What a suite promises, as data: a TOML file with a sentence for each promise, and where it is claimed.

A test says which promises it shows with ``@pytest.mark.promise("V1")``. A promise stands in the group that its id
begins with, so the file has a ``[[group]]`` table (`id`, `title`) for each letter, and a ``[[promise]]`` table (`id`,
`sentence`, `policies`, `lifetimes`) for each promise.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from cookie_harness.policies import CookiePolicy

_ID = re.compile(r"([A-Z])[1-9]\d*")
_Named = TypeVar("_Named", bound=Enum)


class SessionLifetime(Enum):
    """How long the site under test lets a session live; the value is its name in words."""

    LASTING = "lasting"
    """The session's cookie has an end of its own and outlives the browser. Django's default."""

    UNTIL_CLOSE = "until close"
    """The session's cookie goes when the browser is closed."""


@dataclass(frozen=True)
class Promise:
    """One sentence that is claimed, and under which cookie policies and session lifetimes."""

    id: str
    sentence: str
    policies: tuple[CookiePolicy, ...]
    """Those of the browsers that show it; none for what is shown without a browser."""
    lifetimes: tuple[SessionLifetime, ...]


@dataclass(frozen=True)
class PromiseGroup:
    """Promises that belong together, in the order of their file."""

    id: str
    title: str
    promises: tuple[Promise, ...]


def read_promises(file: Path) -> tuple[PromiseGroup, ...]:
    """Read all promises, by group.

    Raises `ValueError` with the id for one that is not of the form "V1", that occurs twice, whose group is missing or
    empty, that has no sentence, names no lifetime, or names a policy or a lifetime that does not exist.
    """
    with file.open("rb") as stream:
        document = tomllib.load(stream)
    promises = [_promise(table) for table in document.get("promise", [])]
    groups = tuple(
        PromiseGroup(
            table["id"], _text(table, "title"), tuple(each for each in promises if _group_of(each.id) == table["id"])
        )
        for table in document.get("group", [])
    )
    _refuse_duplicates([group.id for group in groups] + [promise.id for promise in promises])
    for promise in promises:
        if _group_of(promise.id) not in {group.id for group in groups}:
            raise ValueError(f"{promise.id}: there is no group {_group_of(promise.id)}.")
    for group in groups:
        if not group.promises:
            raise ValueError(f"{group.id}: the group has no promise.")
    return groups


def _promise(table: Mapping[str, Any]) -> Promise:
    if not _ID.fullmatch(table["id"]):
        raise ValueError(f"{table['id']}: an id is a capital letter and a number.")
    promise = Promise(
        table["id"],
        _text(table, "sentence"),
        _named(CookiePolicy, table, "policies"),
        _named(SessionLifetime, table, "lifetimes"),
    )
    if not promise.lifetimes:
        raise ValueError(f"{promise.id}: a promise has at least one lifetime.")
    return promise


def _group_of(promise: str) -> str:
    return promise[0]


def _text(table: Mapping[str, Any], key: str) -> str:
    text: str = table[key]
    if not text.strip():
        raise ValueError(f"{table['id']}: its {key} is empty.")
    return text


def _named(kind: type[_Named], table: Mapping[str, Any], key: str) -> tuple[_Named, ...]:
    """The members that a list in the file names by their values."""
    for name in table[key]:
        if name not in {member.value for member in kind}:
            known = ", ".join(str(member.value) for member in kind)
            raise ValueError(f"{table['id']}: its {key} name {name!r}, which is none of: {known}.")
    return tuple(kind(name) for name in table[key])


def _refuse_duplicates(ids: list[str]) -> None:
    for each in ids:
        if ids.count(each) > 1:
            raise ValueError(f"{each}: the id occurs twice.")
