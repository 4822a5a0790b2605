"""The command: what it takes, what it writes, how it ends."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from playwright.sync_api import Error

from cookie_audit.autoconsent import AutoconsentUnusable, autoconsent_in, installed_autoconsent
from cookie_audit.baseline import BaselineUnreadable, known_in
from cookie_audit.declarations import DeclarationsUnreadable, FoundDeclarations, declarations_at, declarations_in
from cookie_audit.document import document
from cookie_audit.drafts import drafted
from cookie_audit.findings import judged_site
from cookie_audit.junit import junit
from cookie_audit.limits import Limits
from cookie_audit.links import origin_of
from cookie_audit.observation import ConsentState
from cookie_audit.page import page
from cookie_audit.report import EngineAudit, Report, plain
from cookie_audit.sarif import sarif
from cookie_audit.text import lines
from cookie_audit.visits import FOUR_STATES, Buttons, SiteUnusable, Visit, visit
from cookie_harness import EngineError, PolicyNotInForce, find_engine
from cookie_harness.engines import DEFAULT_ENGINES, Engine, EngineName

OUTPUT = Path("cookie-audit")
CLEAN, FINDING, NOT_DONE = 0, 1, 2

# What ends the audit with the sentence that it carries.
_SENTENCES = (
    AutoconsentUnusable,
    BaselineUnreadable,
    DeclarationsUnreadable,
    EngineError,
    PolicyNotInForce,
    SiteUnusable,
)
_DESCRIPTION = """Audits the cookies of one site in Chromium and Firefox: a crawl before consent, one after it, one
after its withdrawal, one after a refusal, and more with --states."""
_EPILOG = """Ends with 0 if nothing was found, 1 if something was, 2 if the audit could not be done, or not to its end
without a finding."""
_STATES = {
    "purposes": ConsentState.ONE_PURPOSE,
    "deleted": ConsentState.DELETED,
    "returning": ConsentState.RETURNING,
    "gpc": ConsentState.GPC,
    "blocked": ConsentState.BLOCKED,
    "no-javascript": ConsentState.NO_SCRIPTS,
    **{each.value: each for each in FOUR_STATES},
}
_ALL = "all"


@dataclass(frozen=True)
class Written:
    """Further files to write, None for those that nobody asked for."""

    junit: Path | None
    sarif: Path | None
    declarations: Path | None
    har: Path | None


@dataclass(frozen=True)
class AuditOptions:
    """What the command line says."""

    url: str
    limits: Limits
    states: tuple[ConsentState, ...]
    declarations: Path | None
    buttons: Buttons
    output: Path
    browsers: tuple[EngineName, ...]
    ask_robots: bool
    autoconsent: Path | None
    baseline: Path | None
    written: Written


def main(arguments: Sequence[str]) -> int:
    """Audit a site, say what was found, and give back the exit code."""
    options = options_from(arguments)
    try:
        engines = [find_engine(name) for name in options.browsers]
        given = declarations_in(options.declarations) if options.declarations else None
        known = known_in(options.baseline) if options.baseline else frozenset()
        report = replace(audit(options, engines, given), known_before=known)
        write(report, options)
    except _SENTENCES as error:
        return _not_done(str(error))
    except Error as error:
        return _not_done(f"The browser gave up: {error.message}")
    except OSError as error:
        return _not_done(f"{error.filename} can't be written: {error.strerror}.")
    index = options.output / "index.html"
    print("\n".join([*lines(report), "", f"The evidence: {index} and {options.output / 'audit.json'}"]))
    if report.new_findings():
        return FINDING
    if cut_short := report.cut_short():
        return _not_done(f"Nothing was found, and not all was seen: {cut_short[0]}.")
    return CLEAN


def run() -> NoReturn:
    """Do it with the arguments of this process, and end it."""
    sys.exit(main(sys.argv[1:]))


def audit(options: AuditOptions, engines: Sequence[Engine], given: FoundDeclarations | None) -> Report:
    """Visit the site with each browser, and judge what was seen; raises `SiteUnusable` if it can't be visited."""
    judged = []
    autoconsent = autoconsent_in(options.autoconsent) if options.autoconsent else installed_autoconsent()
    for engine in engines:
        print(f"{engine.name} walks through {plain(options.url)} …", file=sys.stderr)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            plan = Visit(
                options.url,
                options.buttons,
                Path(folder),
                options.output / "pictures",
                options.limits,
                options.states,
                options.ask_robots,
                options.written.har,
                autoconsent,
            )
            seen = visit(plan, engine)
        given = given or declarations_at(origin_of(seen.start))
        judged.append(EngineAudit(engine, judged_site(seen, given.declared if given.source else None, engine.name)))
    source = given.source if given else None
    return Report(options.url, datetime.now(UTC), options.limits.pages, source, tuple(judged))


