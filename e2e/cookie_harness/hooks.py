"""What the harness tells other plugins: they, or a conftest, implement these hooks by their names."""

import pytest
from playwright.sync_api import BrowserContext

from cookie_harness.policies import BrowserSettings


@pytest.hookspec
def pytest_browser_opened(item: pytest.Item, context: BrowserContext, settings: BrowserSettings) -> None:
    """A test has opened a browser, new or again, with these settings."""


@pytest.hookspec
def pytest_browser_refused(item: pytest.Item, settings: BrowserSettings) -> None:
    """A test has asked for a browser with these settings, which its engine does not have; it goes no further."""


@pytest.hookspec
def pytest_browser_closing(item: pytest.Item, context: BrowserContext) -> None:
    """A browser that a test has opened is about to be closed; its pages and its jar can still be read."""
