"""What a run of hostile requests showed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from library_suite.hostile.requests import HostileRequest
from library_suite.hostile.wire import PATIENCE, WireAnswer

SLOW = 10
"""Times the median of its size class that no answer may take."""
NOTICEABLE = 0.1
"""Seconds below which no answer counts as slow."""
PASSWORDS = 3
"""Passwords that one answer may hash: an old one, and a new one against it. That is slow on purpose."""
GROWTH = 0.10
"""By how much of itself the memory may grow after the first quarter of the requests."""


@dataclass(frozen=True)
class Asked:
    """A request and its answer."""

    request: HostileRequest
    answer: WireAnswer

    @property
    def is_error(self) -> bool:
        """Whether the server failed, or never answered."""
        return self.answer.status >= 500 or self.answer.seconds >= PATIENCE  # noqa: PLR2004


@dataclass(frozen=True)
class Findings:
    """What one server showed. `memory` is in bytes, at even distances from the first request to the last."""

    engine: str
    statuses: Counter[int]
    errors: tuple[Asked, ...]
    slow: tuple[Asked, ...]
    memory: tuple[int, ...]
    has_failed: bool
    """Whether an error stands on the server's console."""

    @property
    def settled(self) -> int:
        """Memory after the first quarter of the requests, in bytes: by then all code was run and caches are full."""
        return self.memory[len(self.memory) // 4]

    @property
    def grows(self) -> bool:
        """Whether memory is not flat."""
        return self.memory[-1] > self.settled * (1 + GROWTH)

    @property
    def held(self) -> bool:
        """Whether nothing was found."""
        return not (self.errors or self.slow or self.grows or self.has_failed)


def slow_answers(
    asked: Sequence[Asked], price: float, ask_again: Callable[[HostileRequest], WireAnswer]
) -> tuple[Asked, ...]:
    """The answers that took over ten times the median of their size class, each time they were asked for.

    Where a form may bring a password it is the hashing that counts: `price` is what one takes, in seconds. A machine
    with other work is slow now and then; a request that costs too much is so each time.
    """
    classes = defaultdict(list)
    for each in asked:
        classes[each.request.size_class, each.answer.status].append(each.answer.seconds)
    medians = {key: median(seconds) for key, seconds in classes.items()}

    def is_slow(each: Asked) -> bool:
        least = PASSWORDS * price if each.request.brings_a_password else NOTICEABLE
        limit = max(SLOW * medians[each.request.size_class, each.answer.status], least)
        return each.answer.seconds > limit and all(ask_again(each.request).seconds > limit for _ in range(3))

    return tuple(each for each in asked if is_slow(each))
