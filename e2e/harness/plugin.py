"""The pytest plugin: fixtures and hooks on top of pytest-playwright.

Load it with ``pytest_plugins`` in the topmost conftest: it overrides a fixture of pytest-playwright, so it must come
after that one, and ``-p`` would come before.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType
from pytest_playwright.pytest_playwright import ArtifactsRecorder, CreateContextCallback

from e2e.harness.echo import EchoSite
from e2e.harness.engines import ENGINE_NAMES, Engine, EngineError, find_engine
from e2e.harness.guard import prove_policy
from e2e.harness.policies import BrowserSettings, CookiePolicy, context_arguments, firefox_preferences
from e2e.harness.profiles import Profile

_ENGINES = pytest.StashKey[dict[str, Engine]]()

ProfileFactory = Callable[..., Profile]


class VisitorFactory(Protocol):
    """Opens the cheapest isolated browser with the given settings."""

    def __call__(
        self, *, cookies: CookiePolicy = ..., javascript: bool = ..., dark: bool = ..., **context_arguments: Any
    ) -> BrowserContext:
        """Open one; `context_arguments` are those of Playwright's `new_context`."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Run every test in both engines, unless the command line chose; have screenshots work without JavaScript."""
    # A screenshot first waits for the page's fonts, by a promise that never comes true in a Firefox without JavaScript.
    # Playwright's own switch for that; its process inherits it.
    os.environ.setdefault("PW_TEST_SCREENSHOT_NO_FONTS_READY", "1")
    if not config.option.browser:
        config.option.browser = list(ENGINE_NAMES)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Find the browsers that were asked for before anything is collected: a missing one fails the run."""
    if hasattr(session.config, "workerinput"):
        return  # the controller of pytest-xdist did it, and prints the header
    if session.config.option.browser_channel:
        raise pytest.UsageError(
            "--browser-channel is not for this suite: name a binary in E2E_CHROMIUM or E2E_FIREFOX."
        )
    try:
        for name in session.config.option.browser:
            _engine(session.config, name)
    except EngineError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name each browser: version, binary, driver, and the cookie policies it can have."""
    policies = ", ".join(policy.value for policy in CookiePolicy)
    return [f"{_engine(config, name)}; cookie policies: {policies}" for name in config.option.browser]


def _engine(config: pytest.Config, name: str) -> Engine:
    known = config.stash.setdefault(_ENGINES, {})
    if name not in known:
        known[name] = find_engine(name)
    return known[name]


@pytest.fixture(scope="session")
def engine(pytestconfig: pytest.Config, browser_name: str) -> Engine:
    """The browser that this test drives."""
    return _engine(pytestconfig, browser_name)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """pytest-playwright's arguments, and the binary; Firefox gets its preferences for the default settings."""
    arguments = {**engine.launch_arguments, **browser_type_launch_args}
    if engine.name == "firefox":
        chosen = browser_type_launch_args.get("firefox_user_prefs", {})
        arguments["firefox_user_prefs"] = {**firefox_preferences(BrowserSettings()), **chosen}
    return arguments


@pytest.fixture(scope="session")
def echo_site() -> Iterator[EchoSite]:
    """A site that sets cookies and shows which came back."""
    with EchoSite() as site:
        yield site


@pytest.fixture
def _artifacts_recorder(_artifacts_recorder: ArtifactsRecorder) -> ArtifactsRecorder:
    """pytest-playwright's recorder, without the film strip in its traces: that doubles a test's price in Firefox.

    Measured: three navigations in a new context take 1.4 s in Firefox, 1.8 s with a trace, 2.8 s with a film in it.
    """
    start = _artifacts_recorder.on_did_create_browser_context

    def start_without_film(context: BrowserContext) -> None:
        begin = context.tracing.start
        setattr(context.tracing, "start", lambda **options: begin(**{**options, "screenshots": False}))  # noqa: B010
        start(context)

    setattr(_artifacts_recorder, "on_did_create_browser_context", start_without_film)  # noqa: B010
    return _artifacts_recorder


