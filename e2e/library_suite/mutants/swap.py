"""Puts a mutant into a running process: functions that are there already get its code."""

import gc
from types import CodeType, FunctionType

from library_suite.mutants.mutants import Mutant


def code_of(function: str, module: CodeType) -> list[CodeType]:
    """The codes of a name such as "Class.method" in a module's code: several, where a property has a setter too."""
    found = [module]
    for name in function.split("."):
        found = [
            inner
            for outer in found
            for inner in outer.co_consts
            if isinstance(inner, CodeType) and inner.co_name == name
        ]
    return found


def put_in(mutant: Mutant, text: str, filename: str) -> bool:
    """Change the functions of this process; False where none could be, so that the mutant is not in."""
    before = code_of(mutant.function, compile(text, filename, "exec", dont_inherit=True))
    after = code_of(mutant.function, compile(mutant.mutated(text), filename, "exec", dont_inherit=True))
    changed = {old.co_firstlineno: new for old, new in zip(before, after, strict=True) if old != new}
    done = False
    for function in gc.get_objects():
        # By its type: `isinstance` would ask Django's lazy objects, which then load themselves.
        if type(function) is FunctionType and function.__code__.co_filename == filename:
            new = changed.get(function.__code__.co_firstlineno)
            if new and function.__code__.co_qualname == new.co_qualname:
                if function.__code__.co_freevars != new.co_freevars:
                    return False
                function.__code__ = new
                done = True
    return done
