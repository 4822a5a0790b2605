"""Parts of pages that are the same for everybody: rendered once in each language, and kept in the process.

Nothing of a visitor can be in what is kept. A part between `{% kept %}` and `{% endkept %}` is rendered without the
page's variables. An outline is rendered from its shape alone, with holes where a visitor's own values go, and these are
filled in, escaped, for each page anew. A shape holds yes and no, declarations and purposes, and no value of a visitor.

In the process and not in a shared cache, as a new translation or template comes with a new process; nothing waits for a
cache here. In development nothing is kept, as there templates and translations change under a running process.
"""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape  # Django's own wraps it, to leave lazy texts lazy, and takes three times as long
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST_KEPT = 2_000
"""Outlines in one process, and parts: a few kilobytes each. A site's declarations in two languages need some hundred;
whoever makes up requests can ask for more, and drives out others."""

_HOLE = re.compile(r"\x00(\w+)\x00")  # no template has such a character


class Edition(NamedTuple):
    """What pages differ by that say the same: the language, and where the site's addresses begin and lead."""

    language: str | None
    prefix: str
    urlconf: str | None


def edition() -> Edition:
    """The edition of the page that is being made."""
    return Edition(get_language(), get_script_prefix(), get_urlconf())


_parts: dict[tuple[Edition, Hashable], SafeString] = {}


def kept_part(part: Hashable, render: Callable[[], SafeString]) -> SafeString:
    """What `render` makes of a part of a template, made once in each edition."""
    if settings.DEBUG:
        return render()
    key = edition(), part
    html = _parts.get(key)
    if html is None:
        if len(_parts) >= MOST_KEPT:
            _parts.clear()
        html = _parts[key] = render()
    return html


@dataclass(frozen=True)
class Outline:
    """HTML with holes, as a format string of Python's `%` with names."""

    html: str

    def filled(self, **values: object) -> SafeString:
        """The HTML with a value in each hole, escaped unless it is HTML itself. Raises KeyError for a hole without."""
        escaped = {
            name: value if isinstance(value, SafeString) else escape(str(value)) for name, value in values.items()
        }
        return mark_safe(self.html % escaped)  # noqa: S308 -- a template's, with escaped values


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Pieces of HTML, one after the other."""
    return mark_safe("".join(parts))  # noqa: S308 -- of what is safe already


class _Holes(dict[str, SafeString]):
    """What templates know as `hole`: it has each name that they ask it for."""

    def __missing__(self, name: str) -> SafeString:
        return mark_safe(f"\0{name}\0")  # noqa: S308 -- a name that stands in a template


DrawOutline = Callable[[str, Hashable], Outline]
"""Gives the outline that a template draws of a shape; where a value goes, the template writes `{{ hole.name }}`.

The shape is all that the template knows, and what the outline is found by again.
"""


def outlines() -> DrawOutline:
    """The outlines of the edition of the page that is being made."""
    return partial(_draw.__wrapped__ if settings.DEBUG else _draw, edition())


@lru_cache(MOST_KEPT)
def _draw(_edition: Edition, template: str, shape: Hashable) -> Outline:
    html = render_to_string(template, {"shape": shape, "hole": _Holes()})
    return Outline(_HOLE.sub(r"%(\1)s", html.replace("%", "%%")))


def forget() -> None:
    """Forget all that is kept, for tests that change what pages are made with."""
    _parts.clear()
    _draw.cache_clear()
