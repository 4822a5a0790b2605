"""Takes one core of the machine away: a process that is pinned to it and never rests (Linux only)."""

import os
import signal
import sys
import time
from types import TracebackType
from typing import Self

# It looks for its parent at each turn, and so ends by itself if this process is killed.
_PROGRAM = """
import os, sys
core, parent = map(int, sys.argv[1:])
os.sched_setaffinity(0, {core})
while os.getppid() == parent:
    pass
"""


class NoCoreToSpare(RuntimeError):
    """This machine has one core, or can't pin a process to one; the message says so to whoever runs the suite."""


def cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class BusyCore:
    """Keeps a core busy; use it as a context manager.

    Whoever shall be without that core has to be nicer to others (`nice`), or the kernel shares it out evenly.
    """

    def __init__(self) -> None:
        """Choose a core; raises `NoCoreToSpare`."""
        if not hasattr(os, "sched_setaffinity"):
            raise NoCoreToSpare("Only Linux pins a process to one core: run it there, or put another load on.")
        known = os.sched_getaffinity(0)
        if len(known) == 1:
            raise NoCoreToSpare("One core is all there is here: there would be none left. Put another load on.")
        self.core = max(known)
        self.share = 0.0
        """How much of the core it had, once it has ended: 1 is all of it."""
        self._process = 0
        self._began = 0.0

    def __enter__(self) -> Self:
        command = [sys.executable, "-c", _PROGRAM, str(self.core), str(os.getpid())]
        self._began = time.monotonic()
        self._process = os.posix_spawn(sys.executable, command, os.environ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.kill(self._process, signal.SIGKILL)
        _, _, used = os.wait4(self._process, 0)
        self.share = (used.ru_utime + used.ru_stime) / (time.monotonic() - self._began)

    @property
    def process(self) -> int:
        """The id of the busy process."""
        return self._process
