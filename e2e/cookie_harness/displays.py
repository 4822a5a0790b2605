"""A display that nobody sees, for browsers with a window: Xvfb, on Linux."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

XVFB_PACKAGE = "xvfb"
# Seconds that Xvfb may take to end.
_STOP_TIMEOUT = 10.0


class XvfbMissing(RuntimeError):
    """Xvfb is nowhere on this machine; the message names the command that installs it."""

    def __init__(self) -> None:
        super().__init__(
            "No Xvfb was found, in which browsers with a window are tested: "
            f"install it with `apt-get install {XVFB_PACKAGE}`."
        )


class XvfbFailed(RuntimeError):
    """Xvfb was found, but gave no display."""


def find_xvfb(environ: Mapping[str, str] | None = None) -> Path:
    """Find the program; raises `XvfbMissing`."""
    environ = os.environ if environ is None else environ
    if (found := shutil.which("Xvfb", path=environ.get("PATH", ""))) is None:
        raise XvfbMissing
    return Path(found)


class VirtualDisplay:
    """One screen without a monitor; use it as a context manager.

    Xvfb itself chooses a free display and tells its number once it accepts windows: no race, and nothing to poll.
    """

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        """Describe the screen, in pixels; nothing is started."""
        self._size = f"{width}x{height}x24"
        self._process: subprocess.Popen[bytes] | None = None
        self.name = ""
        """What programs find in `DISPLAY`, such as ":99"."""

    def __enter__(self) -> Self:
        """Start it; raises `XvfbMissing` or `XvfbFailed`."""
        program = find_xvfb()
        reading, writing = os.pipe()
        with open(reading, encoding="ascii") as told:  # noqa: PTH123 -- a descriptor, not a path
            try:
                self._process = subprocess.Popen(
                    [program, "-displayfd", str(writing), "-screen", "0", self._size, "-nolisten", "tcp"],
                    pass_fds=[writing],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            finally:
                os.close(writing)  # so that the line below ends when Xvfb does
            number = told.readline().strip()
        if not number:
            raise XvfbFailed(f"{program} ended with code {self._process.wait()} before it had a display.")
        self.name = f":{number}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if (process := self._process) is None:
            return
        self._process = None
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
