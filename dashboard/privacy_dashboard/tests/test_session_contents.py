"""A session as its store holds it, with each of Django's five engines."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore
from django.contrib.sessions.models import Session
from django.core import signing
from pytest_django import Settings

from consent_gate.api import gated, registry
from privacy_dashboard.expiries import AT_BROWSER_CLOSE, ExpiryKind
from privacy_dashboard.session_contents import SessionKey, session_record
from privacy_dashboard.tests.conftest import EACH_ENGINE

pytestmark = pytest.mark.django_db


def new_session(**contents: Any) -> SessionBase:
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(contents)
    session.save()
    return session


def again(session: SessionBase) -> SessionBase:
    """The same session as the next request loads it."""
    return gated(import_module(settings.SESSION_ENGINE).SessionStore)(session.session_key)


@EACH_ENGINE
def test_every_engine_shows_its_keys_and_its_size(engine: str) -> None:
    record = session_record(again(new_session(visits=3, last_visit="today")), registry.session_keys)
    assert record
    assert {key.name: key.value for key in record.keys} == {"last_visit": "today", "visits": 3}
    assert record.engine == engine
    assert record.stored.size > 20
    assert not record.stored.is_corrupt
    assert (record.stored.form is None) is (engine == "cache")


@EACH_ENGINE
def test_the_end_in_the_browser_and_on_the_server_may_differ(engine: str) -> None:
    session = new_session(visits=1)
    session.set_expiry(0)
    session.save()
    record = session_record(again(session), registry.session_keys)
    assert record
    assert record.ends == AT_BROWSER_CLOSE
    assert record.server_ends.known in {ExpiryKind.EXACTLY, ExpiryKind.AT_MOST}


@EACH_ENGINE
def test_only_a_session_that_ends_with_the_browser_has_an_idle_limit(engine: str, settings: Settings) -> None:
    settings.PRIVACY_DASHBOARD_IDLE_LIMIT = 5400
    passing, lasting = new_session(visits=1), new_session(visits=1)
    passing.set_expiry(0)
    passing.save()
    records = [session_record(again(session), registry.session_keys) for session in (passing, lasting)]
    assert [record and record.idle_limit_text for record in records] == ["90 minutes", ""]


@EACH_ENGINE
def test_a_date_set_by_hand_is_told_exactly(engine: str) -> None:
    session = new_session(visits=1)
    day = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    session.set_expiry(day)
    session.save()
    record = session_record(again(session), registry.session_keys)
    assert record
    assert record.ends.at
    assert abs(record.ends.at - day) < timedelta(seconds=5)


@EACH_ENGINE
def test_looking_at_a_session_changes_nothing(engine: str) -> None:
    session = again(new_session(visits=1))
    session_record(session, registry.session_keys)
    assert not session.modified


@pytest.mark.parametrize("engine", ["db", "cached_db", "cache", "file"], indirect=True)
def test_an_id_that_no_session_has_shows_no_session(engine: str) -> None:
    unknown = import_module(settings.SESSION_ENGINE).SessionStore("0" * 32)
    assert session_record(unknown, registry.session_keys) is None


def test_a_damaged_row_is_told_from_an_empty_one() -> None:
    session = new_session(visits=1)
    Session.objects.update(session_data="not:signed:by-this-site")
    record = session_record(again(session), registry.session_keys)
    assert record
    assert record.stored.is_corrupt
    assert record.keys == ()
    Session.objects.update(session_data=session.encode({}))
    empty = session_record(again(session), registry.session_keys)
    assert empty
    assert not empty.stored.is_corrupt


@pytest.mark.parametrize("engine", ["signed_cookies"], indirect=True)
def test_a_damaged_cookie_is_told_from_a_session(engine: str) -> None:
    session = new_session(visits=1)
    key = session.session_key or ""
    no_json = signing.TimestampSigner(salt=CookieStore.__module__).sign("bm8ganNvbg")
    for kept, is_corrupt in ((key, False), (key[:-1], True), ("x", True), ("é", True), (no_json, True)):
        record = session_record(import_module(settings.SESSION_ENGINE).SessionStore(kept), registry.session_keys)
        assert record is None or record.stored.is_corrupt is is_corrupt, kept
        assert record or is_corrupt


@pytest.mark.parametrize("engine", ["file"], indirect=True)
def test_a_damaged_file_is_told_from_an_empty_one(engine: str) -> None:
    session = new_session(visits=1)
    path = Path(session._key_to_file())  # type: ignore[attr-defined] # it keeps to its first folder
    path.write_bytes(b"\xff\x00 neither text nor signed")
    record = session_record(again(session), registry.session_keys)
    assert record
    assert record.stored.is_corrupt


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (3, "3", "whole number"),
        ("grüße", '"grüße"', "text"),
        ([1, "☕"], '[1, "☕"]', "list"),
        ({"wheels": "alloy"}, '{"wheels": "alloy"}', "dictionary"),
        (None, "null", "nothing"),
        (True, "true", "yes or no"),
    ],
)
def test_values_are_shown_with_their_kind(value: object, text: str, kind: str) -> None:
    key = SessionKey("key", value, None)
    assert (key.text, str(key.type)) == (text, kind)
    assert key.size == len(text.encode())
