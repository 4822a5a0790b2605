"""The mutants of a module: each is one small change, named so that it is found again when other lines move."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from library_suite.mutants.edits import Edit, edits_of, forced_in
from library_suite.mutants.left_out import children_of, is_left_out, is_text_for_people, may_change
from library_suite.mutants.source import SourceText


@dataclass(frozen=True)
class Mutant:
    """One change. `path` is from the root; `scope` the function or class around it, "" for the module."""

    path: str
    scope: str
    was: str
    """The line as it is, without the white space around it."""
    becomes: str
    number: int
    """From 1 on among the changes of this scope that read the same."""
    line: int
    function: str
    """The outermost function around it, whose code can be changed in a running process; "" for none."""
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """Names it in records and explanations: the same after a change elsewhere in the file."""
        suffix = f" #{self.number}" if self.number > 1 else ""
        return f"{self.path} · {self.scope} · {self.was} → {self.becomes}{suffix}"

    def mutated(self, text: str) -> str:
        """The module's text with the change."""
        encoded = text.encode()
        return (encoded[: self.start] + self.text.encode() + encoded[self.end :]).decode()


@dataclass(frozen=True)
class _Place:
    scope: str = ""
    function: str = ""
    in_text: bool = False
    answers_by_bool: bool = False
    is_forced: bool = False


def mutants_of(path: str, text: str) -> list[Mutant]:
    """All mutants of a module that can be compiled, in the order of its lines."""
    source = SourceText(text)
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for mutant in sorted(_walk(source.tree, source, path, _Place()), key=lambda each: (each.start, each.end)):
        try:
            compile(mutant.mutated(text), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        seen[mutant.scope, mutant.was, mutant.becomes] += 1
        found.append(replace(mutant, number=seen[mutant.scope, mutant.was, mutant.becomes]))
    return found


def mutants_below(root: Path, files: list[Path]) -> dict[str, Mutant]:
    """Those of several files, by key."""
    paths = [(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in files]
    return {mutant.key: mutant for path, text in paths for mutant in mutants_of(path, text)}


def _walk(node: ast.AST, source: SourceText, path: str, place: _Place) -> Iterator[Mutant]:
    if is_left_out(node):
        return
    if is_text_for_people(node):
        place = replace(place, in_text=True)
    if not (place.in_text and isinstance(node, ast.Constant | ast.JoinedStr)):
        for edit in edits_of(node, source, answers_by_bool=place.answers_by_bool, is_forced=place.is_forced):
            if edit.text or may_change(source.between(edit.start, edit.end)):
                yield _mutant(edit, source, path, place)
    inner = _inside(node, place)
    body = {id(each) for each in getattr(node, "body", [])} if isinstance(node, _FUNCTIONS) else set()
    forced = {id(each) for each in forced_in(node, answers_by_bool=place.answers_by_bool)}
    for child in children_of(node):
        inner = replace(inner, is_forced=id(child) in forced)
        # What a function's head says (defaults) is decided when its module is loaded.
        at_home = replace(inner, function=place.function) if body and id(child) not in body else inner
        yield from _walk(child, source, path, at_home)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _inside(node: ast.AST, place: _Place) -> _Place:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return place
    scope = f"{place.scope}.{node.name}".removeprefix(".")
    if isinstance(node, ast.ClassDef):
        return replace(place, scope=scope)
    by_bool = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
    return replace(place, scope=scope, function=place.function or scope, answers_by_bool=by_bool)


def _mutant(edit: Edit, source: SourceText, path: str, place: _Place) -> Mutant:
    was = source.line_at(edit.start)
    line = source.text.encode()[: edit.start].count(b"\n") + 1
    begin = source.between(0, edit.start).rpartition("\n")[2]
    rest = source.between(edit.end, len(source.text.encode())).partition("\n")[0]
    becomes = " ".join(f"{begin}{edit.text}{rest}".split())
    return Mutant(path, place.scope, was, becomes, 1, line, place.function, edit.start, edit.end, edit.text)
