from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string

from consent_gate.api import duration
from visits.counting import Counters

register = template.Library()


@register.inclusion_tag("visits/_counters.html")
def visit_counters(counters: Counters, *, on_home_page: bool = False) -> dict[str, Any]:
    """Show the three counters side by side."""
    return {
        "counters": counters,
        "on_home_page": on_home_page,
        "interval": duration(timedelta(seconds=settings.VISIT_INTERVAL)),
    }


def counters_html(counters: Counters) -> str:
    """The same by itself, for the home page."""
    return render_to_string("visits/_counters.html", visit_counters(counters, on_home_page=True))
