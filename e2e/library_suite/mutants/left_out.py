"""What is not mutated, as rules with their reasons: such a change is none that a test should have to notice."""

import ast
import re
from collections.abc import Iterator

RULES = {
    "Texts for people": "What is logged, raised, asked for as help or translated is worded by people. That a text is "
    "there and translated, other tests hold; that a word of it changes breaks nothing.",
    "Assertions": "`zip(strict=True)` says what holds anyway.",
    "Types": "Annotations and what stands there for the type checker, such as `assert` and `cast`, are mypy's.",
    "Fields of models": "`makemigrations --check`, which `scripts/test` runs, holds them to the migrations.",
    "Some decorators": "Without `@property` or `@dataclass` nothing works, and with `@cache` all works the same.",
}
"""Shown on the page."""

_TEXT_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
_LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "warn"}
_CHECK_MESSAGES = {"Error", "Warning", "Info", "Critical"}
_TEXT_KEYWORDS = {
    "help",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "hint",
    "description",
    "epilog",
    "metavar",
}
_TEXT_ATTRIBUTES = _TEXT_KEYWORDS | {"__all__", "__slots__"}
_SPEECHES = {"__repr__", "__str__"}
_DECORATORS = {
    "property", "dataclass", "staticmethod", "classmethod", "cached_property", "cache", "lru_cache", "override",
    "overload", "contextmanager", "final", "runtime_checkable", "total_ordering", "abstractmethod", "setter", "wraps",
}  # fmt: skip


def name_of(node: ast.AST) -> str:
    """The last part of what is called or used: "Error" of `checks.Error(…)`."""
    match node:
        case ast.Call(func=func):
            return name_of(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def is_left_out(node: ast.AST) -> bool:
    """Whether a node and all in it stay as they are."""
    match node:
        case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):  # the last: a docstring
            left_out = True
        case ast.Subscript(value=value):
            left_out = name_of(value) in {"Callable", "Literal"}
        case ast.keyword(arg=arg, value=ast.Constant()):
            left_out = arg == "strict"
        case ast.If(test=test):
            left_out = bool({"TYPE_CHECKING", "__name__"} & set(re.findall(r"\w+", ast.dump(test))))
        case ast.FunctionDef(name=name):
            left_out = name in _SPEECHES
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            left_out = name in _TEXT_ATTRIBUTES
        case _:
            left_out = False
    return left_out


def is_text_for_people(node: ast.AST) -> bool:
    """Whether the texts in it are read by people alone."""
    match node:
        case ast.Raise():
            return True
        case ast.Call(func=func):
            name = name_of(func)
            logs = isinstance(func, ast.Attribute) and name in _LOG_METHODS and "log" in name_of(func.value).lower()
            return logs or name in _TEXT_CALLS or name in _CHECK_MESSAGES
        case ast.keyword(arg=arg):
            return arg in _TEXT_KEYWORDS
        case _:
            return False


def is_model(node: ast.AST) -> bool:
    """Whether it is a class of rows, whose fields the migrations repeat."""
    return isinstance(node, ast.ClassDef) and any(name_of(base) == "Model" for base in node.bases)


def may_change(decorator: str) -> bool:
    """Whether a decorator, as it is written, may be left out."""
    return not _DECORATORS & set(re.findall(r"\w+", decorator))


def children_of(node: ast.AST) -> Iterator[ast.AST]:
    """The children that can be mutated: no annotation, no type, no field of a model, and nothing inside an f-string.

    Where a part of an f-string stands is not known before Python 3.12.
    """
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Call) and name_of(node) in {"cast", "NewType", "ParamSpec", "TypeVar"}:
        yield from node.args[1:]
        return
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (is_model(node) and not _is_function(child)):
                yield child


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
