"""Fixtures for tests of this site: its servers, and visitors to them."""

import functools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cookie_audit.declared import read_declared
from cookie_evidence import FACTS
from cookie_harness import BrowserSettings, CookiePolicy, EchoSite, find_engine
from cookie_harness.plugin import ProfileFactory, VisitorFactory
from library_suite.deployed import (
    LOOKS_INSIDE,
    OWN_SETTINGS,
    SECOND_NAME,
    SITE_OF_ITS_OWN,
    DeployedSite,
    NotThisSite,
    origin_of,
    other_host_name,
    prove_this_site,
)
from library_suite.quirks import known_quirks
from library_suite.reopened_browser import ReopenedBrowser
from library_suite.site import LibrarySite, Site, copy_prepared, prepare_once
from library_suite.steady.loads import seconds_late
from library_suite.visitor import PATIENCE, Visitor

PreparedData = Callable[[], Path]
SharedSite = Callable[..., LibrarySite]
OwnSite = Callable[..., LibrarySite]
NewcomerFactory = Callable[..., Visitor]
BrowserAt = Callable[..., ReopenedBrowser]


def pytest_configure() -> None:
    """Have `expect` as patient as a visitor is: its own five seconds are less than a busy machine may need."""
    expect.set_options(timeout=PATIENCE)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse a `--base-url` that does not lead to this site, before anything is collected."""
    base_url = session.config.getoption("base_url")
    if not base_url or hasattr(session.config, "workerinput"):
        return
    try:
        prove_this_site(origin_of(base_url))
    except NotThisSite as error:
        raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Expect the failures that `e2e/quirks.toml` lists; a listed test that passes fails the run."""
    # Once for each quirk, not for each test: finding an engine starts it, to hear its version.
    quirks = [(quirk, find_engine(quirk.engine)) for quirk in known_quirks() if quirk.engine in config.option.browser]
    for item in items:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        for quirk, engine in quirks:
            if quirk.engine == parameters.get("browser_name") and quirk.concerns(item.nodeid, engine):
                item.add_marker(pytest.mark.xfail(reason=quirk.reason, strict=True))


