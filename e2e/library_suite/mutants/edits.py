"""What one part of a syntax tree can be changed to: the smallest faults that people make."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from library_suite.mutants.source import SourceText


class Edit(NamedTuple):
    """Another text for a stretch of the source, in bytes."""

    start: int
    end: int
    text: str


COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">=", "<="),
    ast.LtE: ("<=", ">", "<"),
    ast.Gt: (">", "<=", ">="),
    ast.GtE: (">=", "<", ">"),
    ast.Is: (r"is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.In: (r"in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
}
"""How an operator is written, its opposite, and where it has one its neighbour at the boundary."""

ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}

OTHER_NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "startswith": "endswith",
    "endswith": "startswith",
    "partition": "rpartition",
    "rpartition": "partition",
    "find": "rfind",
    "rfind": "find",
}
"""Functions and methods that are easily taken for one another."""

SHAPING = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "removeprefix", "removesuffix", "replace"}
"""Methods that shape a text; without them it stays as it is."""

NARROWING = {"filter", "exclude"}
"""Methods that narrow a query; without them it finds all."""

MARK = "XX"
"""Put before a text to make it another one."""


def edits_of(
    node: ast.AST, source: SourceText, *, answers_by_bool: bool = False, is_forced: bool = False
) -> Iterator[Edit]:
    """All that a node can be changed to.

    `answers_by_bool`: it stands in a function that is said to return a bool. `is_forced`: what is around it is changed
    as if it were true and as if it were false, so that its opposite says nothing new.
    """
    if is_forced and isinstance(node, ast.UnaryOp):
        return
    if isinstance(node, ast.Compare):
        yield from _comparison(node, source, is_forced=is_forced)
    for cls in type(node).__mro__:
        if rule := _RULES.get(cls):
            yield from rule(node, source)
    if isinstance(node, ast.Return):
        yield from _returned(node, source, answers_by_bool=answers_by_bool)


def _instead(node: ast.expr | ast.stmt, source: SourceText, text: str) -> Edit:
    return Edit(source.start(node), source.end(node), text)


def forced_in(node: ast.AST, *, answers_by_bool: bool = False) -> list[ast.expr]:
    """The conditions in a node that are forced both ways, or left out, which comes to the same."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.comprehension(ifs=tests):
            return tests
        case ast.BoolOp(values=values):
            return values
        case ast.Return(value=ast.expr() as value) if answers_by_bool:
            return [value]
        case _:
            return []


def _comparison(node: ast.Compare, source: SourceText, *, is_forced: bool) -> Iterator[Edit]:
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        start, end = source.end(left), source.start(right)
        between = source.between(start, end)
        written, *others = COMPARISONS[type(operator)]
        for other in others[is_forced:]:
            yield Edit(start, end, re.sub(written, other, between, count=1))
        left = right


def _boolean(node: ast.BoolOp, source: SourceText) -> Iterator[Edit]:
    word = " and " if isinstance(node.op, ast.And) else " or "
    operands = [source.operand(each) for each in node.values]
    for index in range(len(operands)):
        kept = [*operands[:index], *operands[index + 1 :]]
        yield _instead(node, source, f"({word.join(kept)})" if len(kept) > 1 else kept[0])


def _unary(node: ast.UnaryOp, source: SourceText) -> Iterator[Edit]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield _instead(node, source, source.operand(node.operand))


def _arithmetic(node: ast.BinOp, source: SourceText) -> Iterator[Edit]:
    if type(node.op) in ARITHMETIC and not isinstance(node.left, ast.JoinedStr):
        written, other = ARITHMETIC[type(node.op)]
        start, end = source.end(node.left), source.start(node.right)
        yield Edit(start, end, source.between(start, end).replace(written, other, 1))


def _forced(node: ast.If | ast.IfExp, source: SourceText) -> Iterator[Edit]:
    if not isinstance(node.test, ast.BoolOp | ast.Constant):  # of an “and” each side is forced by leaving it out
        yield from (_instead(node.test, source, word) for word in ("True", "False"))


def _while(node: ast.While, source: SourceText) -> Iterator[Edit]:
    yield _instead(node.test, source, "False")


def _comprehension(node: ast.comprehension, source: SourceText) -> Iterator[Edit]:
    for test in node.ifs:
        yield from (_instead(test, source, word) for word in ("True", "False"))


