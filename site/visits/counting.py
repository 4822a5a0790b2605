"""Reads and writes the three counters where they live: in the session and in cookies."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeGuard

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consent_gate.api import Purpose, consent_of
from visits import cookies
from visits.counters import VisitRecord, next_number, next_record, parse_record


class Merging(Protocol):
    """A session of an engine that loses no count of requests at once, such as `exact_sessions`."""

    def get(self, key: str, default: Any = None) -> Any:
        """A key's value."""

    def increment(self, key: str, by: int = 1) -> Any:
        """Add to a number."""


def merges(session: SessionBase) -> TypeGuard[Merging]:
    """Whether a session is of such an engine. To ask by `isinstance` takes a hundred times as long."""
    return hasattr(session, "increment")


@dataclass(frozen=True)
class Counters:
    """What the three counters say. None and 0 mean: nothing counted yet.

    `kept` tells whether the visitor allows the site to keep them; if not, the present visit is all there is to count.
    """

    num_visits: int
    in_cookies: VisitRecord | None
    in_session: VisitRecord | None
    kept: bool = True
    exact: bool = False
    """Whether the counters in the session count every opening, however many there are at once."""


def read_counters(request: HttpRequest) -> Counters:
    """Say what the counters hold, without counting."""
    now = timezone.now()
    num_visits = request.session.get(cookies.NUM_VISITS_KEY.name)
    return Counters(
        num_visits=next_number(num_visits) - 1,
        in_cookies=parse_record(
            request.COOKIES.get(cookies.VISITS.name), request.COOKIES.get(cookies.LAST_VISIT.name), now
        ),
        in_session=parse_record(
            _as_text(request.session.get(cookies.VISITS_KEY.name)),
            request.session.get(cookies.LAST_VISIT_KEY.name),
            now,
        ),
        kept=consent_of(request).grants(Purpose.STATISTICS),
        exact=merges(request.session),
    )


def count_visit(request: HttpRequest) -> Counters:
    """Count this opening of the home page. Writes the session; cookies wait for `remember_in_cookies`.

    It asks nobody for leave: what the visitor does not allow, the gate lets neither out nor into the session, and the
    session is not saved for it.
    """
    before = read_counters(request)
    now = timezone.now()
    interval = timedelta(seconds=settings.VISIT_INTERVAL)
    in_session = next_record(before.in_session, now, interval)
    num_visits = _count_on(request.session, cookies.NUM_VISITS_KEY.name, before.num_visits)
    request.session[cookies.VISITS_KEY.name] = in_session.visits
    request.session[cookies.LAST_VISIT_KEY.name] = in_session.last_visit_text
    return Counters(num_visits, next_record(before.in_cookies, now, interval), in_session, before.kept, before.exact)


def remember_in_cookies(response: HttpResponse, record: VisitRecord) -> None:
    """Send the cookies of the counter that lives in the browser."""
    cookies.VISITS.send(response, record.visits_text)
    cookies.LAST_VISIT.send(response, record.last_visit_text)


def _count_on(session: SessionBase, key: str, number: int) -> int:
    """Count one more. An engine that merges adds it to what other requests have counted by the time it saves."""
    if merges(session) and session.get(key, 0) == number:
        return int(session.increment(key))
    session[key] = number + 1
    return number + 1


def _as_text(value: object) -> object:
    return str(value) if type(value) is int else value
