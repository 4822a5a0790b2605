"""A module's text and its syntax tree, and where in the text a part of the tree stands."""

import ast
from itertools import accumulate

_NEEDS_BRACKETS = (
    ast.BoolOp, ast.BinOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.UnaryOp, ast.Await, ast.Yield,
)  # fmt: skip


class SourceText:
    """A text that parses. Offsets are in bytes of UTF-8, as the syntax tree's are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._bytes = text.encode()
        self._starts = [0, *accumulate(len(line) for line in self._bytes.splitlines(keepends=True))]

    def offset(self, line: int, column: int) -> int:
        """Of a place that the tree names by its line, from 1 on, and its column."""
        return self._starts[line - 1] + column

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def between(self, start: int, end: int) -> str:
        return self._bytes[start:end].decode()

    def of(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node as it stands there."""
        return self.between(self.start(node), self.end(node))

    def operand(self, node: ast.expr) -> str:
        """The text of an expression that can stand anywhere."""
        text = self.of(node)
        return f"({text})" if isinstance(node, _NEEDS_BRACKETS) or "\n" in text else text

    def line_at(self, offset: int) -> str:
        """The line around an offset, without the white space around it."""
        start = self._bytes.rfind(b"\n", 0, offset) + 1
        end = self._bytes.find(b"\n", offset)
        return self._bytes[start : end if end >= 0 else None].decode().strip()
