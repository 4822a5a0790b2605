"""Ends what a cluster started, and removes its folder, once whoever started it is gone: by Ctrl-C, kill or as planned.

It runs as a process of its own, by this file alone: ``python caretaker.py FOLDER``. Each line that comes in says a
process and the signal that asks it to end; the end of the input says that it is time. So a caller that is killed can
leave nothing behind.
"""

import contextlib
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PATIENCE = 10.0
"""Seconds that all processes together may take to end; after that they are killed, with all that they started."""


def clean_up(lines: Iterable[str], folder: Path) -> None:
    """Wait for the lines to end, then end the processes that they name, and remove the folder."""
    processes: list[tuple[int, int, int]] = []
    for line in lines:
        pid, end = map(int, line.split())
        with contextlib.suppress(ProcessLookupError):
            # From now on this means that process, and no later one with its number.
            processes.append((os.pidfd_open(pid), pid, end))
    for descriptor, _pid, end in reversed(processes):
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, end)
    deadline = time.monotonic() + PATIENCE
    for descriptor, pid, _end in reversed(processes):
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            select.select([descriptor], [], [])
    remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder that something may still be leaving, and take a file of its own away meanwhile.

    So do the processes of an initdb that was broken off: they are its children, and nobody can wait for them. Raises
    OSError if the folder can't be removed within PATIENCE.
    """
    deadline = time.monotonic() + PATIENCE
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError:
            if time.monotonic() > deadline:
                raise


if __name__ == "__main__":
    clean_up(sys.stdin, Path(sys.argv[1]))
