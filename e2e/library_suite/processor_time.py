"""How much of the processors a command uses, with all that it starts, and which kinds of processes do (Linux only)."""

import contextlib
import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

_SUBREAPER = 36
"""`PR_SET_CHILD_SUBREAPER` (prctl(2)): a process whose parent has ended becomes a child of this one."""
_PAUSE = 0.25
"""Seconds between two looks at the processes."""
_PATIENCE = 60.0
"""Seconds that what the command has left running may take to end."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class KindOfProcess:
    """What the processes of one kind used together."""

    seconds: float = 0.0
    """As last seen: what a process used after the last look is missing."""
    started: int = 0
    """Processes that were started by name: of a browser the first one, not those that it starts for itself."""


@dataclass
class ProcessorTime:
    """What a command used."""

    code: int
    """What it ended with."""
    wall: float
    """Seconds on the clock."""
    processor: float
    """Seconds of all processors together, exact: the kernel adds them up as each process is waited for."""
    kinds: dict[str, KindOfProcess] = field(default_factory=dict)
    """By name, from the dearest on."""


@dataclass(frozen=True)
class _Process:
    parent: int
    began: str
    """Its start, which tells it from an earlier process with the same number."""
    seconds: float
    of_ended_children: float
    """Seconds that the children had used for which it has waited, and theirs."""


@dataclass(frozen=True)
class _Use:
    """What one process had used when it was last seen."""

    seconds: float
    kind: str
    is_first: bool


_Uses = dict[tuple[int, str], _Use]


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> ProcessorTime:
    """Run a command to its end, in a folder, without its output; this process may have no other children.

    What it leaves running is waited for, a minute long.
    """
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    before, start = _used_by_children(), time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    last: _Uses = {}
    code = None
    while code is None:
        _look(last)
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(_PAUSE)
    wall = time.perf_counter() - start
    _reap_orphans(last)
    kinds: dict[str, KindOfProcess] = {}
    for use in last.values():
        each = kinds.setdefault(use.kind, KindOfProcess())
        each.seconds += use.seconds
        each.started += use.is_first
    ordered = dict(sorted(kinds.items(), key=lambda item: -item[1].seconds))
    return ProcessorTime(code, wall, _used_by_children() - before, ordered)


def used_so_far() -> float:
    """Seconds of processors that this process has used, with all that it started, ended or not."""
    processes = _all_processes()
    below = sum(processes[number].seconds + processes[number].of_ended_children for number in _descendants(processes))
    own = processes[os.getpid()]
    return own.seconds + own.of_ended_children + below


def kind_of(command: Sequence[str]) -> tuple[str, bool]:
    """Name the kind of a process by its command line, and say whether it is a first one and not a browser's own."""
    rest = " ".join(command)
    program = Path(rest.partition(" ")[0]).name  # a browser's own processes have their whole line as one word
    if "firefox" in program:
        return "Firefox", "-contentproc" not in rest
    if "chrom" in program:
        return "Chromium", "--type=" not in rest and "crashpad" not in program
    if program == "node":
        return "Playwright's driver", True
    if "gunicorn" in rest:
        return "servers", True
    if "pytest" in rest or "execnet" in rest or "exec(eval(sys.stdin.readline()))" in rest:
        return "tests", True
    return "the rest", True


def _used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _look(last: _Uses) -> None:
    """Note what each descendant has used so far."""
    processes = _all_processes()
    for number in _descendants(processes):
        process = processes[number]
        key = (number, process.began)
        if command := _command_of(number):
            last[key] = _Use(process.seconds, *kind_of(command))
        elif key in last:  # it has ended, and only its figures are left
            last[key] = replace(last[key], seconds=process.seconds)


def _descendants(processes: Mapping[int, _Process]) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for number, process in processes.items():
        children.setdefault(process.parent, []).append(number)
    waiting = list(children.get(os.getpid(), ()))
    while waiting:
        number = waiting.pop()
        waiting += children.get(number, ())
        yield number


def _all_processes() -> dict[int, _Process]:
    found: dict[int, _Process] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                # After the name in brackets, which may hold spaces: proc_pid_stat(5).
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                used, by_children = (sum(map(int, fields[at : at + 2])) / _TICKS for at in (11, 13))
                found[int(entry.name)] = _Process(int(fields[1]), fields[19], used, by_children)
    return found


def _command_of(number: int) -> list[str]:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{number}/cmdline").read_text(errors="replace").split("\0")
        return [word for word in words if word]
    return []


def _reap_orphans(last: _Uses) -> None:
    """Wait for what the command left running, so that the kernel counts it."""
    deadline = time.monotonic() + _PATIENCE
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            _look(last)
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(_PAUSE)
