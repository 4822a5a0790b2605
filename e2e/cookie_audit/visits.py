"""One browser's visits to a site: a visitor for each answer to the banner, and for each setting of the browser."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error

from cookie_audit.autoconsent import Autoconsent
from cookie_audit.banner import BannerOnPage, BannerPlan, ButtonMissing
from cookie_audit.browsers import Browsers, OpenBrowser, browsers_of
from cookie_audit.camera import Camera
from cookie_audit.crawler import Crawler, SiteUnreachable
from cookie_audit.limits import Budget, Limits
from cookie_audit.observation import (
    ConsentState,
    KeptCookie,
    NotRun,
    Observation,
    Press,
    SiteSeen,
    Withdrawal,
)
from cookie_audit.robots import Robots, robots_of
from cookie_audit.watchdog import Watchdog
from cookie_harness import BrowserSettings, CookiePolicy, Engine
from cookie_harness.policies import browser_settings

FOUR_STATES = (ConsentState.UNDECIDED, ConsentState.GRANTED, ConsentState.WITHDRAWN, ConsentState.REFUSED)
_SETTINGS = {
    ConsentState.GPC: BrowserSettings(gpc=True),
    ConsentState.BLOCKED: BrowserSettings(cookies=CookiePolicy.BLOCK),
    ConsentState.NO_SCRIPTS: BrowserSettings(javascript=False),
}
_MOST_PURPOSES = 6
# A shorter value is none that a visitor could be known by.
_IDENTIFIER = 8


class SiteUnusable(RuntimeError):
    """The site can't be audited as it was asked for; the message is one sentence."""


@dataclass(frozen=True)
class Buttons:
    """What answers the banner: a Playwright selector for each button; None where it is to be found."""

    accept: str | None = None
    refuse: str | None = None
    withdraw: str | None = None


@dataclass(frozen=True)
class Visit:
    """What to visit, and how. `folder` is where profiles live meanwhile, `pictures` where pictures are left."""

    url: str
    buttons: Buttons
    folder: Path
    pictures: Path
    limits: Limits = field(default_factory=Limits)
    states: tuple[ConsentState, ...] = FOUR_STATES
    ask_robots: bool = True
    har: Path | None = None
    autoconsent: Autoconsent | None = None
    """Answers the banner where none is found."""


def visit(plan: Visit, engine: Engine) -> SiteSeen:
    """Walk through the site in every state; raises `SiteUnusable` if it does not open or lacks a button by selector."""
    with browsers_of(engine, plan.folder) as browsers:
        return visit_with(plan, browsers)


def visit_with(plan: Visit, browsers: Browsers) -> SiteSeen:
    """Do it in browsers that are there; it raises the same."""
    walk = _Walk(plan, browsers)
    try:
        return walk.everything()
    finally:
        walk.end()


