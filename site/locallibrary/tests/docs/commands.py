"""The commands that the pages tell a reader to type."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from locallibrary.tests.docs.pages import Page

IN_A_SENTENCE = re.compile(
    r"(\w+=\S* )*((\./)?scripts/\w+|(\S*/)?(manage\.py|pip|pytest) |(\S*/)?python \S*manage\.py )"
)
"""How a command begins that stands between backticks, not in a block."""


@dataclass(frozen=True)
class Command:
    """One line that a reader types: the variables set for it, the program and its arguments."""

    line: str
    variables: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, line: str) -> "Command":
        """Take a line apart as a shell does."""
        words = shlex.split(line, comments=True)
        variables = []
        while words and (assignment := re.match(r"([A-Z]\w*)=", words[0])):
            variables.append(assignment[1])
            words.pop(0)
        return cls(line, tuple(variables), tuple(words))

    @property
    def script(self) -> str | None:
        """Which of `scripts/` it runs, if it runs one."""
        path = self.words[0].removeprefix("./") if self.words else ""
        return path.removeprefix("scripts/") if path.startswith("scripts/") else None

    @property
    def of_django(self) -> tuple[str, ...] | None:
        """The command of `manage.py` and its arguments, if it runs one."""
        for place, word in enumerate(self.words):
            if word.endswith("manage.py"):
                return self.words[place + 1 :]
        return None

    @property
    def module(self) -> str | None:
        """The module that `python -m` runs."""
        return self.words[2] if self.words[1:2] == ("-m",) else None

    @property
    def options(self) -> Iterator[str]:
        """Its options, without their values."""
        return (word.split("=")[0] for word in self.words[1:] if re.match(r"--\w", word))


def commands_of(page: Page) -> list[Command]:
    """What a page tells the reader to type, in blocks, in crontabs and in sentences."""
    typed = [line.removeprefix("$ ") for line in page.lines_in("console") if line.startswith("$ ")]
    typed += [line.split("&& ", 1)[1] for line in page.lines_in("cron")]
    typed += [span for span in page.spans if IN_A_SENTENCE.match(span)]
    return [Command.of(line) for line in typed]
