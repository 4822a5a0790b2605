"""One browser's visits to a site: before consent, after it, after its withdrawal; and, by somebody else, a refusal."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cookie_audit.crawler import ButtonMissing, Crawler, SiteUnreachable
from cookie_audit.observation import ConsentState, NotRun, Observation
from cookie_harness import BrowserSettings, EchoSite, Engine, Profile, prove_policy


class SiteUnusable(RuntimeError):
    """The site can't be audited as it was asked for; the message is one sentence."""


@dataclass(frozen=True)
class Buttons:
    """What answers the banner: a Playwright selector for each button; None for the button with this site's own name."""

    accept: str | None = None
    refuse: str | None = None
    withdraw: str | None = None
    accept_name = "Accept all"
    refuse_name = "Refuse all"
    withdraw_name = "Withdraw my consent to cookies"


@dataclass(frozen=True)
class Visit:
    """What to visit, and how. `folder` is where the browser's profile lives meanwhile."""

    url: str
    pages: int
    buttons: Buttons
    folder: Path


@dataclass(frozen=True)
class Visited:
    """What was seen in each state. `start` is where the given address led."""

    start: str
    states: tuple[Observation | NotRun, ...]


def visit(plan: Visit, engine: Engine) -> Visited:
    """Walk through the site in every state; raises `SiteUnusable` if it does not open or lacks a button by selector."""
    with EchoSite() as echo, sync_playwright() as playwright:
        # On a profile, where the browser's own setting for cookies can be stated: see `cookie_harness.policies`.
        profile = Profile(plan.folder / "profile", engine, getattr(playwright, engine.name))
        with closing(profile):
            profile.open()
            try:
                first = _visitor(profile.browser, plan, echo)
                states: list[Observation | NotRun] = [first.crawl(ConsentState.UNDECIDED)]
                buttons = plan.buttons
                states.append(_answered(first, ConsentState.GRANTED, buttons.accept, buttons.accept_name))
                if isinstance(states[-1], NotRun):
                    states.append(NotRun(ConsentState.WITHDRAWN, "there is no consent to withdraw"))
                else:
                    states.append(_answered(first, ConsentState.WITHDRAWN, buttons.withdraw, buttons.withdraw_name))
                second = _visitor(profile.browser, plan, echo)
                states.append(_answered(second, ConsentState.REFUSED, buttons.refuse, buttons.refuse_name))
            except SiteUnreachable as error:
                raise SiteUnusable(str(error)) from error
            return Visited(first.start, tuple(states))


def _visitor(browser: Browser, plan: Visit, echo: EchoSite) -> Crawler:
    """Somebody who was never here, with cookies that are proven to work."""
    context = browser.new_context()
    prove_policy(context, BrowserSettings(), echo)
    crawler = Crawler(context, plan.url, plan.pages)
    crawler.arrive()
    return crawler


def _answered(visitor: Crawler, state: ConsentState, selector: str | None, name: str) -> Observation | NotRun:
    """Answer the banner and walk through the site. Only a button that was named by a selector has to be there."""
    try:
        visitor.press(selector, name)
    except ButtonMissing as error:
        if selector:
            raise SiteUnusable(f"{error}.") from error
        return NotRun(state, str(error))
    return visitor.crawl(state)
