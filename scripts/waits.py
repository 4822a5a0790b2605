"""How long a visitor's write has to wait while another process works on the same store."""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import connection

PAUSE = 0.003
"""Seconds between two writes."""


@dataclass(frozen=True)
class Waits:
    """Of one process: its seconds, its peak memory and the longest log of SQLite in bytes, and each write's seconds.

    `failed` writes gave up: the lock was not free for as long as the site waits for one.
    """

    seconds: float
    peak_memory: int
    writes: Sequence[float]
    longest_log: int
    failed: int

    @property
    def longest(self) -> float:
        """Milliseconds."""
        return 1_000 * max(self.writes)

    def percentile(self, percent: float) -> float:
        """Milliseconds in which so many of a hundred writes were done."""
        return 1_000 * sorted(self.writes)[int((len(self.writes) - 1) * percent / 100)]


def writes_beside(command: Sequence[str], store: type[SessionBase], most_seconds: float = 3_600) -> Waits:
    """Save a session over and over, as visitors do, for as long as a command runs. Raises CalledProcessError.

    After `most_seconds` the command is stopped.
    """
    session = store()
    session.create()
    log = Path(f"{settings.DATABASES['default']['NAME']}-wal")
    start = time.perf_counter()
    writes: list[float] = []
    peak_memory = longest_log = failed = 0
    was_stopped = False
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            began = time.perf_counter()
            session["number"] = len(writes)
            try:
                session.save()
            except UpdateError:  # a database that is locked, in Django's own store
                failed += 1
            writes.append(time.perf_counter() - began)
            peak_memory = max(peak_memory, _peak_memory(running.pid))
            with suppress(OSError):
                longest_log = max(longest_log, log.stat().st_size)
            if began - start > most_seconds and not was_stopped:
                running.kill()
                was_stopped = True
            time.sleep(PAUSE)
        seconds = time.perf_counter() - start
        said, complaints = running.communicate()
        if running.returncode and not was_stopped:
            raise subprocess.CalledProcessError(running.returncode, command, said, complaints)
    session.delete()
    connection.close()
    return Waits(seconds, peak_memory, writes, longest_log, failed)


def _peak_memory(pid: int) -> int:
    """Bytes, on Linux; 0 elsewhere. What a process's `rusage` says includes what its parent had when it began."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def django_command(command: str, *before: str) -> list[str]:
    """A process that runs a command as `manage.py` does; `before` are statements that come first.

    `command` is an expression: the command's name in quotes, or an object that is one.
    """
    code = (
        "import django; from django.conf import settings; {before}; django.setup(); "
        "from django.core.management import get_commands, load_command_class; command = {command}; "
        "command = load_command_class(get_commands()[command], command) if isinstance(command, str) else command; "
        "command.run_from_argv(['manage.py', 'command', '--verbosity', '0'])"
    )
    return [sys.executable, "-c", code.format(before="; ".join(before) or "pass", command=command)]
