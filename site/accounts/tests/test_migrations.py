"""An installation from before the parts were packages keeps what its tables held."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from consent_gate.api import Receipt
from exact_sessions.db import ExactSessionStore

SESSIONS = import_module("accounts.migrations.0007_sessions_by_their_hashes")
TABLES = import_module("accounts.migrations.0005_tables_of_the_packages")


@pytest.mark.django_db
def test_rows_of_an_older_installation_move_and_its_tables_go() -> None:
    with connection.cursor() as cursor:
        for old, new in TABLES.MOVED.items():
            cursor.execute(f"CREATE TABLE {old} AS SELECT * FROM {new}")
        cursor.execute("INSERT INTO consent_showntext VALUES ('digest', 'en', '{}')")
        columns = "id, made_at, answers, fingerprints, place, signal, text_id"
        values = "'6b313b025b9249cba668c198b4157902', '2026-11-25 12:00:00', '{}', '{}', 'banner', 0, 'digest'"
        cursor.execute(f"INSERT INTO consent_receipt ({columns}) VALUES ({values})")
    TABLES.move_rows(None, SimpleNamespace(connection=connection))
    assert Receipt.objects.get().text.language == "en"
    assert not set(TABLES.MOVED) & set(connection.introspection.table_names())
    TABLES.move_rows(None, SimpleNamespace(connection=connection))  # where there are none, nothing happens


@pytest.mark.django_db
def test_sessions_of_an_older_installation_stay_open() -> None:
    earlier = [SessionStore() for _ in range(SESSIONS.BATCH + 1)]
    for number, session in enumerate(earlier):
        session["num_visits"] = number
        session.save()
    SESSIONS.move_sessions(apps, SimpleNamespace(connection=connection))
    assert not Session.objects.exists()
    assert [ExactSessionStore(each.session_key)["num_visits"] for each in earlier] == list(range(SESSIONS.BATCH + 1))
