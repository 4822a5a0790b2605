"""Carries sessions over from the table of Django's own engine, and back.

From there all of them can go at once. Back they can go only one by one, when their visitors come: Django's table is
known by the session's key, which is not to be had from its hash.
"""

from collections.abc import Generator

from django.contrib.sessions.models import Session
from django.db import router, transaction
from django.db.models import QuerySet
from django.utils import timezone

from exact_sessions.db import hash_of
from exact_sessions.models import ExactSession

BATCH = 500
"""How many sessions are moved in one transaction."""


def waiting() -> QuerySet[Session]:
    """The sessions in Django's table that have not ended."""
    return Session.objects.using(router.db_for_write(Session)).filter(expire_date__gt=timezone.now())


def move_in(sessions: QuerySet[Session], size: int = BATCH) -> Generator[int, None, None]:
    """Move sessions from Django's table, and yield after each batch how many of them. May be stopped, and run twice."""
    while batch := list(sessions.order_by("pk")[:size]):
        with transaction.atomic(using=router.db_for_write(ExactSession)):
            # Written first, which locks SQLite. Two runs at once may have read the same rows: they are written once.
            rows = [ExactSession(hash_of(each.pk), each.session_data, each.expire_date) for each in batch]
            ExactSession.objects.bulk_create(rows, ignore_conflicts=True)
            Session.objects.filter(pk__in=[each.pk for each in batch]).delete()
        yield len(batch)


def bring_in(session_key: str) -> bool:
    """Move the session by this key from Django's table; False if there is none."""
    return sum(move_in(waiting().filter(pk=session_key))) > 0


def bring_back(session_key: str) -> bool:
    """Move the session by this key into Django's table; False if there is none."""
    rows = ExactSession.objects.filter(pk=hash_of(session_key), expire_date__gt=timezone.now())
    row = rows.first()
    with transaction.atomic(using=router.db_for_write(Session)):
        if row is None or not rows.delete()[0]:  # or another request was faster
            return False
        Session.objects.bulk_create([Session(session_key, row.session_data, row.expire_date)], ignore_conflicts=True)
    return True


def left_behind() -> int:
    """How many sessions that have not ended are in the table of this engine."""
    return ExactSession.objects.filter(expire_date__gt=timezone.now()).count()
