"""The three visit counters, as pure functions over plain values.

- `num_visits`: in the session, one more each time the home page is opened (MDN's Django tutorial, part 7);
- `visits` / `last_visit`: in cookies, one more when `VISIT_INTERVAL` has gone by (How to Tango with Django, "Cookies
  and sessions");
- `visits` / `last_visit`: the same in the session.

What comes back from a browser is a string that anybody may have written: whatever is not a count this site could have
sent is taken as no count at all.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MOST_VISITS = 1_000_000_000
"""No honest browser gets here: a visit a second takes 31 years."""

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of this server's clock a time may lie and still be believed: another server process may have set it."""

_COUNT = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class VisitRecord:
    """How many visits were counted, and when the last of them was (UTC, whole seconds)."""

    visits: int
    last_visit: datetime

    @property
    def visits_text(self) -> str:
        return str(self.visits)

    @property
    def last_visit_text(self) -> str:
        return self.last_visit.astimezone(UTC).strftime(_TIME_FORMAT)


def parse_record(visits: object, last_visit: object, now: datetime) -> VisitRecord | None:
    """Read back a count and a time that this site stored, or None if it could not have stored them.

    Takes any objects at all: strings from cookies, whatever a session holds.
    """
    if not isinstance(visits, str) or not isinstance(last_visit, str):
        return None
    if not _COUNT.fullmatch(visits) or not _TIME.fullmatch(last_visit):
        return None
    try:
        time = datetime.fromisoformat(last_visit)
    except ValueError:
        return None
    if int(visits) > MOST_VISITS or not EARLIEST <= time <= now + CLOCK_SKEW:
        return None
    return VisitRecord(int(visits), time)


def next_record(previous: VisitRecord | None, now: datetime, interval: timedelta) -> VisitRecord:
    """Count a visit: the first one, one more once `interval` has gone by since the last, else the same as before."""
    if previous is None:
        return VisitRecord(1, now.replace(microsecond=0))
    if now - previous.last_visit < interval:
        return previous
    return VisitRecord(min(previous.visits + 1, MOST_VISITS), now.replace(microsecond=0))


def next_number(previous: object) -> int:
    """Count an opening of the home page; the present one counts, so the first gives 1."""
    if type(previous) is not int or not 0 <= previous < MOST_VISITS:
        return 1
    return previous + 1