@pytest.fixture(scope="session")
def _prepared_data(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> PreparedData:
    """Gives the folder that each server's data begin as a copy of; a run that starts no server never makes it."""
    of_the_run = tmp_path_factory.getbasetemp()
    if hasattr(pytestconfig, "workerinput"):
        of_the_run = of_the_run.parent  # where the folders of all workers of pytest-xdist lie

    @functools.cache
    def folder() -> Path:
        return prepare_once(of_the_run / "prepared-library")

    return folder


@pytest.fixture(scope="session")
def _deployed(base_url: str | None) -> DeployedSite | None:
    """The site that `--base-url` names."""
    return DeployedSite(origin_of(base_url)) if base_url else None


@pytest.fixture(scope="session")
def _servers(_prepared_data: PreparedData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSite]:
    sites: dict[tuple[tuple[str, str], ...], LibrarySite] = {}

    def site(**settings: str) -> LibrarySite:
        key = tuple(sorted(settings.items()))
        if key not in sites:
            sites[key] = _new_site(_prepared_data(), tmp_path_factory.mktemp("library") / "data", settings)
        return sites[key]

    yield site
    _stop_all(sites.values())


@pytest.fixture(scope="session")
def library_with(_servers: SharedSite, _deployed: DeployedSite | None) -> SharedSite:
    """The running site with given settings: one server for each set of them, kept for the session.

    ``library_with(SESSION_ENGINE="file")``. Tests must leave other visitors' data alone.
    """
    if _deployed:
        pytest.skip(OWN_SETTINGS)
    return _servers


def pytest_evidence_facts() -> dict[str, str]:
    """What the harness does to the site's responses."""
    seconds = seconds_late()
    return {"responses": f"{seconds * 1000:.0f} ms late"} if seconds else {}


@pytest.fixture(scope="session")
def library(_servers: SharedSite, _deployed: DeployedSite | None, pytestconfig: pytest.Config) -> Site:
    """The running site with default settings, or the deployed one; the evidence names its declarations."""
    site: Site = _deployed or _servers()
    fingerprints = read_declared(site.url).fingerprints
    words = ", ".join(f"{purpose} {fingerprint}" for purpose, fingerprint in fingerprints.items())
    pytestconfig.stash[FACTS] = {"declarations": words}
    return site


@pytest.fixture(scope="session")
def library_inside(library: Site, _servers: SharedSite, _deployed: DeployedSite | None) -> LibrarySite:
    """The site `library`, for tests that look inside it; against a deployed one they are left out."""
    if _deployed:
        pytest.skip(LOOKS_INSIDE)
    return _servers()


@pytest.fixture(scope="session")
def other_host(library: Site) -> str:
    """Another host name of the site `library`, which shares no cookie with the first."""
    host = other_host_name(library.url)
    if host is None:
        pytest.skip(SECOND_NAME.format(library.url))
    return host


@pytest.fixture
def own_library(_prepared_data: PreparedData, _deployed: DeployedSite | None, tmp_path: Path) -> Iterator[OwnSite]:
    """A running site for one test alone, which may stop it, change its settings and spoil its data."""
    if _deployed:
        pytest.skip(SITE_OF_ITS_OWN)
    sites: list[LibrarySite] = []

    def site(**settings: str) -> LibrarySite:
        sites.append(_new_site(_prepared_data(), tmp_path / f"library-{len(sites)}", settings))
        return sites[-1]

    yield site
    _stop_all(sites)


def _stop_all(sites: Iterable[LibrarySite]) -> None:
    """Side by side, as gunicorn takes half a second to end. A page may look fine though a request beside it failed."""
    sites = list(sites)
    with ThreadPoolExecutor() as pool:
        list(pool.map(LibrarySite.stop, sites))
    consoles = [site.console for site in sites if site.has_failed and not site.may_fail]
    assert not consoles, "A server met an error:\n" + "\n".join(consoles)


def _new_site(prepared: Path, data: Path, settings: dict[str, str]) -> LibrarySite:
    copy_prepared(prepared, data)
    site = LibrarySite(data, settings)
    site.start()
    return site


@pytest.fixture
def newcomer(new_visitor: VisitorFactory, library: Site) -> NewcomerFactory:
    """Somebody who opens no page yet: ``newcomer(site=None, consents=False, cookies=CookiePolicy.BLOCK, gpc=True)``.

    Unless told otherwise they have allowed everything, if their browser keeps cookies at all. All but the site and the
    consent goes to `new_visitor`.
    """

    def make(site: Site | None = None, *, consents: bool | None = None, **how: Any) -> Visitor:
        visitor = Visitor(new_visitor(**how), site or library)
        if how.get("cookies") is not CookiePolicy.BLOCK if consents is None else consents:
            visitor.consent()
        return visitor

    return make


@pytest.fixture
def visitor(newcomer: NewcomerFactory) -> Visitor:
    """A newcomer who has allowed everything, at the site with default settings."""
    return newcomer()


@pytest.fixture
def stranger(newcomer: NewcomerFactory) -> Visitor:
    """A newcomer who has not answered the banner, at the site with default settings."""
    return newcomer(consents=False)


@pytest.fixture
def blocker(newcomer: NewcomerFactory) -> Visitor:
    """A newcomer who blocks cookies, at the site with default settings."""
    return newcomer(cookies=CookiePolicy.BLOCK)


@pytest.fixture
def browser_at(new_profile: ProfileFactory, echo_site: EchoSite) -> BrowserAt:
    """A browser that can be closed and opened again: ``browser_at(site, settings=None, consents=True)``."""

    def make(site: Site, settings: BrowserSettings | None = None, *, consents: bool = True) -> ReopenedBrowser:
        browser = ReopenedBrowser(new_profile(settings), site, echo_site)
        if consents:
            browser.visitor.consent()
        return browser

    return make
