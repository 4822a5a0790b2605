"""Puts a mutant into a running process: functions that are there already get its code."""

import functools
import gc
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from library_suite.mutants.mutants import Mutant

_WITH_CACHE = type(functools.cache(lambda: None))


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """A code and all that are defined inside it, in the order of their lines."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes_in(inner)


@dataclass
class LoadedFunctions:
    """The functions of a project that a process has loaded.

    Looked up once before the forks: a look at every object there is would make each fork copy the memory it shares.
    """

    by_place: dict[tuple[str, str, int], list[FunctionType]] = field(default_factory=lambda: defaultdict(list))
    """By file, qualified name and first line."""
    cached: list[Any] = field(default_factory=list)
    """Those that remember their results."""

    @classmethod
    def below(cls, root: Path) -> "LoadedFunctions":
        loaded = cls()
        folder = f"{root}/"
        for each in gc.get_objects():
            # By its type: `isinstance` would ask Django's lazy objects, which then load themselves.
            if type(each) is FunctionType and each.__code__.co_filename.startswith(folder):
                loaded.by_place[_place(each.__code__)].append(each)
            elif type(each) is _WITH_CACHE and _filename(each).startswith(folder):
                loaded.cached.append(each)
        return loaded

    def put_in(self, mutant: Mutant, text: str, filename: str) -> bool:
        """Change the functions of this process; False where none could be, so that the mutant is not in."""
        before = list(codes_in(compile(text, filename, "exec", dont_inherit=True)))
        after = list(codes_in(compile(mutant.mutated(text), filename, "exec", dont_inherit=True)))
        if [code.co_qualname for code in before] != [code.co_qualname for code in after]:
            return False  # a function inside a function is gone
        done = False
        for old, new in zip(before, after, strict=True):
            for function in self.by_place.get(_place(old), ()) if old != new else ():
                if function.__code__.co_freevars != new.co_freevars:
                    return False
                function.__code__ = new
                done = True
        return done

    def forget_results(self) -> None:
        """What was remembered of a run before could hide a mutant."""
        for each in self.cached:
            each.cache_clear()


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _filename(cached: Any) -> str:
    code = getattr(cached.__wrapped__, "__code__", None)
    return code.co_filename if code else ""
