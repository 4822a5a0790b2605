"""What the buttons of a banner mean, by their names, in the languages of `data/words.toml`."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

# Words of a name beyond which it is a text that happens to be a link.
NAME_WORDS = 9
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NO_LETTERS = re.compile(r"[\W_]+")


class ButtonMeaning(Enum):
    """What pressing a button does; the value is its table's key. The first that fits a name is meant."""

    REFUSE = "refuse"
    SAVE = "save"
    WITHDRAW = "withdraw"
    SETTINGS = "settings"
    ACCEPT = "accept"


PURPOSES = ("necessary", "statistics", "marketing", "preferences")


@dataclass(frozen=True)
class Phrases:
    """The phrases of one meaning in all languages."""

    anywhere: tuple[str, ...]
    whole: frozenset[str]

    @property
    def named_fully(self) -> frozenset[str]:
        """Those of several words, which say by themselves what is meant."""
        return frozenset(each for each in self.anywhere if " " in each)

    def match(self, name: str) -> bool:
        """Whether a name, as `in_small_letters` gives it, is one of them or has one in it."""
        if name in self.whole:
            return True
        spaced = f" {name} "
        return any(f" {each} " in spaced or (_UNSPACED.search(each) and each in name) for each in self.anywhere)


def in_small_letters(text: str) -> str:
    """A text as phrases are compared: small letters, words with one space between, no punctuation."""
    return _NO_LETTERS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def meaning_of(name: str) -> ButtonMeaning | None:
    """What a button of this name does in a banner; None for one that says nothing of the kind."""
    words = in_small_letters(name)
    if not words or len(words.split()) > NAME_WORDS:
        return None
    return next((each for each in ButtonMeaning if _phrases(each.value).match(words)), None)


def speaks_of_cookies(text: str) -> bool:
    """Whether a text is about cookies or consent."""
    return _phrases("cookies").match(in_small_letters(text))


def leads_to_settings(name: str) -> bool:
    """Whether a link or button outside any banner may lead to the settings of cookies."""
    words = in_small_letters(name)
    if not words or len(words.split()) > NAME_WORDS:
        return False
    return speaks_of_cookies(name) or "privacy" in words.split() or words in _phrases("settings").named_fully


def accepts_all(name: str) -> bool:
    """Whether a name says more than "accept": that all is accepted."""
    words = in_small_letters(name)
    return any(len(each.split()) > 1 and f" {each} " in f" {words} " for each in _phrases("accept").anywhere)


def purpose_of(label: str) -> str | None:
    """The purpose that a box is labelled with: one of `PURPOSES`; None for another."""
    words = in_small_letters(label)
    return next((each for each in PURPOSES if _phrases(each).match(words)), None)


@cache
def cookie_words() -> tuple[str, ...]:
    """The words by which a text is known to speak of cookies, for a script that looks for them in a page."""
    return _phrases("cookies").anywhere


@cache
def phrases_by_language() -> dict[str, dict[str, list[str]]]:
    """The data file: for each language its tables."""
    return tomllib.loads((files("cookie_audit") / "data" / "words.toml").read_text(encoding="utf-8"))


@cache
def _phrases(meaning: str) -> Phrases:
    every = [each for language in phrases_by_language().values() for each in language[meaning]]
    exact = frozenset(in_small_letters(each) for each in every if each.startswith("="))
    return Phrases(tuple(dict.fromkeys(in_small_letters(each) for each in every if not each.startswith("="))), exact)
