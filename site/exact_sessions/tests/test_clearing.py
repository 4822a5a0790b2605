"""Deleting the sessions that have ended by themselves, in batches."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.utils import timezone

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


def test_each_batch_is_a_statement_of_its_own() -> None:
    rows(expired=5, live=2)
    assert list(SessionStore.clear_in_batches(2)) == [2, 2, 1]
    assert list(SessionStore.clear_in_batches(2)) == []


def test_two_runs_at_once_share_the_work() -> None:
    rows(expired=6, live=1)
    first, second = SessionStore.clear_in_batches(2), SessionStore.clear_in_batches(2)
    assert [next(first), next(second), next(first), *second] == [2, 2, 2]
    assert ExactSession.objects.count() == 1
