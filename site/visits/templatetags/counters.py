from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext

from consent_gate.api import duration
from visits.counters import VisitRecord
from visits.counting import Counters

register = template.Library()


@dataclass(frozen=True)
class ShownRecord:
    """A record in words: its number, and its time for machines and for readers."""

    visits: str
    time: str
    time_in_words: str


@dataclass(frozen=True)
class ShownCounters:
    """The three counters in words."""

    num_visits: str
    sentence: str
    in_cookies: ShownRecord | None
    in_session: ShownRecord | None
    kept: bool


PLACES = ShownCounters(
    "[num_visits]",
    "[sentence]",
    ShownRecord("[cookie visits]", "[cookie time]", "[cookie time in words]"),
    ShownRecord("[session visits]", "[session time]", "[session time in words]"),
    kept=True,
)
"""What stands in the place of the words while they are not known. No text of the template looks like it."""


@register.inclusion_tag("visits/_counters.html")
def visit_counters(counters: Counters, *, on_home_page: bool = False) -> dict[str, Any]:
    """Show the three counters side by side."""
    return _context(in_words(counters, on_home_page=on_home_page))


def counters_html(counters: Counters) -> str:
    """The same by itself, for the home page: what is the same for everybody is rendered once."""
    shown = in_words(counters, on_home_page=True)
    if not (shown.kept and shown.in_cookies and shown.in_session) or settings.DEBUG:
        return render_to_string("visits/_counters.html", _context(shown))
    html: str = _with_places(get_language(), settings.VISIT_INTERVAL)
    for place, words in zip(_words(PLACES), _words(shown), strict=True):
        html = html.replace(place, words)
    return mark_safe(html)  # noqa: S308 -- numbers, times, and what translators wrote


def in_words(counters: Counters, *, on_home_page: bool) -> ShownCounters:
    """What a page says of the counters, in the language of the request."""
    number = counters.num_visits
    here = ngettext(
        "You have visited this page %(number)s time.", "You have visited this page %(number)s times.", number
    )
    elsewhere = ngettext(
        "You have visited the home page %(number)s time.",
        "You have visited the home page %(number)s times.",
        number,
    )
    sentence = here if on_home_page else elsewhere
    in_cookies = _record(counters.in_cookies)
    same = counters.in_session == counters.in_cookies  # as nearly always
    return ShownCounters(
        intcomma(number),
        sentence % {"number": number},
        in_cookies,
        in_cookies if same else _record(counters.in_session),
        counters.kept,
    )


def _record(record: VisitRecord | None) -> ShownRecord | None:
    if record is None:
        return None
    words = date_format(localtime(record.last_visit), "SHORT_DATETIME_FORMAT")
    return ShownRecord(intcomma(record.visits), record.last_visit_text, words)


@lru_cache
def _with_places(_language: str | None, _interval: int) -> SafeString:
    return render_to_string("visits/_counters.html", _context(PLACES))


def _words(shown: ShownCounters) -> Iterator[str]:
    yield from (shown.num_visits, shown.sentence)
    for record in (shown.in_cookies, shown.in_session):
        if record:
            yield from (record.visits, record.time, record.time_in_words)


def _context(shown: ShownCounters) -> dict[str, Any]:
    return {"counters": shown, "interval": duration(timedelta(seconds=settings.VISIT_INTERVAL))}
