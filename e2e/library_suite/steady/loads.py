"""What a round of the suite is run under."""

import os
from collections.abc import Mapping
from enum import Enum

LATE_VARIABLE = "E2E_RESPONSES_LATE"
"""Milliseconds that the suite's servers (`library_suite.site`) put on each response; unset: none."""
_LATE = 200


class SuiteLoad(Enum):
    """The value is its name on the command line."""

    NONE = "none"
    """As the machine is."""
    CPU = "cpu"
    """One core of the machine is taken away by a busy process."""
    LATENCY = "latency"
    """Each response of the site comes 200 ms late."""

    @property
    def sentence(self) -> str:
        """What it means, in words."""
        return {
            SuiteLoad.NONE: "nothing",
            SuiteLoad.CPU: "one core taken away",
            SuiteLoad.LATENCY: f"each response {_LATE} ms late",
        }[self]

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that put it on the suite."""
        return {LATE_VARIABLE: str(_LATE)} if self is SuiteLoad.LATENCY else {}


def seconds_late(environ: Mapping[str, str] | None = None) -> float:
    """Read how late each response of the suite's servers shall be; raises `ValueError` for what is no number."""
    given = (os.environ if environ is None else environ).get(LATE_VARIABLE, "0")
    if not given.isdecimal():
        raise ValueError(f"{LATE_VARIABLE} is a whole number of milliseconds, not {given!r}.")
    return int(given) / 1000
