"""Puts a mutant into a running process: functions that are there already get its code."""

import gc
from collections.abc import Iterator
from types import CodeType, FunctionType

from library_suite.mutants.mutants import Mutant


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """A code and all that are defined inside it, in the order of their lines."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes_in(inner)


def put_in(mutant: Mutant, text: str, filename: str) -> bool:
    """Change the functions of this process; False where none could be, so that the mutant is not in."""
    before = list(codes_in(compile(text, filename, "exec", dont_inherit=True)))
    after = list(codes_in(compile(mutant.mutated(text), filename, "exec", dont_inherit=True)))
    if [code.co_qualname for code in before] != [code.co_qualname for code in after]:
        return False  # a function inside a function is gone
    pairs = zip(before, after, strict=True)
    changed = {(old.co_qualname, old.co_firstlineno): new for old, new in pairs if old != new}
    done = False
    for function in gc.get_objects():
        # By its type: `isinstance` would ask Django's lazy objects, which then load themselves.
        if type(function) is FunctionType and function.__code__.co_filename == filename:
            new = changed.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
            if new and function.__code__.co_freevars != new.co_freevars:
                return False
            if new:
                function.__code__ = new
                done = True
    return done
