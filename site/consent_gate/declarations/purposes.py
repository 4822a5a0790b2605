"""Purposes: why something is stored. Four come with the app; a site changes their words and adds its own.

    CONSENT_PURPOSES = {
        "statistics": {"summary": _("Count how often you visit.")},
        "marketing": {"label": _("Marketing"), "summary": _("Show advertisements that fit you.")},
    }

A key is what declarations, the visitor's cookie and receipts call a purpose: 1 to 20 small letters, for good. A new one
needs a `label` and a `summary`, plain or lazily translated texts. Pages list *necessary* first, then the purposes of
this setting in its order, then the others; those that nothing is declared for are left out.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent_gate.conf import configuration

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

LONGEST_KEY = 20
"""Letters."""

MOST_OPTIONAL = 8
"""Purposes that need a yes: an answer to each of them has to fit into one cookie."""

RESERVED = frozenset({"answer", "asked", "fragment", "next", "place"})
"""Other fields of the form in which visitors answer."""

_KEY = re.compile(rf"[a-z]{{1,{LONGEST_KEY}}}", re.ASCII)


class Purpose(str):
    """Why something is stored; as a string it is its key. Only *necessary* needs no consent.

    `label` is its name on pages, `summary` one sentence on what a yes allows. Source: ePrivacy Directive 2002/58,
    article 5(3).
    """

    __slots__ = ("label", "summary")

    label: "Text"
    summary: "Text"

    NECESSARY: ClassVar["Purpose"]
    PREFERENCES: ClassVar["Purpose"]
    STATISTICS: ClassVar["Purpose"]
    PERSONALISATION: ClassVar["Purpose"]

    def __new__(cls, key: str, label: "Text", summary: "Text") -> "Purpose":
        self = super().__new__(cls, key)
        self.label, self.summary = label, summary
        return self

    def __getnewargs__(self) -> tuple[str, "Text", "Text"]:  # type: ignore[override]
        """What `copy` and `pickle` make one from."""
        return str(self), self.label, self.summary

    @staticmethod
    def named(key: str) -> "Purpose":
        """One of this site's purposes. Raises ValueError for a key that none of them has."""
        found = _BY_KEY.get(key) if isinstance(key, str) else None
        if found is None:
            raise ValueError(
                f"There is no purpose {key!r}. Write one of {', '.join(map(repr, map(str, _BY_KEY)))}, or add it to "
                "CONSENT_PURPOSES."
            )
        return found


NECESSARY = Purpose(
    "necessary",
    _("Necessary"),
    _("What the site can't do without: signing in, safe forms, and remembering your answer here."),
)
STANDARD = (
    NECESSARY,
    Purpose("preferences", _("Preferences"), _("Remember how you want the site to look and work.")),
    Purpose("statistics", _("Statistics"), _("Count how often you visit, and which pages.")),
    Purpose("personalisation", _("Personalisation"), _("Suggest what fits what you did here before.")),
)


def purposes_from(words: Mapping[str, Mapping[str, "Text"]]) -> tuple[Purpose, ...]:
    """All purposes of a site that says this in CONSENT_PURPOSES.

    Raises ImproperlyConfigured, with a sentence that names the purpose, for words that can't be used.
    """
    standard: dict[str, Purpose] = {str(purpose): purpose for purpose in STANDARD}
    own = {key: _worded(key, given, standard.get(key)) for key, given in words.items()}
    necessary = own.pop(NECESSARY, NECESSARY)
    others = [purpose for key, purpose in standard.items() if key not in own and key != NECESSARY]
    optional = (*own.values(), *others)
    if len(optional) > MOST_OPTIONAL:
        raise ImproperlyConfigured(
            f"CONSENT_PURPOSES makes {len(optional)} purposes beside “necessary” ({', '.join(optional)}); there is "
            f"room for {MOST_OPTIONAL}."
        )
    return (necessary, *optional)


def _worded(key: object, given: object, standard: Purpose | None) -> Purpose:
    """One entry of the setting as a purpose."""
    if not isinstance(key, str) or not _KEY.fullmatch(key) or key in RESERVED:
        raise ImproperlyConfigured(
            f"CONSENT_PURPOSES names a purpose {key!r}. A key is 1 to {LONGEST_KEY} small letters, and none of "
            f"{', '.join(sorted(RESERVED))}."
        )
    words: dict[str, Text] = {"label": standard.label, "summary": standard.summary} if standard else {}
    words |= given if isinstance(given, Mapping) else {"neither": ""}
    if words.keys() != {"label", "summary"} or not all(isinstance(text, str | Promise) for text in words.values()):
        raise ImproperlyConfigured(
            f"CONSENT_PURPOSES[{key!r}] can't be {given!r}. It takes a dictionary with the texts `label` and `summary`"
            f"{', of which either may be left out' if standard else ''}."
        )
    return Purpose(key, **words)


PURPOSES = purposes_from(configuration().purposes)
"""All of this site, in the order in which pages list them."""

OPTIONAL_PURPOSES = PURPOSES[1:]
"""Those that need a yes."""

_BY_KEY: dict[str, Purpose] = {str(purpose): purpose for purpose in PURPOSES}

Purpose.NECESSARY = _BY_KEY["necessary"]
Purpose.PREFERENCES = _BY_KEY["preferences"]
Purpose.STATISTICS = _BY_KEY["statistics"]
Purpose.PERSONALISATION = _BY_KEY["personalisation"]
