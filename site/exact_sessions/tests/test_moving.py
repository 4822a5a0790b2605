"""From Django's table into this one, and back."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from exact_sessions.db import ExactSessionStore
from exact_sessions.from_django import ArrivingSessionStore
from exact_sessions.models import ExactSession
from exact_sessions.moving import bring_back, left_behind, move_in, waiting
from exact_sessions.to_django import LeavingSessionStore

pytestmark = pytest.mark.django_db


def saved(store: type[DatabaseStore | ExactSessionStore], **keys: object) -> str:
    session = store()
    session.update(keys)
    session.save()
    return str(session.session_key)


def said(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("move_sessions", *options)
    return capsys.readouterr().out


def test_all_sessions_move_and_stay_open(capsys: pytest.CaptureFixture[str]) -> None:
    keys = [saved(DatabaseStore, n=number) for number in range(3)]
    ends = set(Session.objects.values_list("expire_date", flat=True))
    assert said(capsys) == "\r3 of 3 sessions moved\n"
    assert [dict(ExactSessionStore(key).items()) for key in keys] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert set(ExactSession.objects.values_list("expire_date", flat=True)) == ends
    assert not Session.objects.exists()
    assert said(capsys) == "There are no sessions to move.\n", "a second run does no harm"


def test_sessions_move_in_batches_that_can_be_stopped() -> None:
    for number in range(5):
        saved(DatabaseStore, n=number)
    moving = move_in(waiting(), size=2)
    assert next(moving) == 2
    moving.close()
    assert (Session.objects.count(), left_behind()) == (3, 2)
    first, second = move_in(waiting(), size=2), move_in(waiting(), size=2)
    assert [next(first), next(second)] == [2, 1]
    assert (Session.objects.count(), left_behind()) == (0, 5)


def test_expired_sessions_stay_where_they_are() -> None:
    key = saved(DatabaseStore, n=1)
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    assert list(move_in(waiting())) == []
    assert dict(ArrivingSessionStore(key).items()) == {}


def test_on_the_way_in_a_session_moves_when_its_visitor_comes() -> None:
    key, other = saved(DatabaseStore, n=1), saved(DatabaseStore, n=2)
    session = ArrivingSessionStore(key)
    session.increment("n")
    session.save()
    assert ExactSessionStore(key)["n"] == 2
    assert Session.objects.count() == 1
    assert async_to_sync(ArrivingSessionStore(other).aget)("n") == 2
    assert not Session.objects.exists()


@pytest.mark.parametrize("asynchronously", [True, False])
def test_on_the_way_in_a_session_can_be_ended(*, asynchronously: bool) -> None:
    key = saved(DatabaseStore, n=1)
    session = ArrivingSessionStore()
    assert async_to_sync(session.aexists)(key)
    assert not session.exists(None)
    saved_again = saved(DatabaseStore, n=1)
    for each in (key, saved_again):
        (async_to_sync(session.adelete) if asynchronously else session.delete)(each)
    session.delete()
    assert not session.exists(key)
    assert not Session.objects.exists()
    assert not ExactSession.objects.exists()


def test_back_a_session_moves_when_its_visitor_comes() -> None:
    key, other = saved(ExactSessionStore, n=1), saved(ExactSessionStore, n=2)
    session = LeavingSessionStore(key)
    session["n"] += 1
    session.save()
    assert DatabaseStore(key)["n"] == 2
    assert left_behind() == 1
    assert async_to_sync(LeavingSessionStore(other).aget)("n") == 2
    assert left_behind() == 0
    assert not bring_back(other)
    assert dict(LeavingSessionStore("no such session").items()) == {}


@pytest.mark.parametrize("asynchronously", [True, False])
def test_on_the_way_back_a_session_can_be_ended(*, asynchronously: bool) -> None:
    key = saved(ExactSessionStore, n=1)
    session = LeavingSessionStore(key)
    (async_to_sync(session.adelete) if asynchronously else session.delete)()
    assert not Session.objects.exists()
    assert not ExactSession.objects.exists()


def test_the_command_says_how_sessions_get_back(capsys: pytest.CaptureFixture[str]) -> None:
    saved(ExactSessionStore, n=1)
    text = said(capsys, "--back")
    assert text.startswith("1 sessions are in the table of exact_sessions")
    assert 'SESSION_ENGINE = "exact_sessions.to_django"' in text


def test_without_djangos_table_the_command_says_so() -> None:
    with (
        override_settings(INSTALLED_APPS=["exact_sessions", "django.contrib.auth", "django.contrib.contenttypes"]),
        pytest.raises(CommandError, match=r"django\.contrib\.sessions"),
    ):
        call_command("move_sessions")
