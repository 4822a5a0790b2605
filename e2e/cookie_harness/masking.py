"""Cookies' values as anybody may see them: in a terminal before a class, in a report that is passed on."""

import re

SHOWN = 4
"""Characters of a value that could open something: enough to tell two apart, and of no use to anybody else."""

# A count, a colour, a language, an answer: no token is as short.
_PLAIN = re.compile(r"\d{1,5}|[A-Za-z]{0,6}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.]+)?(Z|[+-]\d\d:\d\d)?")


def is_plain(value: str) -> bool:
    """Whether a value is a short number or a word, which opens nothing."""
    return bool(_PLAIN.fullmatch(value))


def masked(value: str) -> str:
    """The value, if it is a short number, a word or a time; of any other the beginning."""
    if is_plain(value) or _TIME.fullmatch(value):
        return value
    return f"{value[:SHOWN]}…"
