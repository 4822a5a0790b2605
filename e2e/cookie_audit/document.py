"""The audit as a document for tools: JSON, `"format": "cookie-audit/2"` (docs/audit.md describes it)."""

from typing import Any

from cookie_audit.judge import JudgedCookie, JudgedState
from cookie_audit.kinds import Finding
from cookie_audit.observation import NotRun, Observation, SetCookieLine
from cookie_audit.report import SENTENCE_LENGTH, Report, plain
from cookie_harness.masking import masked

FORMAT = "cookie-audit/2"
LINE_LENGTH = 240


def document(report: Report) -> dict[str, Any]:
    """The whole report, of plain values."""
    return {
        "format": FORMAT,
        "url": report.url,
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "pages": report.pages,
        "declarations": report.declarations,
        "clean": not report.findings(),
        "findings": [_finding(each) for each in report.findings()],
        "browsers": [
            {
                "name": audit.engine.name,
                "version": audit.engine.version,
                "states": [_state(judged) for judged in audit.states],
            }
            for audit in report.engines
        ],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "browser": found.engine,
        "state": found.state,
        "subject": plain(found.subject),
        "by": plain(found.by),
        "first_seen": plain(found.first_seen),
        "sentence": plain(found.sentence, SENTENCE_LENGTH),
    }


def _state(judged: JudgedState) -> dict[str, Any]:
    seen = judged.seen
    if isinstance(seen, NotRun):
        return {"state": seen.state.value, "not_run": plain(seen.why)}
    return {
        "state": seen.state.value,
        "not_run": None,
        "pages": [{"url": plain(each.url), "status": each.status, "note": plain(each.note)} for each in seen.pages],
        "cookies": [_cookie(each, seen) for each in judged.cookies],
        "set_cookie": [
            {
                "line": words_of(each),
                "url": plain(each.url),
                "first_seen": plain(each.first_seen),
                "deletes": each.deletes,
            }
            for each in seen.lines
        ],
        "stored": [
            {"store": each.store, "key": plain(each.key), "first_seen": plain(each.first_seen)}
            for each in judged.stored
        ],
        "other_hosts": [{"host": plain(each.host), "first_seen": plain(each.first_seen)} for each in seen.other_hosts],
    }


def _cookie(judged: JudgedCookie, seen: Observation) -> dict[str, Any]:
    kept = judged.kept.cookie if judged.kept else None
    left = kept.lives_for(seen.at) if kept else None
    return {
        "name": plain(judged.name),
        "domain": plain(judged.domain),
        "path": plain(judged.path),
        "purpose": judged.purpose,
        "verdict": judged.verdict.value,
        "reasons": [plain(reason) for reason in judged.reasons],
        "first_seen": plain(judged.first_seen),
        "kept": kept
        and {
            "value": plain(masked(kept.value)),
            "bytes": len(kept.value.encode(errors="replace")),
            "lifetime": None if left is None else round(left),
            "http_only": kept.http_only,
            "secure": kept.secure,
            "same_site": kept.same_site,
        },
    }


def words_of(line: SetCookieLine) -> str:
    """A `Set-Cookie` line with its value masked."""
    return plain("; ".join((f"{plain(line.sent.name)}={masked(line.sent.value)}", *line.sent.attributes)), LINE_LENGTH)
