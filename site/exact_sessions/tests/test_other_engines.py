"""What Django's own engines do with two requests at once: the later one takes what the earlier one has stored."""

from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from pytest_django import Settings


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["db", "cached_db", "cache", "file", "signed_cookies"])
def test_djangos_engines_lose_counts(name: str, settings: Settings, tmp_path: Path) -> None:
    settings.SESSION_FILE_PATH = tmp_path
    cache.clear()
    store = import_module(f"django.contrib.sessions.backends.{name}").SessionStore
    session = store()
    session["n"] = 0
    session.save()
    requests = [store(session.session_key) for _ in range(40)]
    for each in requests:
        each["n"] += 1
    for each in requests:
        each.save()
    assert store(requests[-1].session_key)["n"] == 1, "of 40"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["db", "cached_db", "cache", "file"])
def test_in_djangos_engines_a_new_key_revives_what_was_ended(name: str, settings: Settings, tmp_path: Path) -> None:
    settings.SESSION_FILE_PATH = tmp_path
    store = import_module(f"django.contrib.sessions.backends.{name}").SessionStore
    session = store()
    session["_auth_user_id"] = "1"
    session.save()
    late = store(session.session_key)
    late.get("_auth_user_id")
    session.flush()
    late.cycle_key()
    assert store(late.session_key)["_auth_user_id"] == "1"


@pytest.mark.django_db
def test_djangos_table_holds_the_keys_and_its_cache_revives(monkeypatch: pytest.MonkeyPatch) -> None:
    store = import_module("django.contrib.sessions.backends.cached_db").SessionStore
    session = store()
    session["a"] = 1
    session.save()
    assert Session.objects.get().pk == session.session_key
    cache.clear()
    reads = store._get_session_from_db

    def reads_while_it_ends(self: object) -> object:
        found = reads(self)
        store(session.session_key).delete()
        return found

    monkeypatch.setattr(store, "_get_session_from_db", reads_while_it_ends)
    assert store(session.session_key)["a"] == 1
    monkeypatch.undo()
    assert not Session.objects.exists()
    assert store(session.session_key)["a"] == 1, "long after its end"
