"""Records the browsers that a test opens: a trace and a screenshot of each, kept when the test fails.

It obeys pytest-playwright's options (`--tracing`, `--screenshot`, `--full-page-screenshot`) and writes into the same
folder. That plugin's own recorder knows only the contexts which it opened itself.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Error

from cookie_harness.policies import BrowserSettings

# Milliseconds: a page that can't be pictured by then (a dialog is open, it navigates for ever) goes without.
SCREENSHOT_TIMEOUT = 5000


@dataclass(frozen=True)
class RecordingOptions:
    """What the command line asks for."""

    tracing: Literal["on", "off", "retain-on-failure"] = "off"
    screenshot: Literal["on", "off", "only-on-failure"] = "off"
    full_page: bool = False

    @classmethod
    def of(cls, config: pytest.Config) -> "RecordingOptions":
        """Read pytest-playwright's options."""
        return cls(
            tracing=config.getoption("--tracing"),
            screenshot=config.getoption("--screenshot"),
            full_page=config.getoption("--full-page-screenshot"),
        )


@dataclass(frozen=True)
class Artifact:
    """One file that was kept; the kinds are pytest-playwright's."""

    kind: Literal["trace", "screenshot"]
    path: Path


class Recorder:
    """Records the browsers of one test, numbered in the order in which they were opened.

    Playwright tells of a closed context when there is nothing left to record: so close a context by `close`, here, and
    one that belongs to a profile by the profile's `close`.
    """

    def __init__(self, options: RecordingOptions, folder: Path, item: pytest.Item) -> None:
        """`folder` is made once there is something to put in; `item` is the test.

        Other plugins hear of each browser too, by the hooks in `cookie_harness.hooks`.
        """
        self.failed: bool | None = None
        """Whether the test has failed; None while that is open."""
        self._options = options
        self._folder = folder
        self._item = item
        self._numbers: dict[BrowserContext, int] = {}
        self._recording: set[BrowserContext] = set()
        self._artifacts: list[Artifact] = []

    def start(self, context: BrowserContext, settings: BrowserSettings) -> None:
        """Begin to record a context that was just opened, in a browser with these settings."""
        self._numbers[context] = len(self._numbers) + 1
        self._recording.add(context)
        context.on("close", lambda _: self._recording.discard(context))
        if self._options.tracing != "off":
            # Actions and console alone. A film strip doubles a test's price in Firefox; copies of each step's page,
            # and the network with them, cost Chromium a fifth. The screenshot and the evidence say what they would.
            context.tracing.start(title=self._item.nodeid, snapshots=False)
        self._item.ihook.pytest_browser_opened(item=self._item, context=context, settings=settings)

    def refuse(self, settings: BrowserSettings) -> None:
        """Tell of a browser that was asked for, with settings that its engine does not have."""
        self._item.ihook.pytest_browser_refused(item=self._item, settings=settings)

    def stop(self, context: BrowserContext) -> None:
        """Put down what was recorded of a context that is about to be closed."""
        if context not in self._recording:
            return
        self._recording.remove(context)
        number = self._numbers[context]
        if self._options.tracing != "off":
            self._stop_tracing(context, self._folder / f"browser-{number}.trace.zip")
        if self._wanted(self._options.screenshot):
            self._take_screenshots(context, number)
        self._item.ihook.pytest_browser_closing(item=self._item, context=context)

    def close(self, context: BrowserContext) -> None:
        """Put down what was recorded, and close the context."""
        self.stop(context)
        context.close()

    def close_all(self) -> None:
        """Close every context that is still recorded."""
        for context in sorted(self._recording, key=self._numbers.__getitem__):
            self.close(context)

    def kept(self) -> list[Artifact]:
        """Throw away what the test's outcome leaves no use for; the rest are the files that stay."""
        options = {"trace": self._options.tracing, "screenshot": self._options.screenshot}
        for artifact in self._artifacts:
            if not self._wanted(options[artifact.kind]):
                artifact.path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # the folder is not empty, or was never made
            self._folder.rmdir()
        return [artifact for artifact in self._artifacts if artifact.path.exists()]

    def _wanted(self, option: str) -> bool:
        """Whether a file under this option may be kept: while the test runs nobody knows, so then it may."""
        return option == "on" or (option != "off" and self.failed is not False)

    def _stop_tracing(self, context: BrowserContext, path: Path) -> None:
        if self._wanted(self._options.tracing):
            context.tracing.stop(path=path)
            self._artifacts.append(Artifact("trace", path))
        else:
            context.tracing.stop()

    def _take_screenshots(self, context: BrowserContext, number: int) -> None:
        for count, page in enumerate(context.pages, start=1):
            path = self._folder / f"browser-{number}-page-{count}.png"
            with contextlib.suppress(Error):
                page.screenshot(path=path, timeout=SCREENSHOT_TIMEOUT, full_page=self._options.full_page)
                self._artifacts.append(Artifact("screenshot", path))
