"""A project's own table and engine, derived from these."""

import pytest

from exact_sessions.db import hash_of
from exact_sessions.models import ExactSession
from exact_sessions.tests.project.models import CustomSession, CustomSessionStore

pytestmark = pytest.mark.django_db


def test_a_column_of_the_projects_own_is_filled_in_each_time_a_session_is_saved() -> None:
    session = CustomSessionStore()
    session["_auth_user_id"] = 42
    session.save()
    row = CustomSession.objects.get()
    assert (row.pk, row.account_id, row.get_decoded()) == (hash_of(str(session.session_key)), 42, {"_auth_user_id": 42})
    other = CustomSessionStore(session.session_key)
    other["a"] = 1
    session["_auth_user_id"] = 43
    session.save()
    other.save()
    assert CustomSession.objects.get().account_id == 43, "also where it was merged"
    del session["_auth_user_id"]
    session.save()
    assert CustomSession.objects.get().account_id is None
    assert not ExactSession.objects.exists()


def test_sessions_in_a_table_of_the_projects_own_are_cleared_and_ended_too() -> None:
    session = CustomSessionStore()
    session.set_expiry(-10)
    session.save()
    CustomSessionStore.clear_expired()
    assert not CustomSession.objects.exists()
    session = CustomSessionStore()
    session.save()
    session.flush()
    assert not CustomSession.objects.exists()
