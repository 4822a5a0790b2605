"""Deleting the sessions that have ended by themselves, in batches."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from exact_sessions import batches
from exact_sessions.db import SessionStore
from exact_sessions.models import ExactSession

pytestmark = pytest.mark.django_db


def rows(*, expired: int, live: int) -> None:
    for number in range(expired + live):
        end = timezone.now() + timedelta(hours=-1 if number < expired else 1)
        ExactSession.objects.create(key_hash=str(number), expire_date=end)


@pytest.mark.parametrize(
    "clear",
    [
        lambda: call_command("clearsessions"),
        SessionStore.clear_expired,
        async_to_sync(SessionStore.aclear_expired),
    ],
)
def test_expired_sessions_go_and_the_others_stay(clear: Callable[[], object]) -> None:
    rows(expired=3, live=2)
    clear()
    assert ExactSession.objects.count() == 2


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two rows, on every database."""
    monkeypatch.setattr(batches, "SIZES", (2,))
    monkeypatch.setattr(batches, "SIZE_WITH_ROW_LOCKS", 2)


@pytest.mark.usefixtures("two_at_once")
def test_each_batch_says_how_many_it_deleted() -> None:
    rows(expired=5, live=2)
    assert list(SessionStore.clear_in_batches()) == [2, 2, 1]
    assert list(SessionStore.clear_in_batches()) == []


@pytest.mark.usefixtures("two_at_once")
def test_two_runs_at_once_share_the_work() -> None:
    rows(expired=6, live=1)
    first, second = SessionStore.clear_in_batches(), SessionStore.clear_in_batches()
    assert next(first) + next(second) + next(first) + sum(second) + sum(first) == 6
    assert ExactSession.objects.count() == 1


@pytest.mark.usefixtures("two_at_once")
@pytest.mark.django_db(transaction=True)
def test_visitors_get_their_turn_after_each_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pause no transaction is open, and none is left out: a writer that waits for SQLite looks now and then."""
    pauses: list[bool] = []
    monkeypatch.setattr(
        "exact_sessions.batches.time.sleep", lambda seconds: pauses.append(connection.in_atomic_block or not seconds)
    )
    rows(expired=5, live=1)
    SessionStore.clear_expired()
    assert pauses == [False, False, False]


@pytest.mark.django_db(transaction=True)
def test_a_session_that_somebody_holds_locked_is_left_to_the_next_run() -> None:
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("this database locks no single row")
    rows(expired=3, live=1)
    locked, cleared = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            ExactSession.objects.select_for_update().get(pk="1")
            locked.set()
            assert cleared.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as visitor:
        held = visitor.submit(hold)
        assert locked.wait(60)
        try:
            SessionStore.clear_expired()
        finally:
            cleared.set()
        held.result()
    assert set(ExactSession.objects.values_list("pk", flat=True)) == {"1", "3"}
    SessionStore.clear_expired()
    assert ExactSession.objects.get().pk == "3"
