"""Made-up observations, for the tests of what follows from them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cookie_audit.declared import Declared, DeclaredCookie
from cookie_audit.findings import JudgedSite, judged_site
from cookie_audit.known import known
from cookie_audit.necessity import Rules
from cookie_audit.observation import (
    BannerSeen,
    Box,
    CarriedCookie,
    ConsentState,
    KeptCookie,
    NotRun,
    Observation,
    OpenedPage,
    OtherHost,
    Press,
    ScriptWrite,
    SetCookieLine,
    SiteSeen,
    StoredItem,
    Withdrawal,
)
from cookie_audit.report import EngineAudit, Report
from cookie_harness import Engine, JarCookie
from cookie_harness.set_cookie import parse_set_cookie

HOST = "site.example"
HOME = f"https://{HOST}/"
NOW = 1_800_000_000.0
AN_HOUR = 3600
A_DAY = 24 * AN_HOUR
ENGINE = Engine("chromium", Path("/usr/bin/chromium"), None, "156.0", "system")

DECLARED = Declared(
    (
        DeclaredCookie("choice", "necessary", AN_HOUR, http_only=True, secure=True, same_site="Lax", path="/"),
        DeclaredCookie("visits_*", "statistics", None, http_only=True, secure=True, same_site="Lax", path="/"),
    ),
    {},
)
RULES = Rules(HOST, DECLARED, has_declarations=True, known=known())
NO_DECLARATIONS = Rules(HOST, Declared((), {}), has_declarations=False, known=known())


def kept(name: str, **changes: Any) -> KeptCookie:
    """A cookie in the jar, as the declarations above have it but for the changes."""
    attributes = {
        "value": "1",
        "domain": HOST,
        "path": "/",
        "expires": None,
        "http_only": True,
        "secure": True,
        "same_site": "Lax",
    }
    return KeptCookie(JarCookie(name=name, **{**attributes, **changes}), HOME)


def set_cookie_line(line: str) -> SetCookieLine:
    """A line that a page below the home page sent."""
    sent = parse_set_cookie(line)
    return SetCookieLine(sent, f"{HOME}page", HOME, deletes=sent.deletes(NOW))


def sent_cookie(name: str, host: str = HOST) -> CarriedCookie:
    """A cookie that went out."""
    return CarriedCookie(name, host, f"https://{host}/asked", HOME)


def seen(state: ConsentState = ConsentState.UNDECIDED, *jar: KeptCookie, **more: Any) -> Observation:
    """A crawl that saw these cookies, and nothing else but what is named."""
    return replace(Observation(state, (), jar, (), (), (), NOW), **more)


def site_seen(*states: Observation | NotRun, **more: Any) -> SiteSeen:
    """What one browser saw of the site."""
    return replace(SiteSeen(HOME, states), **more)


def kinds_in(judged: JudgedSite) -> list[tuple[str, str]]:
    """The findings, as kind and subject."""
    return [(each.kind.value, each.subject) for each in judged.findings]


def report_of(site: SiteSeen, declared: Declared | None = DECLARED) -> Report:
    """The report of one browser's visits."""
    audits = (EngineAudit(ENGINE, judged_site(site, declared, ENGINE.name)),)
    return Report(HOME, datetime.fromtimestamp(NOW, UTC), 30, None, audits)


def one_of_everything(text: str = "stat") -> SiteSeen:
    """A site that says `text` wherever a site can say anything, in a report with something in each of its parts."""
    first = seen(
        ConsentState.UNDECIDED,
        kept(text, value=text * 9, path=text),
        kept("choice"),
        lines=(set_cookie_line("stray=1; Path=/; Max-Age=99999999"),),
        pages=(OpenedPage(f"{HOME}{text}", None, text),),
        stored=(StoredItem("localStorage", text, text, "", text),),
        other_hosts=(OtherHost("elsewhere.example", text, "https://elsewhere.example/", (text,), (text,)),),
        writes=(ScriptWrite("document.cookie", text, f"{text}=1", f"{HOME}app.js:3:14", HOME, HOME),),
        sent=(CarriedCookie(text, HOST, f"{HOME}{text}", HOME),),
    )
    refused = seen(
        ConsentState.REFUSED,
        kept(text),
        presses=(Press("button", text, text, 2, "before.png", "after.png"),),
        cut_short=text,
    )
    states = (first, NotRun(ConsentState.GRANTED, text), refused)
    banner = BannerSeen(1, 2, (Box(text, checked=True, locked=False),), "it covers", (text,))
    return site_seen(*states, banner=banner, withdrawal=Withdrawal(found=False, tried=(text,)))
