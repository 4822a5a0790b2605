"""Fixtures for tests of this site: its servers, and visitors to them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.harness import BrowserSettings, CookiePolicy, EchoSite, Profile, find_engine, prove_policy
from e2e.harness.plugin import ProfileFactory, VisitorFactory
from e2e.library.quirks import known_quirks
from e2e.library.site import LibrarySite, copy_prepared, prepare
from e2e.library.visitor import Visitor

SharedSite = Callable[..., LibrarySite]
OwnSite = Callable[..., LibrarySite]
NewcomerFactory = Callable[..., Visitor]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect the failures that `e2e/quirks.toml` lists; a listed test that passes fails the run."""
    quirks = known_quirks()
    for item in items:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        for quirk in quirks:
            if quirk.engine == parameters.get("browser_name") and quirk.concerns(
                item.nodeid, find_engine(quirk.engine)
            ):
                item.add_marker(pytest.mark.xfail(reason=quirk.reason, strict=True))


@pytest.fixture(scope="session")
def _prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("library") / "prepared"
    prepare(data)
    return data


@pytest.fixture(scope="session")
def library_with(_prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSite]:
    """The running site with given settings: one server for each set of them, kept for the session.

    ``library_with(SESSION_ENGINE="file")``. Tests must leave other visitors' data alone.
    """
    sites: dict[tuple[tuple[str, str], ...], LibrarySite] = {}

    def site(**settings: str) -> LibrarySite:
        key = tuple(sorted(settings.items()))
        if key not in sites:
            sites[key] = _new_site(_prepared_data, tmp_path_factory.mktemp("library") / "data", settings)
        return sites[key]

    yield site
    for each in sites.values():
        each.stop()


@pytest.fixture(scope="session")
def library(library_with: SharedSite) -> LibrarySite:
    """The running site with default settings."""
    return library_with()


@pytest.fixture
def own_library(_prepared_data: Path, tmp_path: Path) -> Iterator[OwnSite]:
    """A running site for one test alone, which may stop it, change its settings and spoil its data."""
    sites: list[LibrarySite] = []

    def site(**settings: str) -> LibrarySite:
        sites.append(_new_site(_prepared_data, tmp_path / f"library-{len(sites)}", settings))
        return sites[-1]

    yield site
    for each in sites:
        each.stop()


def _new_site(prepared: Path, data: Path, settings: dict[str, str]) -> LibrarySite:
    copy_prepared(prepared, data)
    site = LibrarySite(data, settings)
    site.start()
    return site


@pytest.fixture
def newcomer(new_visitor: VisitorFactory, library: LibrarySite) -> NewcomerFactory:
    """Somebody who was never here: ``newcomer(cookies=CookiePolicy.BLOCK, site=...)``."""

    def make(
        site: LibrarySite | None = None,
        *,
        cookies: CookiePolicy = CookiePolicy.ACCEPT,
        javascript: bool = True,
        dark: bool = False,
        **arguments: Any,
    ) -> Visitor:
        return Visitor(new_visitor(cookies=cookies, javascript=javascript, dark=dark, **arguments), site or library)

    return make


@pytest.fixture
def visitor(newcomer: NewcomerFactory) -> Visitor:
    """A newcomer who accepts cookies, at the site with default settings."""
    return newcomer()


@pytest.fixture
def blocker(newcomer: NewcomerFactory) -> Visitor:
    """A newcomer who blocks cookies, at the site with default settings."""
    return newcomer(cookies=CookiePolicy.BLOCK)


class Browser:
    """A browser on a profile, at one site, that is really closed and opened again."""

    def __init__(self, profile: Profile, site: LibrarySite, echo: EchoSite) -> None:
        self.profile = profile
        self.site = site
        self.echo = echo
        self.visitor = Visitor(profile.open(), site)

    def reopen(self, settings: BrowserSettings | None = None) -> Visitor:
        """Leave the site, close the browser, open it again; the guard proves settings that are new."""
        self.visitor.leave()
        context = self.profile.reopen(settings)
        if settings:
            prove_policy(context, settings, self.echo)
        self.visitor = Visitor(context, self.site)
        return self.visitor


BrowserAt = Callable[..., Browser]


@pytest.fixture
def browser_at(new_profile: ProfileFactory, echo_site: EchoSite) -> BrowserAt:
    """A browser that can be closed and opened again: ``browser_at(site, settings=None)``."""

    def make(site: LibrarySite, settings: BrowserSettings | None = None) -> Browser:
        return Browser(new_profile(settings), site, echo_site)

    return make
