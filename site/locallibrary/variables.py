"""One environment variable as a data class's field: what it takes, its default, and how environs reads it.

pydantic-settings would do all of it, but takes 9 MiB of each process's memory and a third of the time that one takes to
start; environs takes 1 MiB.
"""

import os
from collections.abc import Callable
from dataclasses import Field, field
from functools import partial
from typing import Any, TypeVar

from environs import Env
from marshmallow.validate import Range, Regexp

Value = TypeVar("Value")

env = Env()


def variable(default: Value, takes: str, read: Callable[[str], Value]) -> Value:
    """A data class's field that comes from the variable of its name in capitals.

    `takes` says in words what that may be. `read` takes the variable's name, and raises ValueError for a bad value.
    """
    made: Value = field(default=default, metadata={"takes": takes, "read": read})
    return made


def takes(described: "Field[Any]") -> str:
    """What a variable takes, in words."""
    words: str = described.metadata["takes"]
    return words


def value_of(described: "Field[Any]") -> Any:
    """The value of a variable, or its default where it is unset or empty. Raises ValueError for a bad one."""
    name = described.name.upper()
    return described.metadata["read"](name) if os.environ.get(name) else described.default


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number within limits."""
    return partial(env.int, validate=Range(least, most))


def matching(pattern: str) -> Callable[[str], str]:
    """Read a text of a certain form."""
    return partial(env.str, validate=Regexp(rf"(?:{pattern})\Z"))


def names(variable_name: str) -> tuple[str, ...]:
    """Read several strings, separated by commas."""
    return tuple(part.strip() for part in env.list(variable_name, subcast=str) if part.strip())
