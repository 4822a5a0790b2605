"""The pytest plugin: fixtures and hooks on top of pytest-playwright.

Load it with ``pytest_plugins`` in the topmost conftest: it extends a fixture of pytest-playwright, so it must come
after that one, and ``-p`` would come before.
"""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType

from cookie_harness import hooks
from cookie_harness.echo import EchoSite
from cookie_harness.engines import DEFAULT_ENGINES, Engine, EngineError, find_engine
from cookie_harness.guard import prove_policy
from cookie_harness.policies import (
    BrowserSettings,
    CookiePolicy,
    SettingMissing,
    browser_settings,
    context_arguments,
    firefox_preferences,
    settable_policies,
)
from cookie_harness.profiles import Profile
from cookie_harness.recorder import Recorder, RecordingOptions

pytest_plugins = ["cookie_harness.shards"]

_ENGINES = pytest.StashKey[dict[str, Engine]]()
_RECORDER = pytest.StashKey[Recorder]()

ProfileFactory = Callable[..., Profile]


class VisitorFactory(Protocol):
    """Opens the cheapest isolated browser with the given settings."""

    def __call__(  # noqa: PLR0913 -- all have a default
        self,
        *,
        cookies: CookiePolicy = ...,
        allowed: tuple[str, ...] = ...,
        javascript: bool = ...,
        dark: bool = ...,
        gpc: bool = ...,
        hosts: tuple[str, ...] = ...,
        authority: Path | None = ...,
        **context_arguments: Any,
    ) -> BrowserContext:
        """Open one; the settings are those of `BrowserSettings`, the rest goes to Playwright's `new_context`."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the harness's hooks."""
    pluginmanager.add_hookspecs(hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the harness's option."""
    parser.addoption(
        "--authority",
        type=Path,
        metavar="FILE",
        help="a certificate authority (PEM) that browsers trust beside their own, for a --base-url with its own",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Run every test in both engines, unless the command line chose; have screenshots work without JavaScript."""
    config.addinivalue_line("markers", "closes: really closes a browser, which takes seconds (set by itself)")
    # A screenshot first waits for the page's fonts, by a promise that never comes true in a Firefox without JavaScript.
    # Playwright's own switch for that; its process inherits it.
    os.environ.setdefault("PW_TEST_SCREENSHOT_NO_FONTS_READY", "1")
    if authority := config.getoption("authority"):
        # Requests that Playwright makes by itself, and Python's: neither asks the browser.
        os.environ |= {"NODE_EXTRA_CA_CERTS": str(authority), "SSL_CERT_FILE": str(authority)}
    if not config.option.browser:
        config.option.browser = list(DEFAULT_ENGINES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a profile: ``-m "not closes"`` is the fast part of a suite."""
    for item in items:
        if "new_profile" in getattr(item, "fixturenames", ()):
            item.add_marker("closes")


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
    return [
        f"{engine}; cookie policies: {', '.join(policy.value for policy in settable_policies(engine.name))}"
        for engine in (_engine(config, name) for name in config.option.browser)
    ]


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
def _authority(pytestconfig: pytest.Config) -> Path | None:
    authority: Path | None = pytestconfig.getoption("authority")
    return authority


@pytest.fixture(scope="session")
def echo_site() -> Iterator[EchoSite]:
    """A site that sets cookies and shows which came back."""
    with EchoSite() as site:
        yield site


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the test's recorder of the outcome, and name the files that it keeps where JUnit and others find them."""
    report = yield
    if call.excinfo and isinstance(call.excinfo.value, SettingMissing):
        report.outcome, report.wasxfail = "skipped", str(call.excinfo.value)  # as pytest notes an expected failure
    recorder = item.stash.get(_RECORDER, None)
    if recorder is None:
        return report
    if report.failed or report.when != "setup":  # a setup that passed says nothing yet
        recorder.failed = bool(recorder.failed) or report.failed
    if report.when == "teardown":
        for artifact in recorder.kept():
            report.user_properties.append((f"playwright_{artifact.kind}", str(artifact.path)))
    return report


@pytest.fixture
def recorder(request: pytest.FixtureRequest, output_path: str) -> Iterator[Recorder]:
    """Records the browsers that this test opens; to close one before the test ends: ``recorder.close(context)``."""
    options = RecordingOptions.of(request.config)
    recorder = Recorder(options, Path(output_path), request.node)
    request.node.stash[_RECORDER] = recorder
    yield recorder
    recorder.close_all()


@pytest.fixture
def _context_args(request: pytest.FixtureRequest, browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The context arguments of the run (`base_url` among them) and of the test's `browser_context_args` marker."""
    marker = request.node.get_closest_marker("browser_context_args")
    return {**browser_context_args, **(marker.kwargs if marker else {})}


@pytest.fixture
def new_profile(
    engine: Engine,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    _context_args: dict[str, Any],
    _authority: Path | None,
    recorder: Recorder,
    tmp_path: Path,
) -> Iterator[ProfileFactory]:
    """A factory of closed profiles, each in a folder of its own; they are closed after the test.

    ``new_profile(settings=None, **context_arguments)``.
    """
    profiles: list[Profile] = []

    def new(settings: BrowserSettings | None = None, **context_arguments: Any) -> Profile:
        profile = Profile(
            tmp_path / f"profile-{len(profiles) + 1}",
            engine,
            browser_type,
            settings or BrowserSettings(authority=_authority),
            launch_arguments=browser_type_launch_args,
            context_arguments={**_context_args, **context_arguments},
            recorder=recorder,
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
    engine: Engine,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[BrowserSettings], Browser]]:
    """Browsers with given settings: one for each, kept for the session.

    Each runs on a profile, where the settings live; its isolated contexts inherit them, as private windows do.
    """
    profiles: dict[BrowserSettings, Profile] = {}

    def browser(settings: BrowserSettings) -> Browser:
        if settings not in profiles:
            profile = Profile(
                tmp_path_factory.mktemp("set-browser") / "profile",
                engine,
                browser_type,
                settings,
                launch_arguments=browser_type_launch_args,
            )
            profile.open()
            profiles[settings] = profile
        return profiles[settings].browser

    yield browser
    for profile in profiles.values():
        profile.close()


@pytest.fixture(scope="session")
def browser(_set_browser: Callable[[BrowserSettings], Browser], _authority: Path | None) -> Browser:
    """The shared browser, with default settings; in pytest-playwright's place, so that it too runs on a profile."""
    return _set_browser(BrowserSettings(authority=_authority))


@pytest.fixture(scope="session")
def _proven(engine: Engine) -> set[BrowserSettings]:
    """Settings that the guard has seen in force in this engine; empty again for the next one."""
    return set()


@pytest.fixture
def new_visitor(
    engine: Engine,
    echo_site: EchoSite,
    _set_browser: Callable[[BrowserSettings], Browser],
    _proven: set[BrowserSettings],
    _context_args: dict[str, Any],
    _authority: Path | None,
    recorder: Recorder,
) -> VisitorFactory:
    """A factory of isolated browsers with given settings, proven by the guard; they are closed after the test.

    Each is a context in the shared browser, or in one that is kept for its settings. The guard proves the settings in
    the first context that has them: the others share its browser and so its settings.
    """

    def new(  # noqa: PLR0913 -- all have a default
        *,
        cookies: CookiePolicy = CookiePolicy.ACCEPT,
        allowed: tuple[str, ...] = (),
        javascript: bool = True,
        dark: bool = False,
        gpc: bool = False,
        hosts: tuple[str, ...] = (),
        authority: Path | None = _authority,
        **arguments: Any,
    ) -> BrowserContext:
        settings = BrowserSettings(
            cookies=cookies,
            allowed=allowed,
            javascript=javascript,
            dark=dark,
            gpc=gpc,
            hosts=hosts,
            authority=authority,
        )
        shared = browser_settings(engine, settings)
        try:
            browser = _set_browser(shared)
        except SettingMissing:
            recorder.refuse(settings)
            raise
        context = browser.new_context(**context_arguments(engine, settings, {**_context_args, **arguments}))
        recorder.start(context, settings)
        if settings not in _proven:
            prove_policy(context, settings, echo_site)
            _proven.add(settings)
        return context

    return new
