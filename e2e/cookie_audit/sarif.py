"""The audit in SARIF 2.1.0, which code hosts show beside the code (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0)."""

import hashlib
import re
from typing import Any

from cookie_audit.kinds import MEANINGS, Finding, FindingKind
from cookie_audit.report import SENTENCE_LENGTH, Report, plain

_PLACE = re.compile(r"(https?://\S+?)(?::(\d+):(\d+))?")


def sarif(report: Report) -> dict[str, Any]:
    """The whole report. Where a script set something, its line and column are the place; else the page is."""
    kinds = list(FindingKind)
    new = report.new_findings()
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "cookie-audit", "rules": [_rule(each) for each in kinds]}},
                "results": [
                    _result(each, kinds.index(each.kind), report.url, is_new=each in new) for each in report.findings()
                ],
                "columnKind": "utf16CodeUnits",
                "invocations": [_invocation(report.cut_short())],
            }
        ],
    }


def _invocation(cut_short: tuple[str, ...]) -> dict[str, Any]:
    notes = [{"level": "error", "message": {"text": f"cut short: {plain(each, None)}"}} for each in cut_short]
    return {"executionSuccessful": not cut_short, "toolExecutionNotifications": notes}


def _rule(kind: FindingKind) -> dict[str, Any]:
    meaning = MEANINGS[kind]
    return {
        "id": kind.value,
        "shortDescription": {"text": meaning.sentence},
        "help": {"text": f"{meaning.source}. {meaning.question}"},
        "defaultConfiguration": {"level": "error"},
    }


def _result(finding: Finding, index: int, url: str, *, is_new: bool) -> dict[str, Any]:
    fingerprint = hashlib.sha256("\n".join(finding.identity).encode()).hexdigest()
    return {
        "ruleId": finding.kind.value,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": f"{finding.engine}, {plain(finding.state)}: {plain(finding.sentence, SENTENCE_LENGTH)}"},
        "locations": [{"physicalLocation": _location(finding, url)}],
        "partialFingerprints": {"cookieAudit/v1": fingerprint},
        "baselineState": "new" if is_new else "unchanged",
    }


def _location(finding: Finding, url: str) -> dict[str, Any]:
    """Of the three that may be an address the first: who set it, the page where it was seen, the site."""
    places = (_PLACE.fullmatch(each.removeprefix("Set-Cookie of ")) for each in (finding.by, finding.first_seen, url))
    found = next((each for each in places if each), None)
    if found is None:
        return {"artifactLocation": {"uri": plain(url, None)}}
    address, line, column = found.groups()
    location: dict[str, Any] = {"artifactLocation": {"uri": plain(address, None)}}
    if line:
        location["region"] = {"startLine": int(line), "startColumn": int(column)}
    return location
