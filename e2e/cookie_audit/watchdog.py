"""Ends a browser that a page keeps busy for ever, so that the audit goes on with a sentence in place of hanging."""

import contextlib
import os
import signal
import threading
from pathlib import Path

from cookie_harness.profiles import processes_on

# So many times what a page may take is what one step may, such as opening a page and looking at it.
_PAGES_A_STEP = 6


class Watchdog:
    """Watches the browser on a profile, step by step."""

    def __init__(self, folder: Path, page_seconds: float) -> None:
        self.bitten_at = ""
        """The step that took too long; "" while none did."""
        self._folder = folder
        self.patience = _PAGES_A_STEP * page_seconds
        """Seconds."""
        self._timer: threading.Timer | None = None

    @property
    def why(self) -> str:
        """Why the browser was ended, in words; "" while it was not."""
        if not self.bitten_at:
            return ""
        took = f"longer than {self.patience:g} seconds"
        return f"a page kept the browser busy for {took}, and it was ended ({self.bitten_at})"

    def begin(self, step: str) -> None:
        """A new step begins, and the one before it is over."""
        self.rest()
        self._timer = threading.Timer(self.patience, self._bite, [step])
        self._timer.daemon = True
        self._timer.start()

    def rest(self) -> None:
        """No step is under way."""
        if self._timer:
            self._timer.cancel()

    def _bite(self, step: str) -> None:
        self.bitten_at = step
        for pid in processes_on(self._folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
