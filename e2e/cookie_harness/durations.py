"""Lengths of time in words."""

_UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))
# Of a unit, so that a cookie of two days that was set a moment ago still has two.
_NEARLY_TWO = 1.95


def in_words(seconds: float) -> str:
    """A length of time in the largest unit of which there are two: "14 days", "24 hours", "90 minutes"."""
    for unit, name in _UNITS:
        if seconds >= _NEARLY_TWO * unit:
            return f"{round(seconds / unit)} {name}"
    return "1 second" if round(seconds) == 1 else f"{round(seconds)} seconds"


def life_in_words(seconds: float | None) -> str:
    """How long a cookie lives, as in "lives 14 days"; None for one that the browser forgets at its close."""
    return "until the browser closes" if seconds is None else in_words(seconds)
