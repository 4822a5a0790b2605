"""The command: what it takes, what it writes, how it ends."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from playwright.sync_api import Error

from cookie_audit.declarations import DeclarationsUnreadable, FoundDeclarations, declarations_at, declarations_in
from cookie_audit.document import document
from cookie_audit.judge import judge
from cookie_audit.links import origin_of
from cookie_audit.page import page
from cookie_audit.report import EngineAudit, Report, plain
from cookie_audit.text import lines
from cookie_audit.visits import Buttons, SiteUnusable, Visit, visit
from cookie_harness import EngineError, PolicyNotInForce, find_engine
from cookie_harness.engines import DEFAULT_ENGINES, Engine, EngineName

OUTPUT = Path("cookie-audit")
CLEAN, FINDING, NOT_DONE = 0, 1, 2

_DESCRIPTION = """Audits the cookies of one site in Chromium and Firefox: a crawl before consent, one after it, one
after its withdrawal, and one after a refusal."""
_EPILOG = "Ends with 0 if nothing was found, 1 if something was, 2 if the audit could not be done."


@dataclass(frozen=True)
class AuditOptions:
    """What the command line says."""

    url: str
    pages: int
    declarations: Path | None
    buttons: Buttons
    output: Path
    browsers: tuple[EngineName, ...]


def main(arguments: Sequence[str]) -> int:
    """Audit a site, say what was found, and give back the exit code."""
    options = options_from(arguments)
    try:
        engines = [find_engine(name) for name in options.browsers]
        given = declarations_in(options.declarations) if options.declarations else None
        report = audit(options, engines, given)
    except (EngineError, DeclarationsUnreadable, SiteUnusable, PolicyNotInForce) as error:
        return _not_done(str(error))
    except Error as error:
        return _not_done(f"The browser gave up: {error.message}")
    options.output.mkdir(parents=True, exist_ok=True)
    written = [options.output / "index.html", options.output / "audit.json"]
    written[0].write_text(page(report), encoding="utf-8")
    written[1].write_text(json.dumps(document(report), indent=2, ensure_ascii=False), encoding="utf-8")
    print("\n".join([*lines(report), "", f"The evidence: {written[0]} and {written[1].name}"]))
    return FINDING if report.findings() else CLEAN


def run() -> NoReturn:
    """Do it with the arguments of this process, and end it."""
    sys.exit(main(sys.argv[1:]))


def audit(options: AuditOptions, engines: Sequence[Engine], given: FoundDeclarations | None) -> Report:
    """Visit the site with each browser, and judge what was seen; raises `SiteUnusable` if it can't be visited."""
    judged = []
    for engine in engines:
        print(f"{engine.name} walks through {plain(options.url)} …", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            seen = visit(Visit(options.url, options.pages, options.buttons, Path(folder)), engine)
        given = given or declarations_at(origin_of(seen.start))
        host = urlsplit(seen.start).hostname or ""
        states = tuple(judge(each, given.declared, host) for each in seen.states)
        judged.append(EngineAudit(engine, states))
    source = given.source if given else None
    return Report(options.url, datetime.now(UTC), options.pages, source, tuple(judged))


def options_from(arguments: Sequence[str]) -> AuditOptions:
    """Read the command line; ends the program with code 2 and a sentence if it makes no sense."""
    parser = argparse.ArgumentParser("cookie-audit", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    parser.add_argument("url", help="where the site begins, such as https://library.example/")
    parser.add_argument(
        "--pages", type=_number, default=30, metavar="N", help="pages that each crawl opens at most (30)"
    )
    parser.add_argument(
        "--declarations", type=Path, metavar="FILE", help="what may be stored; default URL/cookies.json"
    )
    for name in ("accept", "refuse", "withdraw"):
        words = f"a Playwright selector for the button; default “{getattr(Buttons, f'{name}_name')}”"
        parser.add_argument(f"--{name}", metavar="SELECTOR", help=words)
    parser.add_argument(
        "--browser", choices=DEFAULT_ENGINES, action="append", help="this one alone; default both, one after the other"
    )
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="DIR", help=f"default {OUTPUT}")
    given = parser.parse_args(arguments)
    parts = urlsplit(given.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        parser.error(f"the URL begins with http:// or https:// and names a host, not like “{given.url}”")
    buttons = Buttons(accept=given.accept, refuse=given.refuse, withdraw=given.withdraw)
    return AuditOptions(
        given.url, given.pages, given.declarations, buttons, given.output, tuple(given.browser or DEFAULT_ENGINES)
    )


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"takes a whole number, 1 or more, not “{text}”")
    return int(text)


def _not_done(sentence: str) -> int:
    print(plain(sentence.partition("\n")[0], length=None), file=sys.stderr)
    return NOT_DONE