def write(report: Report, options: AuditOptions) -> None:
    """Write the evidence, and the files that were asked for; raises `OSError`."""
    texts = {options.output / "index.html": page(report), options.output / "audit.json": _json(document(report))}
    if file := options.written.junit:
        texts[file] = junit(report)
    if file := options.written.sarif:
        texts[file] = _json(sarif(report))
    if file := options.written.declarations:
        start = report.engines[0].site.seen.start
        texts[file] = drafted(start, report.engines, urlsplit(start).hostname or "")
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def options_from(arguments: Sequence[str]) -> AuditOptions:
    """Read the command line; ends the program with code 2 and a sentence if it makes no sense."""
    parser = _parser()
    given = parser.parse_args(arguments)
    parts = urlsplit(given.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        parser.error(f"the URL begins with http:// or https:// and names a host, not like “{given.url}”")
    return AuditOptions(
        url=given.url,
        limits=Limits(given.pages, given.seconds, given.megabytes, given.delay, given.page_seconds),
        states=_wanted(given.states, parser),
        declarations=given.declarations,
        buttons=Buttons(accept=given.accept, refuse=given.refuse, withdraw=given.withdraw),
        output=given.output,
        browsers=tuple(given.browser or DEFAULT_ENGINES),
        ask_robots=not given.ignore_robots,
        autoconsent=given.autoconsent,
        baseline=given.baseline,
        written=Written(given.junit, given.sarif, given.write_declarations, given.har),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("cookie-audit", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    add = parser.add_argument
    add("url", help="where the site begins, such as https://library.example/")
    add("--pages", type=_number, default=30, metavar="N", help="pages that each crawl opens at most (30)")
    add("--states", metavar="LIST", help=f"further states, with commas: {', '.join(_STATES)}; or {_ALL}")
    add("--declarations", type=Path, metavar="FILE", help="what may be stored; default URL/cookies.json")
    for name in ("accept", "refuse", "withdraw"):
        add(f"--{name}", metavar="SELECTOR", help="a Playwright selector for the button, if it is not found by itself")
    words = "DuckDuckGo's npm package, for banners that are not found; default: where npm has it"
    add("--autoconsent", type=Path, metavar="DIR", help=words)
    engines = "this one alone; default both, one after the other"
    add("--browser", choices=DEFAULT_ENGINES, action="append", help=engines)
    add("--output", type=Path, default=OUTPUT, metavar="DIR", help=f"default {OUTPUT}")
    add("--baseline", type=Path, metavar="FILE", help="an earlier audit.json: fail only on what is new")
    add("--junit", type=Path, metavar="FILE", help="write a JUnit report too")
    add("--sarif", type=Path, metavar="FILE", help="write SARIF 2.1.0 too")
    add("--write-declarations", type=Path, metavar="FILE", help="draft a cookies.py for consent_gate")
    add("--har", type=Path, metavar="FILE", help="record what was asked and answered, a file for each visitor")
    add("--seconds", type=_number, default=900, metavar="N", help="how long each browser may take (900)")
    add("--megabytes", type=_number, default=200, metavar="N", help="how much each browser may receive (200)")
    add("--delay", type=_seconds, default=1.0, metavar="N", help="seconds between pages, not on this machine (1)")
    add("--page-seconds", type=_number, default=20, metavar="N", help="how long a page may load, then it is left (20)")
    add("--ignore-robots", action="store_true", help="open what robots.txt asks to leave alone: for a site of yours")
    return parser


def _wanted(names: str | None, parser: argparse.ArgumentParser) -> tuple[ConsentState, ...]:
    """The four states, and those that are named."""
    if names == _ALL:
        return tuple(ConsentState)
    named = [each.strip() for each in names.split(",")] if names else []
    if unknown := [each for each in named if each not in _STATES]:
        parser.error(f"there is no state “{unknown[0]}”: take of {', '.join(_STATES)}, or {_ALL}")
    wanted = {*FOUR_STATES, *(_STATES[each] for each in named)}
    return tuple(each for each in ConsentState if each in wanted)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"takes a number of seconds, not “{text}”")
    return seconds


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"takes a whole number, 1 or more, not “{text}”")
    return int(text)


def _not_done(sentence: str) -> int:
    print(plain(sentence.partition("\n")[0], length=None), file=sys.stderr)
    return NOT_DONE
