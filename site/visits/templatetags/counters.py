from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince

from visits.counting import Counters

register = template.Library()


@register.inclusion_tag("visits/_counters.html")
def visit_counters(counters: Counters, *, on_home_page: bool = False) -> dict[str, Any]:
    """Show the three counters side by side."""
    now = timezone.now()
    return {
        "counters": counters,
        "on_home_page": on_home_page,
        "interval": timesince(now - timedelta(seconds=settings.VISIT_INTERVAL), now),
    }
