"""One environment variable: what it takes, its default, and how its text becomes a value.

Why no library: pydantic takes 9 MiB of each process's memory and a third of the time that one takes to start.
"""

import os
import re
from collections.abc import Callable
from dataclasses import Field, field
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")

_TRUE, _FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}


def variable(default: Value, takes: str, read: Callable[[str], Value]) -> Value:
    """A data class's field that comes from the variable of its name in capitals.

    `takes` says in words what that may be. `read` makes the value of a text, and raises ValueError where it can't.
    """
    made: Value = field(default=default, metadata={"takes": takes, "read": read})
    return made


def takes(described: "Field[Any]") -> str:
    """What a variable takes, in words."""
    words: str = described.metadata["takes"]
    return words


def value_of(described: "Field[Any]") -> Any:
    """The value of a variable, or its default where it is unset or empty. Raises ValueError for a bad one."""
    text = os.environ.get(described.name.upper(), "")
    if not text and not isinstance(described.default, Path):
        return described.default
    return described.metadata["read"](text or str(described.default))  # the default folder has to be there, too


def truth(text: str) -> bool:
    """Read a yes or no."""
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(text)
    return word in _TRUE


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number within limits."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]+", text.strip()) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def names(text: str) -> tuple[str, ...]:
    """Read several strings, separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def matching(pattern: str) -> Callable[[str], str]:
    """Read a text of a certain form."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return read


def folder(make: Callable[[Path], None]) -> Callable[[str], Path]:
    """Read the path of a folder that this process can write to, made where it is missing."""

    def read(text: str) -> Path:
        path = Path(text)
        try:
            make(path)
        except OSError as error:
            raise ValueError(str(error)) from None
        if not os.access(path, os.W_OK | os.X_OK):
            raise ValueError(text)
        return path.resolve()

    return read