class _Walk:
    """The visits of one engine, one after the other."""

    def __init__(self, plan: Visit, browsers: Browsers) -> None:
        self._plan = plan
        self._browsers = browsers
        self._engine = browsers.engine
        self._contexts: list[BrowserContext] = []
        self._budget = Budget(plan.limits)
        self._robots = robots_of(plan.url) if plan.ask_robots else Robots()
        self._camera = Camera(plan.pictures, self._engine.name)
        self._numbers = count(1)
        self._start = plan.url
        self._banner: BannerPlan | None = None
        self._no_banner = ""
        self._withdrawal: Withdrawal | None = None
        self._states: list[Observation | NotRun] = []

    def everything(self) -> SiteSeen:
        """All states that are wanted, in their order."""
        if not self._robots.allow(self._plan.url):
            raise SiteUnusable(
                f"robots.txt asks to leave {self._plan.url} alone (--ignore-robots, if the site is yours)."
            )
        with self._browsers.with_settings(BrowserSettings(), self._plan.limits.page_seconds) as opened:
            self._first_visitor(opened)
            for state in self._plan.states:
                if state is ConsentState.ONE_PURPOSE:
                    for label in self._labels():
                        self._run(opened, state, label)
                elif state not in FOUR_STATES or state is ConsentState.REFUSED:
                    self._run(opened, state)
        order = list(ConsentState)
        states = tuple(sorted(self._states, key=lambda each: order.index(each.state)))
        return SiteSeen(self._start, states, self._banner.seen if self._banner else None, self._withdrawal)

    def end(self) -> None:
        """Send all visitors away; what was recorded of them is written now."""
        for context in self._contexts:
            with contextlib.suppress(Error):  # its browser was ended
                context.close()

    def _first_visitor(self, opened: OpenBrowser) -> None:
        """Undecided, granted, withdrawn: the same person, one after the other."""
        try:
            visitor = self._visitor(opened, BrowserSettings())
            self._start = visitor.start
            self._survey(visitor)
            self._states.append(visitor.crawl(ConsentState.UNDECIDED))
        except SiteUnreachable as error:
            raise SiteUnusable(str(error)) from error
        except Error as error:
            if not opened.watchdog.bitten_at:
                raise
            raise SiteUnusable(f"The site can't be audited: {opened.watchdog.why}.") from error
        wanted = self._plan.states
        if ConsentState.GRANTED in wanted or ConsentState.WITHDRAWN in wanted:
            granted = self._try(opened, ConsentState.GRANTED, "", lambda: self._grant(visitor))
            if ConsentState.WITHDRAWN in wanted:
                if isinstance(granted, NotRun):
                    self._states.append(NotRun(ConsentState.WITHDRAWN, "there is no consent to withdraw"))
                else:
                    self._try(opened, ConsentState.WITHDRAWN, "", lambda: self._withdraw(visitor))

    def _survey(self, visitor: Crawler) -> None:
        try:
            self._banner = BannerOnPage(visitor.page).survey()
        except ButtonMissing as error:
            self._no_banner = str(error)

    def _run(self, opened: OpenBrowser, state: ConsentState, label: str = "") -> None:
        """A state of its own visitor; in a browser of its own, where the engine has the settings for all of it."""
        settings = _SETTINGS.get(state, BrowserSettings())
        shared = browser_settings(self._engine, settings)
        seconds = self._plan.limits.page_seconds
        if state is ConsentState.RETURNING:
            with self._browsers.of_its_own(settings, seconds) as own:
                self._try(own, state, label, lambda: self._return(own))
        elif shared == BrowserSettings():
            self._try(opened, state, label, lambda: self._visit(opened, state, settings, label))
        else:
            with self._browsers.with_settings(shared, seconds) as other:
                self._try(other, state, label, lambda: self._visit(other, state, settings, label))

    def _visit(self, opened: OpenBrowser, state: ConsentState, settings: BrowserSettings, label: str) -> Observation:
        match state:
            case ConsentState.REFUSED:
                return self._refuse(self._visitor(opened, settings))
            case ConsentState.ONE_PURPOSE:
                return self._allow_alone(self._visitor(opened, settings), label)
            case ConsentState.DELETED:
                return self._delete(self._visitor(opened, settings))
            case _:
                return self._visitor(opened, settings).crawl(state)

    def _try(
        self, opened: OpenBrowser, state: ConsentState, label: str, act: Callable[[], Observation]
    ) -> Observation | NotRun:
        """What a state showed, or why there is nothing to show."""
        result: Observation | NotRun
        try:
            if opened.watchdog.bitten_at or self._budget.spent():
                result = NotRun(state, self._budget.spent() or opened.watchdog.why, label)
            else:
                result = act()
        except (ButtonMissing, SiteUnreachable) as error:
            result = NotRun(state, str(error), label)
        except Error as error:
            result = NotRun(state, opened.watchdog.why or error.message.partition("\n")[0], label)
        self._states.append(result)
        return result

    def _grant(self, visitor: Crawler) -> Observation:
        return visitor.crawl(ConsentState.GRANTED, self._accept(visitor, "accepting"))

    def _withdraw(self, visitor: Crawler) -> Observation:
        tried: list[str] = []
        try:
            presses = self._answer(
                visitor,
                "withdrawing",
                self._plan.buttons.withdraw,
                lambda banner: banner.withdraw(visitor.open_start, tried),
            )
        except ButtonMissing:
            self._withdrawal = Withdrawal(found=False, tried=tuple(tried))
            raise
        self._withdrawal = Withdrawal(found=True, tried=tuple(tried))
        return visitor.crawl(ConsentState.WITHDRAWN, presses)

    def _refuse(self, visitor: Crawler) -> Observation:
        presses = self._answer(visitor, "refusing", self._plan.buttons.refuse, BannerOnPage.refuse)
        return visitor.crawl(ConsentState.REFUSED, presses)

    def _allow_alone(self, visitor: Crawler, label: str) -> Observation:
        presses = self._answer(visitor, f"allowing {label} alone", None, lambda banner: banner.allow_alone(label))
        return visitor.crawl(ConsentState.ONE_PURPOSE, presses, label)

    def _delete(self, visitor: Crawler) -> Observation:
        """Accept, delete all cookies as a person can by hand, and accept again: do the old values come back?"""
        presses = self._accept(visitor, "accepting")
        visitor.open_start()
        before = visitor.jar()
        visitor.context.clear_cookies()
        visitor.begin_state("deleting the cookies")
        visitor.open_start()
        with contextlib.suppress(ButtonMissing):
            self._accept(visitor, "accepting again", open_start=False)
        seen = visitor.crawl(ConsentState.DELETED, presses)
        others = (
            kept
            for each in self._states
            if isinstance(each, Observation) and each.state is ConsentState.GRANTED
            for kept in each.jar
        )
        return replace(seen, revived=revived(before, seen.jar, others))

    def _return(self, opened: OpenBrowser) -> Observation:
        """Refuse, close the browser, and come back."""
        first = self._crawler(opened.profile.context, opened.watchdog)
        presses = self._answer(first, "refusing", self._plan.buttons.refuse, BannerOnPage.refuse)
        first.leave()
        opened.watchdog.rest()
        opened.profile.reopen()
        again = self._crawler(opened.profile.context, opened.watchdog)
        return again.crawl(ConsentState.RETURNING, presses)

    def _accept(self, visitor: Crawler, words: str, *, open_start: bool = True) -> tuple[Press, ...]:
        return self._answer(visitor, words, self._plan.buttons.accept, BannerOnPage.accept, open_start=open_start)

    def _answer(
        self,
        visitor: Crawler,
        words: str,
        selector: str | None,
        act: Callable[[BannerOnPage], tuple[Press, ...]],
        *,
        open_start: bool = True,
    ) -> tuple[Press, ...]:
        """Open the start page and answer the banner there. Only a button that was named by a selector must be there."""
        if self._no_banner and not selector and words != "withdrawing":
            return self._answer_by_rules(visitor, words)
        if open_start:
            visitor.open_start()
        banner = BannerOnPage(visitor.page)
        try:
            if selector:
                banner.wait_for(selector)
            elif words != "withdrawing":
                banner.find()
            before = self._camera.take(visitor.page, f"{words}-before")
            visitor.begin_state(f"({words})")
            presses = (banner.press_selector(selector),) if selector else act(banner)
        except ButtonMissing as error:
            if selector:
                raise SiteUnusable(f"{error}.") from error
            raise
        visitor.end_answer()
        after = self._camera.take(visitor.page, f"{words}-after")
        return (*presses[:-1], replace(presses[-1], picture_before=before, picture_after=after))

    def _answer_by_rules(self, visitor: Crawler, words: str) -> tuple[Press, ...]:
        """Let autoconsent answer, which knows how to accept and to refuse; raises `ButtonMissing`."""
        rules = self._plan.autoconsent
        if rules is None:
            raise ButtonMissing(self._no_banner)
        visitor.open_start()
        before = self._camera.take(visitor.page, f"{words}-before")
        visitor.begin_state(f"({words})")
        manager = rules.answer(visitor.page, "optOut" if words == "refusing" else "optIn")
        if not manager:
            raise ButtonMissing(f"{self._no_banner}, and autoconsent knows none either")
        visitor.end_answer()
        return (
            Press(
                "rule", f"autoconsent’s for {manager}", "", 1, before, self._camera.take(visitor.page, f"{words}-after")
            ),
        )

    def _labels(self) -> list[str]:
        """The boxes by which the banner allows a purpose alone, unless there is but one."""
        if self._banner is None:
            return []
        layer = next((each for each in (self._banner.first, self._banner.second) if each and each.open_boxes), None)
        labels = list(dict.fromkeys(each.box.label for each in layer.open_boxes if each.box.label)) if layer else []
        return labels[:_MOST_PURPOSES] if len(labels) > 1 else []

    def _visitor(self, opened: OpenBrowser, settings: BrowserSettings) -> Crawler:
        """Somebody who was never here, with settings that are proven to be in force."""
        context = self._browsers.new_context(opened, settings, self._context_arguments())
        self._contexts.append(context)
        return self._crawler(context, opened.watchdog)

    def _crawler(self, context: BrowserContext, watchdog: Watchdog) -> Crawler:
        if self._plan.autoconsent:
            self._plan.autoconsent.join(context)
        crawler = Crawler(context, self._plan.url, self._budget, self._robots, watchdog)
        crawler.arrive()
        return crawler

    def _context_arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {"accept_downloads": False}
        if har := self._plan.har:
            name = f"{har.stem}-{self._engine.name}-{next(self._numbers)}{har.suffix or '.har'}"
            arguments |= {"record_har_path": har.with_name(name), "record_har_content": "omit"}
        return arguments


def revived(before: Iterable[KeptCookie], after: Iterable[KeptCookie], others: Iterable[KeptCookie]) -> tuple[str, ...]:
    """Names of cookies whose values came back after they were deleted, and which another visitor does not have."""
    old = {(each.cookie.name, each.cookie.domain): each.cookie.value for each in before}
    theirs = {(each.cookie.name, each.cookie.domain): each.cookie.value for each in others}
    return tuple(
        each.cookie.name
        for each in after
        if len(value := each.cookie.value) >= _IDENTIFIER
        and old.get(place := (each.cookie.name, each.cookie.domain)) == value
        and theirs.get(place, value) != value
    )
