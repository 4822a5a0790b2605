"""The audit as a JSON document for tools, `"format": "cookie-audit/2"`: `schema.json` beside this file describes it."""

from typing import Any

from cookie_audit.findings import writer_of
from cookie_audit.judge import JudgedState, JudgedThing
from cookie_audit.kinds import MEANINGS, Finding
from cookie_audit.observation import BannerSeen, NotRun, Observation, Press, SetCookieLine
from cookie_audit.report import SENTENCE_LENGTH, EngineAudit, Report, plain
from cookie_harness.masking import masked

FORMAT = "cookie-audit/2"
LINE_LENGTH = 240


def document(report: Report) -> dict[str, Any]:
    """The whole report, of plain values."""
    findings = report.findings()
    new = report.new_findings()
    return {
        "format": FORMAT,
        "url": plain(report.url),
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "pages": report.pages,
        "declarations": report.declarations and plain(report.declarations),
        "clean": not findings and not report.cut_short(),
        "findings": [{**_finding(each), "new": each in new} for each in findings],
        "kinds": {kind.value: MEANINGS[kind].sentence for kind in dict.fromkeys(each.kind for each in findings)},
        "notes": [plain(each, SENTENCE_LENGTH) for each in report.notes()],
        "browsers": [_browser(audit) for audit in report.engines],
    }


def _browser(audit: EngineAudit) -> dict[str, Any]:
    seen = audit.site.seen
    return {
        "name": audit.engine.name,
        "version": audit.engine.version,
        "start": plain(seen.start),
        "banner": seen.banner and _banner(seen.banner),
        "states": [_state(judged, audit.states) for judged in audit.states],
    }


def _banner(banner: BannerSeen) -> dict[str, Any]:
    return {
        "accept_clicks": banner.accept_clicks,
        "refuse_clicks": banner.refuse_clicks,
        "buttons": [plain(each) for each in banner.words],
        "boxes": [
            {"label": plain(each.label), "checked": each.checked, "locked": each.locked} for each in banner.boxes
        ],
        "covers": banner.covers,
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "browser": found.engine,
        "state": plain(found.state),
        "subject": plain(found.subject),
        "by": plain(found.by),
        "first_seen": plain(found.first_seen),
        "sentence": plain(found.sentence, SENTENCE_LENGTH),
    }


def _state(judged: JudgedState, states: tuple[JudgedState, ...]) -> dict[str, Any]:
    seen = judged.seen
    if isinstance(seen, NotRun):
        return {"state": plain(seen.title), "not_run": plain(seen.why, SENTENCE_LENGTH)}
    return {
        "state": plain(seen.title),
        "not_run": None,
        "cut_short": plain(judged.cut_short, SENTENCE_LENGTH),
        "pressed": [_press(each) for each in seen.presses],
        "pages": [{"url": plain(each.url), "status": each.status, "note": plain(each.note)} for each in seen.pages],
        "cookies": [_cookie(each, seen, states) for each in judged.cookies],
        "set_cookie": [
            {
                "line": words_of(each),
                "url": plain(each.url),
                "first_seen": plain(each.first_seen),
                "deletes": each.deletes,
            }
            for each in seen.lines
        ],
        "sent": [{"name": plain(each.name), "host": plain(each.host), "url": plain(each.url)} for each in seen.sent],
        "stored": [
            {
                "store": each.store,
                "key": plain(each.name),
                "origin": plain(each.host),
                "ground": plain(each.necessity.ground),
                "kinds": [kind.value for kind in each.kinds],
                "by": plain(writer_of(each, states)),
                "first_seen": plain(each.first_seen),
            }
            for each in judged.stored
        ],
        "other_hosts": [
            {
                "host": plain(each.host),
                "first_seen": plain(each.first_seen),
                "carried": [plain(name) for name in each.carried],
                "sets": [plain(name) for name in each.sets],
            }
            for each in seen.other_hosts
        ],
    }


def _press(press: Press) -> dict[str, Any]:
    return {
        "role": plain(press.role),
        "name": plain(press.name),
        "frame": plain(press.frame),
        "clicks": press.clicks,
        "picture_before": press.picture_before,
        "picture_after": press.picture_after,
    }


def _cookie(judged: JudgedThing, seen: Observation, states: tuple[JudgedState, ...]) -> dict[str, Any]:
    kept = judged.kept.cookie if judged.kept else None
    left = kept.lives_for(seen.at) if kept else None
    return {
        "name": plain(judged.name),
        "domain": plain(judged.host),
        "path": plain(judged.path),
        "purpose": plain(judged.necessity.purpose),
        "ground": plain(judged.necessity.ground),
        "kinds": [kind.value for kind in judged.kinds],
        "reasons": [plain(why) for _, why in judged.complaints],
        "by": plain(writer_of(judged, states)),
        "first_seen": plain(judged.first_seen),
        "kept": kept
        and {
            "value": plain(masked(kept.value)),
            "bytes": len(kept.value.encode(errors="replace")),
            "lifetime": None if left is None else round(left),
            "http_only": kept.http_only,
            "secure": kept.secure,
            "same_site": kept.same_site,
            "partition": kept.partition and plain(str(kept.partition)),
        },
    }


def words_of(line: SetCookieLine) -> str:
    """A `Set-Cookie` line with its value masked."""
    return plain("; ".join((f"{plain(line.sent.name)}={masked(line.sent.value)}", *line.sent.attributes)), LINE_LENGTH)
