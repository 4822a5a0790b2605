"""README.md, docs/ and their like as data: links, headings, tables and code."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from locallibrary.environment import CHECKOUT

DOCS = CHECKOUT / "docs"
PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Block:
    """A block of code: of which language ("" if none is named), and its text."""

    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """One file of Markdown."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(CHECKOUT))

    @cached_property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def _tokens(self) -> list[Token]:
        return PARSER.parse(self.text)

    @cached_property
    def _inline(self) -> list[Token]:
        return [child for token in self._tokens if token.type == "inline" for child in token.children or ()]

    @cached_property
    def blocks(self) -> list[Block]:
        """Its blocks of code."""
        return [Block(token.info.strip(), token.content) for token in self._tokens if token.type == "fence"]

    @cached_property
    def spans(self) -> list[str]:
        """What stands between backticks in its sentences and tables."""
        return [token.content for token in self._inline if token.type == "code_inline"]

    @cached_property
    def links(self) -> list[str]:
        """Where its links lead, and where its pictures lie."""
        targets = [token.attrGet("href") or token.attrGet("src") for token in self._inline]
        return [str(target) for target in targets if target]

    @cached_property
    def anchors(self) -> set[str]:
        """What can follow `#` in an address of this page, as GitHub makes it of the headings."""
        headings = [
            following.content
            for token, following in zip(self._tokens, self._tokens[1:], strict=False)
            if token.type == "heading_open"
        ]
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def rows(self, heading: str) -> list[list[str]]:
        """The cells of the tables under a heading, without those of the tables' heads."""
        section = re.split(r"\n#+ ", self.text.split(f"# {heading}\n", 1)[1], maxsplit=1)[0]
        rows = [line for line in section.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]

    def lines_in(self, language: str) -> list[str]:
        """The lines of its blocks in one language."""
        return [line for block in self.blocks if block.language == language for line in block.text.splitlines()]


README = Page(CHECKOUT / "README.md")

PARTS = ("site", "site/exact_sessions", "dashboard", "e2e")
"""Folders with a README of their own, for the package that is built there."""

PAGES = [
    Page(path)
    for path in sorted(
        [
            *CHECKOUT.glob("*.md"),
            *DOCS.glob("*.md"),
            *(CHECKOUT / part / "README.md" for part in PARTS),
        ]
    )
    if path.is_file()
]