def _constant(node: ast.Constant, source: SourceText) -> Iterator[Edit]:
    match node.value:
        case bool():
            yield _instead(node, source, str(not node.value))
        case int() | float():
            yield _instead(node, source, repr(node.value + 1))
        case str():
            yield _instead(node, source, repr(MARK + node.value))
        case bytes():
            yield _instead(node, source, repr(MARK.encode() + node.value))


def _formatted(node: ast.JoinedStr, source: SourceText) -> Iterator[Edit]:
    yield _instead(node, source, repr(MARK))


def _display(node: ast.List | ast.Set | ast.Tuple, source: SourceText) -> Iterator[Edit]:
    if isinstance(node, ast.List | ast.Tuple) and not isinstance(node.ctx, ast.Load):
        return
    elements = [source.of(each) for each in node.elts]
    for index in range(len(elements)):
        kept = ", ".join([*elements[:index], *elements[index + 1 :]])
        match node:
            case ast.List():
                yield _instead(node, source, f"[{kept}]")
            case ast.Set():
                yield _instead(node, source, f"{{{kept}}}" if kept else "set()")
            case ast.Tuple():
                yield _instead(node, source, f"({kept},)" if kept else "()")


def _dictionary(node: ast.Dict, source: SourceText) -> Iterator[Edit]:
    pairs = [
        f"{source.of(key)}: {source.of(value)}" if key else f"**{source.operand(value)}"
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    for index in range(len(pairs)):
        yield _instead(node, source, f"{{{', '.join([*pairs[:index], *pairs[index + 1 :]])}}}")


def _call(node: ast.Call, source: SourceText) -> Iterator[Edit]:
    arguments = [source.of(each) for each in node.args]
    named = [(each.arg, source.of(each.value)) for each in node.keywords]
    for index, (left_out, _value) in enumerate(named):
        kept = [f"{name}={value}" if name else f"**{value}" for name, value in [*named[:index], *named[index + 1 :]]]
        if left_out and not (left_out == "strict" and ast.unparse(node.func) == "zip"):
            yield _instead(node, source, f"{source.of(node.func)}({', '.join([*arguments, *kept])})")
    match node.func:
        case ast.Name(id=name) if name in OTHER_NAMES:
            yield _instead(node.func, source, OTHER_NAMES[name])
        case ast.Attribute(attr=name) if name in OTHER_NAMES:
            end = source.end(node.func)
            yield Edit(end - len(name), end, OTHER_NAMES[name])
        case ast.Attribute(attr=name, value=receiver) if name in SHAPING:
            yield _instead(node, source, source.operand(receiver))
        case ast.Attribute(attr=name, value=receiver) if name in NARROWING:
            yield _instead(node, source, f"{source.of(receiver)}.all()")


def _statement(node: ast.stmt, source: SourceText) -> Iterator[Edit]:
    yield _instead(node, source, "pass")


def _assignment(node: ast.Assign, source: SourceText) -> Iterator[Edit]:
    if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
        yield _instead(node, source, "pass")


def _jump(node: ast.Continue | ast.Break, source: SourceText) -> Iterator[Edit]:
    yield _instead(node, source, "break" if isinstance(node, ast.Continue) else "continue")


def _decorated(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, source: SourceText) -> Iterator[Edit]:
    for each in node.decorator_list:
        yield Edit(source.offset(each.lineno, each.col_offset - 1), source.end(each), "")


def _returned(node: ast.Return, source: SourceText, *, answers_by_bool: bool) -> Iterator[Edit]:
    value = node.value
    if value is None:
        yield _instead(node, source, "pass")
    elif answers_by_bool and not isinstance(value, ast.Constant | ast.BoolOp):
        yield from (_instead(value, source, word) for word in ("True", "False"))
    elif not isinstance(value, ast.Constant):
        yield _instead(value, source, "None")


_RULES: dict[type, Callable[..., Iterable[Edit]]] = {
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.BinOp: _arithmetic,
    ast.If: _forced,
    ast.IfExp: _forced,
    ast.While: _while,
    ast.comprehension: _comprehension,
    ast.Constant: _constant,
    ast.JoinedStr: _formatted,
    ast.List: _display,
    ast.Set: _display,
    ast.Tuple: _display,
    ast.Dict: _dictionary,
    ast.Call: _call,
    ast.Expr: _statement,
    ast.Raise: _statement,
    ast.Delete: _statement,
    ast.AugAssign: _statement,
    ast.Assign: _assignment,
    ast.Continue: _jump,
    ast.Break: _jump,
    ast.FunctionDef: _decorated,
    ast.AsyncFunctionDef: _decorated,
    ast.ClassDef: _decorated,
}
