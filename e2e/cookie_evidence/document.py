"""The evidence as one JSON document, for tools; `schema.json` beside this file says what stands where."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cookie_evidence.evidence import About, Evidence, RunEnd
from cookie_evidence.matrix import CellState, SeenTest
from cookie_evidence.observer import SeenBrowser, SeenCookie
from cookie_evidence.promises import Promise, PromiseGroup, SessionLifetime
from cookie_harness.policies import CookiePolicy
from cookie_harness.shards import Shard

FORMAT = "browser-evidence/1"
DOCUMENT = "evidence.json"
"""The document's name in a report's folder."""


class EvidenceUnreadable(Exception):
    """There is no evidence at a place, or not all of it; the message says where and why."""


def document(evidence: Evidence) -> dict[str, Any]:
    """Put everything into one mapping, ready for `json.dump`; in an order that depends on no run's chance."""
    matrix = evidence.matrix
    return {
        "format": FORMAT,
        "about": asdict(evidence.about),
        "shard": asdict(evidence.shard) if evidence.shard else None,
        "ended": evidence.ended.value,
        "complete": evidence.complete,
        "not_run": list(evidence.not_run),
        "states": {
            state.value: count for state, count in sorted(matrix.states.items(), key=lambda each: each[0].value)
        },
        "engines": list(evidence.engines),
        "columns": [asdict(column) for column in matrix.columns],
        "groups": [{"id": group.id, "title": group.title} for group in evidence.groups],
        "promises": [
            {
                "id": row.promise.id,
                "sentence": row.promise.sentence,
                "policies": [policy.value for policy in row.promise.policies],
                "lifetimes": [lifetime.value for lifetime in row.promise.lifetimes],
                "cells": [
                    {
                        **asdict(cell.column),
                        "state": cell.state.value,
                        "tests": sorted(test.id for test in cell.tests),
                    }
                    for cell in row.cells
                ],
            }
            for row in matrix.rows
        ],
        "tests": [_plain_test(test) for test in evidence.tests],
    }


def _plain_test(test: SeenTest) -> dict[str, Any]:
    return {
        "id": test.id,
        "engine": test.engine,
        "state": test.state.value,
        "reason": test.reason,
        "promises": list(test.promises),
        "seconds": round(test.seconds, 2),
        "trace": test.trace,
        "browsers": [asdict(browser) for browser in test.browsers],
    }


def read_document(place: Path) -> dict[str, Any]:
    """The document in a report's folder, or in a file.

    Raises `EvidenceUnreadable` if there is none, if it was cut off, or if it is of another format.
    """
    file = place / DOCUMENT if place.is_dir() else place
    if not file.is_file():
        why = f"the folder has no {DOCUMENT}" if place.is_dir() else "there is no such folder"
        raise EvidenceUnreadable(f"{place}: {why}")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EvidenceUnreadable(f"{file}: it is cut off or damaged ({error})") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise EvidenceUnreadable(f"{file}: it is not of the format {FORMAT}")
    return found


def read_evidence(folder: Path) -> Evidence:
    """The evidence that a run has left in a folder; raises `EvidenceUnreadable`."""
    found = read_document(folder)
    try:
        return _evidence(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = f"something is missing from it, or it is of an older version ({error!r})"
        raise EvidenceUnreadable(f"{folder}: {why}") from error


def _evidence(found: Mapping[str, Any]) -> Evidence:
    promises = [_promise(each) for each in found["promises"]]
    return Evidence(
        about=About(**found["about"]),
        groups=tuple(
            PromiseGroup(
                each["id"], each["title"], tuple(promise for promise in promises if promise.id[0] == each["id"])
            )
            for each in found["groups"]
        ),
        engines=tuple(found["engines"]),
        tests=tuple(_test(each) for each in found["tests"]),
        ended=RunEnd(found["ended"]),
        shard=Shard(**found["shard"]) if found["shard"] else None,
        complete=found["complete"],
        not_run=tuple(found["not_run"]),
    )


def _promise(found: Mapping[str, Any]) -> Promise:
    policies = tuple(map(CookiePolicy, found["policies"]))
    return Promise(found["id"], found["sentence"], policies, tuple(map(SessionLifetime, found["lifetimes"])))


def _test(found: Mapping[str, Any]) -> SeenTest:
    for file in (found["trace"], *(browser["screenshot"] for browser in found["browsers"])):
        if file and (Path(file).is_absolute() or ".." in Path(file).parts):
            raise ValueError(f"{file} is not in its folder")  # a merging copies it
    return SeenTest(
        **{
            **found,
            "state": CellState(found["state"]),
            "promises": tuple(found["promises"]),
            "browsers": tuple(seen_browser(each) for each in found["browsers"]),
        }
    )


def seen_browser(found: Mapping[str, Any]) -> SeenBrowser:
    """One browser, from the plain values that stand for it."""
    jars = {name: [SeenCookie(**each) for each in found[name]] for name in ("jar_before", "jar_after")}
    return SeenBrowser(**{**found, **jars})
