"""What a run showed, for a person, for a machine, and for the docs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from library_suite.hostile.findings import Asked, Findings

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class HostileRun:
    """A whole run: of which code, when (a date), with which seed, and what each server showed."""

    commit: str
    date: str
    seed: int
    findings: Sequence[Findings]

    @property
    def held(self) -> bool:
        """Whether nothing was found."""
        return all(each.held for each in self.findings)


def lines_of(findings: Findings, seed: int) -> list[str]:
    """What one server showed; each request that failed, and how to send it again."""
    said = f"{findings.engine:14} {_statuses(findings.statuses)}; memory {_memory(findings)}"
    lines = [said + (", GROWING" if findings.grows else "")]
    lines += [line for each in findings.errors for line in _request("ERROR", each, findings.engine, seed)]
    lines += [line for each in findings.slow for line in _request("SLOW", each, findings.engine, seed)]
    if findings.has_failed:
        lines.append("  ERROR on the server's console")
    return lines


def _request(word: str, each: Asked, engine: str, seed: int) -> list[str]:
    number, answer = each.request.number, each.answer
    return [
        f"  {word} {answer.status} after {answer.seconds:.2f} s, request {number} ({each.request.size_class})",
        f"    again: scripts/hostile --seed {seed} --stores {engine} --only {number}",
        f"    {each.request.sent[:2000]!r}",
    ]


def sentence_for_the_docs(run: HostileRun) -> str:
    """One line with count, date and commit."""
    count = sum(each.statuses.total() for each in run.findings)
    errors = sum(len(each.errors) for each in run.findings)
    slow = sum(len(each.slow) for each in run.findings)
    memory = ", ".join(f"{each.engine} {_memory(each)}" for each in run.findings)
    return (
        f"{count:,} hostile requests to {len(run.findings)} session stores on {run.date} at {run.commit}, "
        f"seed {run.seed}: {errors} answers of 500 or above, {slow} over ten times the median for their size; "
        f"memory: {memory}."
    )


def as_json(run: HostileRun) -> str:
    """All that is known."""
    servers = [
        {
            "engine": each.engine,
            "statuses": {str(status): count for status, count in sorted(each.statuses.items())},
            "errors": [_as_dict(one) for one in each.errors],
            "slow": [_as_dict(one) for one in each.slow],
            "memory": list(each.memory),
            "error_on_console": each.has_failed,
            "held": each.held,
        }
        for each in run.findings
    ]
    head = {"commit": run.commit, "date": run.date, "seed": run.seed, "held": run.held}
    return json.dumps({**head, "docs": sentence_for_the_docs(run), "servers": servers}, indent=2) + "\n"


def _as_dict(each: Asked) -> dict[str, object]:
    # Latin-1 has a character for each byte.
    return {
        "number": each.request.number,
        "status": each.answer.status,
        "seconds": round(each.answer.seconds, 3),
        "sent": each.request.sent.decode("latin-1"),
    }


def _statuses(statuses: Counter[int]) -> str:
    words = {0: "closed without an answer"}
    return ", ".join(f"{count:,} × {words.get(status, status)}" for status, count in sorted(statuses.items()))


def _memory(findings: Findings) -> str:
    return f"{findings.settled / MEBIBYTE:.0f} → {findings.memory[-1] / MEBIBYTE:.0f} MiB"