@pytest.fixture
def _context_args(request: pytest.FixtureRequest, browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The context arguments of the run (`base_url` among them) and of the test's `browser_context_args` marker."""
    marker = request.node.get_closest_marker("browser_context_args")
    return {**browser_context_args, **(marker.kwargs if marker else {})}


# Traces and screenshots of contexts that pytest-playwright did not open itself: it has no public way for them, so this
# uses its own recorder, which is why its version is pinned.
@pytest.fixture
def new_profile(
    engine: Engine,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    _context_args: dict[str, Any],
    _artifacts_recorder: ArtifactsRecorder,
    tmp_path: Path,
) -> Iterator[ProfileFactory]:
    """A factory of closed profiles, each on a fresh folder; they are closed after the test.

    ``new_profile(settings=None, **context_arguments)``.
    """
    profiles: list[Profile] = []

    def new(settings: BrowserSettings | None = None, **context_arguments: Any) -> Profile:
        profile = Profile(
            tmp_path / f"profile-{len(profiles) + 1}",
            engine,
            browser_type,
            settings,
            launch_arguments=browser_type_launch_args,
            context_arguments={**_context_args, **context_arguments},
            recorder=_artifacts_recorder,
        )
        profiles.append(profile)
        return profile

    yield new
    for profile in profiles:
        profile.close()


@pytest.fixture
def profile(new_profile: ProfileFactory) -> Profile:
    """A closed profile with default settings."""
    return new_profile()


@pytest.fixture(scope="session")
def _set_browser(
    launch_browser: Callable[..., Browser], browser_type_launch_args: dict[str, Any]
) -> Iterator[Callable[[BrowserSettings], Browser]]:
    """Firefox with settings other than the default: one browser for each, kept for the session."""
    browsers: dict[BrowserSettings, Browser] = {}

    def browser(settings: BrowserSettings) -> Browser:
        if settings not in browsers:
            preferences = {**browser_type_launch_args["firefox_user_prefs"], **firefox_preferences(settings)}
            browsers[settings] = launch_browser(firefox_user_prefs=preferences)
        return browsers[settings]

    yield browser
    for opened in browsers.values():
        opened.close()


@pytest.fixture(scope="session")
def _proven(engine: Engine) -> set[BrowserSettings]:
    """Settings that the guard has seen in force in this engine; empty again for the next one."""
    return set()


@pytest.fixture
def new_visitor(
    request: pytest.FixtureRequest,
    engine: Engine,
    echo_site: EchoSite,
    new_profile: ProfileFactory,
    _set_browser: Callable[[BrowserSettings], Browser],
    _proven: set[BrowserSettings],
    _context_args: dict[str, Any],
    _artifacts_recorder: ArtifactsRecorder,
) -> Iterator[VisitorFactory]:
    """A factory of isolated browsers with given settings, each proven by the guard; they are closed after the test.

    It takes the cheapest way: a context in the shared browser, in Firefox with other settings a context in a second
    browser kept for them, and a profile of its own where a setting belongs to a profile.
    """
    opened: list[BrowserContext] = []

    def in_set_browser(settings: BrowserSettings, arguments: dict[str, Any]) -> BrowserContext:
        context = _set_browser(settings).new_context(**{**_context_args, **arguments})
        _artifacts_recorder.on_did_create_browser_context(context)
        opened.append(context)
        close = context.close

        def record_and_close(**arguments: Any) -> None:
            opened.remove(context)
            _artifacts_recorder.on_will_close_browser_context(context)
            close(**arguments)

        setattr(context, "close", record_and_close)  # noqa: B010 -- mypy refuses a plain assignment to a method
        return context

    def new(
        *,
        cookies: CookiePolicy = CookiePolicy.ACCEPT,
        javascript: bool = True,
        dark: bool = False,
        **arguments: Any,
    ) -> BrowserContext:
        settings = BrowserSettings(cookies=cookies, javascript=javascript, dark=dark)
        own_profile = cookies is CookiePolicy.CLEAR_ON_EXIT or (
            cookies is CookiePolicy.BLOCK and engine.name == "chromium"
        )
        if own_profile:
            context = new_profile(settings, **arguments).open()
        elif engine.name == "firefox" and settings != BrowserSettings():
            context = in_set_browser(settings, arguments)
        else:
            # Asked for here and not above, so that a test without such a visitor does not launch the shared browser.
            new_context: CreateContextCallback = request.getfixturevalue("new_context")
            context = new_context(**{**context_arguments(engine, settings), **arguments})
        # A context of the shared browser has that browser's settings, so the default ones are proven once for all.
        if settings != BrowserSettings() or settings not in _proven:
            prove_policy(context, settings, echo_site)
            _proven.add(settings)
        return context

    yield new
    for context in opened.copy():
        context.close()
