"""Makes one report of those of several runs: the shards of a suite, or runs in one engine each.

A run that can't be counted is named as not run, with the reason, and its tests are left out: one that is missing, cut
off, of another commit, with another browser, or that repeats another's tests.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cookie_evidence.document import DOCUMENT, EvidenceUnreadable, read_evidence
from cookie_evidence.evidence import About, Evidence, RunEnd
from cookie_evidence.folder import JUNIT, keep_pictures, keep_traces, prepare_folder, write_evidence
from cookie_evidence.junit import merge_junit, read_junit

_SHARD_OPTION = re.compile(r"\s*--shard[ =]\S+")


@dataclass(frozen=True)
class RunPart:
    """One run's evidence, and where it was found."""

    folder: Path
    evidence: Evidence

    def __str__(self) -> str:
        shard = self.evidence.shard
        return f"shard {shard.index} of {shard.of} ({self.folder})" if shard else str(self.folder)


class NothingToMerge(Exception):
    """None of the folders has evidence, or the merged one has no place; the message says more."""


def merge_folders(folders: Sequence[Path], target: Path, *, single_file: bool, complete: bool) -> Evidence:
    """Merge the evidence in some folders, and write it into another one, with JUnit's reports if there are any.

    Raises `NothingToMerge`; everything else that is wrong is named in `Evidence.not_run`.
    """
    _refuse_to_overwrite(folders, target)
    parts, unreadable = read_parts({folder.resolve(): folder for folder in folders}.values())
    if not parts:
        raise NothingToMerge("\n".join(unreadable))
    evidence, counted = merge(parts, unreadable)
    suites = {str(part): read_junit(part.folder / JUNIT) for part in counted}
    without = [f"{part}: it has no whole JUnit report" for part, found in suites.items() if not found]
    if len(without) < len(suites):
        evidence = replace(evidence, not_run=(*evidence.not_run, *without))
    evidence = replace(evidence, complete=evidence.complete or complete)
    if evidence.ended is RunEnd.PASSED and not evidence.shows_all_kept:
        evidence = replace(evidence, ended=RunEnd.FAILED)
    prepare_folder(target)
    for part in counted:
        keep_pictures(part.evidence.tests, part.folder, target)
    kept = {test.id: test for part in counted for test in keep_traces(part.evidence.tests, part.folder, target)}
    evidence = replace(evidence, tests=tuple(kept[test.id] for test in evidence.tests))
    write_evidence(evidence, target, single_file=single_file)
    if every := [suite for found in suites.values() for suite in found]:
        merge_junit(every, evidence.not_run).write(target / JUNIT, encoding="utf-8", xml_declaration=True)
    return evidence


def _refuse_to_overwrite(folders: Sequence[Path], target: Path) -> None:
    """Keep apart what is read and what is written; and spare a folder that has something else in it."""
    place = target.resolve()
    for folder in folders:
        if folder.resolve() == place or place in folder.resolve().parents:
            raise NothingToMerge(
                f"{target} would be emptied, and {folder} is in it: choose another folder to write to."
            )
    if target.exists() and not (target / DOCUMENT).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise NothingToMerge(f"{target} has something other than evidence in it: choose another folder to write to.")


def read_parts(folders: Iterable[Path]) -> tuple[list[RunPart], list[str]]:
    """The runs in some folders, in the order of their shards; and why others can't be read."""
    parts, unreadable = [], []
    for folder in folders:
        try:
            parts.append(RunPart(folder, read_evidence(folder)))
        except EvidenceUnreadable as error:
            unreadable.append(str(error))
    return sorted(parts, key=lambda part: part.evidence.shard.index if part.evidence.shard else 0), unreadable


