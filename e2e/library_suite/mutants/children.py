"""Forked processes: each does one thing, says one line to its parent, and ends without cleaning up after it."""

import contextlib
import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import SyncToAsync

from library_suite.mutants.fates import Fate

BUSY = 30
"""So many seconds on the clock may one of processor time take on a busy machine …"""

WAITS = 120
"""… and so many more what waits and does not work."""

ALIVE, FAILED = b"\0", b"\1"


class ChildFailed(Exception):
    """What was to be done in a fork raised an error of its own: this says nothing about a mutant."""


def in_child(act: Callable[[], str], limit: int) -> tuple[Fate, str]:
    """Do something in a fork: its answer is "" for a survivor, else the name of the test that failed.

    `limit` is in seconds of processor time, which a busy machine does not use up. A child that dies counts as killed.
    Raises `ChildFailed`.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _become_child(act, writer, limit)
    os.close(writer)
    try:
        return _answer(child, reader, limit * BUSY + WAITS)
    finally:
        os.close(reader)


def _become_child(act: Callable[[], str], writer: int, limit: int) -> None:
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    # A fork has none of its parent's threads: an asynchronous view would wait for that of asgiref for good.
    SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    try:
        said = act().encode() or ALIVE
    except Exception:  # noqa: BLE001  told to the parent, which raises it
        said = FAILED + traceback.format_exc().encode()
    os.write(writer, said[:4000])
    os._exit(0)


def _answer(child: int, reader: int, patience: float) -> tuple[Fate, str]:
    readable, _writable, _exceptional = select.select([reader], [], [], patience)
    said = os.read(reader, 4096) if readable else b""
    if not readable or said:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # with the programs that it may have started
    _pid, status = os.waitpid(child, 0)
    if said.startswith(FAILED):
        raise ChildFailed(said.decode(errors="replace"))
    if said:
        return (Fate.SURVIVED, "") if said == ALIVE else (Fate.KILLED, said.decode(errors="replace"))
    if not readable or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}):
        return Fate.TIMED_OUT, ""
    return Fate.KILLED, "the process ended"


def say(line: str, stream: int) -> None:
    """Write a line to a stream that was kept from before it was turned off."""
    os.write(stream, f"{line}\n".encode())
    sys.stdout.flush()
