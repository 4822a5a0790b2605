"""Numbers in sentences."""

from django.utils.formats import localize
from django.utils.translation import ngettext

THOUSAND = 1000
"""A smaller number is written alike everywhere."""


def in_sentence(sentence: str, number: int) -> str:
    """A sentence with its number, `%(number)s`, as the language writes it."""
    return sentence % {"number": localize(number) if number >= THOUSAND else number}


def in_bytes(number: int) -> str:
    """A size."""
    return in_sentence(ngettext("%(number)s byte", "%(number)s bytes", number), number)