def merge(parts: Sequence[RunPart], unreadable: Sequence[str] = ()) -> tuple[Evidence, list[RunPart]]:
    """One run's evidence out of several, and the runs that count in it.

    It equals that of a single run but for times, and for the command if that differed by more than the shard.
    """
    complaints: dict[str, str] = {}
    counted = list(parts)
    for find in (*_agreements(parts), _of_another_number, _repeats):
        complaints |= find(counted)
        counted = [part for part in counted if str(part) not in complaints]
    cut_short = [f"{part}: it was cut short" for part in counted if part.evidence.ended is RunEnd.CUT_SHORT]
    ends = {part.evidence.ended for part in counted}
    return (
        Evidence(
            about=_about([part.evidence.about for part in counted]),
            groups=counted[0].evidence.groups,
            engines=counted[0].evidence.engines,
            tests=tuple(sorted((test for part in counted for test in part.evidence.tests), key=lambda test: test.id)),
            ended=next(end for end in (RunEnd.CUT_SHORT, RunEnd.FAILED, RunEnd.PASSED) if end in ends),
            complete=any(part.evidence.complete for part in parts),
            not_run=(
                *(sentence for part in counted for sentence in part.evidence.not_run),
                *unreadable,
                *(f"{part}: {why}" for part, why in complaints.items()),
                *cut_short,
                *_absent(parts),
            ),
        ),
        counted,
    )


_Finder = Callable[[Sequence[RunPart]], dict[str, str]]


def _agreements(parts: Sequence[RunPart]) -> list[_Finder]:
    """What every run has to have in common with most of the others."""
    engines = sorted({engine for part in parts for engine in part.evidence.about.engines})

    def of_engine(engine: str) -> _Finder:
        return lambda parts: _odd_ones(
            parts, f"was run with another {engine}", lambda evidence: evidence.about.engines.get(engine)
        )

    return [
        lambda parts: _odd_ones(parts, "is about another site", lambda evidence: evidence.about.title),
        lambda parts: _odd_ones(parts, "tested another commit", lambda evidence: evidence.about.commit),
        lambda parts: _odd_ones(parts, "has other promises", lambda evidence: (evidence.groups, evidence.engines)),
        *(of_engine(engine) for engine in engines),
        lambda parts: _odd_ones(
            parts, "was run with another Playwright", lambda evidence: evidence.about.versions.get("playwright")
        ),
    ]


def _odd_ones(
    parts: Sequence[RunPart], complaint: str, value_of: Callable[[Evidence], Hashable | None]
) -> dict[str, str]:
    """The runs that differ in something from most of the others; a run that has no such thing agrees with all."""
    values = {str(part): value_of(part.evidence) for part in parts}
    usual = Counter(value for value in values.values() if value is not None).most_common(1)
    return {
        part: f"it {complaint} than the others" + (f": {value}" if isinstance(value, str) else "")
        for part, value in values.items()
        if value is not None and value != usual[0][0]
    }


def _of_another_number(parts: Sequence[RunPart]) -> dict[str, str]:
    """Shards of five beside shards of four."""
    return _odd_ones(
        parts, "is of another number of shards", lambda evidence: evidence.shard.of if evidence.shard else None
    )


def _repeats(parts: Sequence[RunPart]) -> dict[str, str]:
    """Runs with a test that an earlier one has run too: a verdict stands on each test once."""
    ran_by: dict[str, RunPart] = {}
    found: dict[str, str] = {}
    for part in parts:
        again = [test.id for test in part.evidence.tests if test.id in ran_by]
        if again:
            found[str(part)] = f"it ran again what {ran_by[again[0]]} ran ({again[0]})"
        else:
            ran_by |= dict.fromkeys((test.id for test in part.evidence.tests), part)
    return found


def _absent(parts: Sequence[RunPart]) -> list[str]:
    """The shards that none of the folders has."""
    shards = [part.evidence.shard for part in parts if part.evidence.shard]
    if not shards:
        return []
    of = Counter(shard.of for shard in shards).most_common(1)[0][0]
    there = {shard.index for shard in shards if shard.of == of}
    return [f"shard {index} of {of}: none of the folders has it" for index in range(1, of + 1) if index not in there]


def _about(several: Sequence[About]) -> About:
    return About(
        title=several[0].title,
        made_at=max(about.made_at for about in several),
        commit=several[0].commit,
        command=_one_of(_SHARD_OPTION.sub("", about.command) for about in several),
        versions=_joined([about.versions for about in several]),
        engines=dict(sorted(_joined([about.engines for about in several]).items())),
        facts=dict(sorted(_joined([about.facts for about in several]).items())),
    )


def _joined(several: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """One mapping out of several; where they differ, with each of the texts."""
    keys = dict.fromkeys(key for each in several for key in each)
    return {key: _one_of(each[key] for each in several if key in each) for key in keys}


def _one_of(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
