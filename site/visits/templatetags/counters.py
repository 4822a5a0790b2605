from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import ngettext

from visits.counting import Counters

register = template.Library()

SECONDS_IN_A_MINUTE = 60


@register.inclusion_tag("visits/_counters.html")
def visit_counters(counters: Counters, *, on_home_page: bool = False) -> dict[str, Any]:
    """Show the three counters side by side."""
    return {
        "counters": counters,
        "on_home_page": on_home_page,
        "interval": duration_text(settings.VISIT_INTERVAL),
    }


def duration_text(seconds: int) -> str:
    """Say a length of time: "5 seconds", "1 minute", "1 day, 6 hours". Django's `timesince` knows no seconds."""
    if seconds < SECONDS_IN_A_MINUTE:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
    now = timezone.now()
    return timesince(now - timedelta(seconds=seconds), now)
