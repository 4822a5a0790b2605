"""Deleting very many rows without making anybody wait.

One DELETE of half a million rows keeps everybody else from writing to SQLite for seconds (Django's ticket 23830). Here
they go a few at a time, each batch in a short transaction of its own, with a pause in between that is at least as long.
So it may end at any moment, killed or not: what was deleted is gone, the rest is as it was, and the next run goes on.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections, reset_queries, router, transaction
from django.db.models import QuerySet
from django.db.models.deletion import Collector

HELD = 0.005
"""Seconds for which a batch means to keep others from writing; the pause that follows is as long, or longer.

A writer that waits for SQLite looks again after 1, 3, 8, 18, 33 and 53 ms (sqliteDefaultBusyCallback in
sqlite.org/src/file?name=src/main.c): it finds such a pause by the third look or the fourth.
"""

LONGEST_PAUSE = 0.025
"""Seconds. SQLite's waiting writers look as often as that at first, so that a longer one is of no use to them."""

SIZES = (80, 160, 320, 640)
"""Rows in a batch. Not fewer: on a machine that is short of processors a batch takes long however small it is. Few
different ones, as connections keep prepared statements, and these are long; and fewer than the 999 parameters that a
statement may have in older versions of SQLite (sqlite.org/limits.html).
"""

SIZE_WITH_ROW_LOCKS = 320
"""Rows in a batch where a database locks row by row: there it keeps nobody waiting, but the memory of one grows."""


@dataclass(frozen=True)
class Batch:
    """What one batch did: `number` of rows deleted, and the `share` of the work that is done by now, from 0 to 1.

    The share is None where nobody knows how much there is.
    """

    number: int
    share: float | None


def delete_in_batches(rows: QuerySet[Any], by: str) -> Generator[Batch]:
    """Delete `rows`, in the order of `by`: a column of moments that is never null and has an index.

    A row that no longer answers to the query when its turn comes stays, as a session that was renewed a moment ago
    does. So does one that somebody holds locked, another process that clears or a visitor: nobody waits for anybody,
    and what is left over is there for the next run. Give the query no slice and no order.
    """
    rows = rows.using(router.db_for_write(rows.model)).order_by(by)
    moments: Any = rows.values_list(by, flat=True)
    first, last = moments.first(), moments.last()
    locks_rows = connections[rows.db].features.has_select_for_update
    size, left = SIZE_WITH_ROW_LOCKS if locks_rows else SIZES[0], rows
    while found := list(left.values_list("pk", by)[:size]):
        number, held = _delete(rows, [key for key, _moment in found])
        reached = found[-1][1]
        # A batch of which nothing could be deleted must not be found again.
        left = rows.filter(**{f"{by}__gte" if number else f"{by}__gt": reached})
        yield Batch(number, min(1.0, (reached - first) / (last - first)) if last > first else 1.0)
        size = size if locks_rows else _next_size(size, held)
        if settings.DEBUG:  # Django remembers thousands of statements then, and these are long
            reset_queries()
        time.sleep(min(max(HELD, held), LONGEST_PAUSE))


def _next_size(size: int, held: float) -> int:
    """As many rows as it takes to hold others up for `HELD` seconds, going by a batch of `size` that took `held`."""
    return max((each for each in SIZES if each <= 2 * size and each <= size * HELD / held), default=SIZES[0])


def _delete(rows: QuerySet[Any], keys: list[Any]) -> tuple[int, float]:
    """Delete those of the rows that are still there and free; gives back how many, and the seconds it took."""
    chosen = rows.filter(pk__in=keys).order_by()
    features = connections[rows.db].features
    start = time.perf_counter()
    if not features.has_select_for_update and Collector(rows.db).can_fast_delete(chosen):
        # Without the transaction that Django opens before it makes the statement: the lock is held for the statement
        # alone, and never while this process waits for a processor in Python code.
        number = chosen._raw_delete(rows.db)  # noqa: SLF001 -- what `delete` calls after that same question
    else:
        number = _delete_in_transaction(chosen, skip_locked=features.has_select_for_update_skip_locked)
    return number, time.perf_counter() - start


def _delete_in_transaction(rows: QuerySet[Any], *, skip_locked: bool) -> int:
    """Delete rows with all that depends on them, but none that somebody holds locked; gives back how many."""
    with transaction.atomic(using=rows.db):
        # Two processes that delete the same rows in different orders would wait for each other for ever. On SQLite this
        # locks nothing: there one transaction writes at a time.
        free = list(rows.select_for_update(skip_locked=skip_locked).values_list("pk", flat=True))
        _all, by_model = rows.filter(pk__in=free).delete()
    return by_model.get(rows.model._meta.label, 0)  # noqa: SLF001 -- documented
