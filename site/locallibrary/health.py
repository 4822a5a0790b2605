"""What is up, for machines: a balancer that sends visitors elsewhere, or whoever watches the site.

It says nothing that a stranger may not know: no address, no version, no error's message.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from locallibrary.outages import RETRY_AFTER

_PROBE = "health"
_PROBE_AGE = 10  # seconds


class Availability(StrEnum):
    """How one part does, or all of them together."""

    UP = "up"
    READ_ONLY = "read-only"
    DOWN = "down"
    DEGRADED = "degraded"


@dataclass(frozen=True)
class Health:
    """The parts that a node of this site needs or uses."""

    database: Availability
    cache: Availability

    @property
    def status(self) -> Availability:
        """What they come to: without a database there are no pages, without the others there are some."""
        if self.database is Availability.DOWN:
            return Availability.DOWN
        return Availability.UP if self.database is self.cache is Availability.UP else Availability.DEGRADED


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while this node can serve pages, else 503. Asks for no session and sets no cookie."""
    health = Health(database_state(), cache_state())
    is_down = health.status is Availability.DOWN
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_AFTER)} if is_down else {})
    return JsonResponse({"status": health.status, **asdict(health)}, status=503 if is_down else 200, headers=headers)


def database_state() -> Availability:
    """Whether the database answers, and whether it takes changes, as far as that can be known without one."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # after a switch to another server, or when its disk ran full
                cursor.execute("SELECT current_setting('transaction_read_only')")
            else:
                cursor.execute("SELECT 'off'")
            return Availability.UP if cursor.fetchone() == ("off",) else Availability.READ_ONLY
    except Error:
        return Availability.DOWN


def cache_state() -> Availability:
    """Whether the cache gives back what is put into it."""
    cache.set(_PROBE, Availability.UP.value, _PROBE_AGE)
    return Availability.UP if cache.get(_PROBE) == Availability.UP else Availability.DOWN
