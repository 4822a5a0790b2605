"""How long sessions live, in the browser and in each store: hours, unless they hold a reason to last."""

import os
import time
from asyncio import run
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from consent_gate.cookies import SESSION
from consent_gate.declarations.declaration import registry
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES
from consent_gate.gate.session_length import is_stored_for_hours, lasts_hours
from consent_gate.gate.sessions import gated

pytestmark = pytest.mark.django_db

HOURS, TWO_WEEKS = 14_400, 1_209_600
PASSWORD = "correct horse battery"
SIGN_IN = {"username": "reader", "password": PASSWORD}
ON_A_SERVER = ["db", "cached_db", "cache", "file", "exact_sessions.db", "exact_sessions.cached_db"]


each_engine = pytest.mark.parametrize("engine", [*ON_A_SERVER, "signed_cookies"], indirect=True)
each_server_side_engine = pytest.mark.parametrize("engine", ON_A_SERVER, indirect=True)


@pytest.fixture
def reader() -> None:
    get_user_model().objects.create_user("reader", password=PASSWORD)


def in_the_browser(client: Client) -> int:
    """How many seconds the session's cookie lives."""
    return int(client.cookies[SESSION.name]["max-age"])


def on_the_server(client: Client, engine: str) -> float:
    """How many seconds the store keeps a browser's session."""
    key = client.cookies[SESSION.name].value
    if engine == "file":
        store: Any = gated(store_of_the_site())(key)
        return float(store._expiry_date(store.load()).timestamp() - time.time())
    if engine == "cache":
        return float(cache._expire_info[cache.make_key(store_of_the_site()(key).cache_key)] - time.time())  # type: ignore[attr-defined]
    store = store_of_the_site()
    row = store.get_model_class().objects.get(pk=getattr(store, "hash_of", str)(key))
    return float((row.expire_date - datetime.now(UTC)).total_seconds())


def store_of_the_site() -> Any:
    return import_module(django_settings.SESSION_ENGINE).SessionStore


def contents(client: Client) -> dict[str, Any]:
    return dict(client.session.items())


@each_engine
@pytest.mark.parametrize(
    ("address", "form"),
    [("/test-cookie/", {}), ("/note/", {"note": "milk"})],
)
def test_a_session_for_what_was_just_asked_for_ends_within_hours(
    client: Client, engine: str, address: str, form: dict[str, str]
) -> None:
    client.post(address, form)
    assert in_the_browser(client) == HOURS
    if engine in ON_A_SERVER:
        assert HOURS - 60 < on_the_server(client, engine) <= HOURS


@each_engine
def test_a_session_with_counters_that_were_allowed_lasts(
    client: Client, engine: str, grant: Callable[..., None]
) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    assert in_the_browser(client) == TWO_WEEKS
    if engine in ON_A_SERVER:
        assert on_the_server(client, engine) > TWO_WEEKS - 60


@each_server_side_engine
def test_a_sign_in_is_kept_for_hours_until_its_cookie_came_back(client: Client, engine: str, reader: None) -> None:
    client.post("/login/", SIGN_IN)
    assert in_the_browser(client) == TWO_WEEKS
    assert HOURS - 60 < on_the_server(client, engine) <= HOURS
    client.get("/about/")
    assert in_the_browser(client) == TWO_WEEKS
    assert on_the_server(client, engine) > TWO_WEEKS - 60
    assert "unconfirmed" not in contents(client)


@each_server_side_engine
def test_a_sign_in_after_an_answer_to_the_banner_lasts_at_once(
    client: Client, engine: str, reader: None, grant: Callable[..., None]
) -> None:
    grant(client)
    client.post("/login/", SIGN_IN)
    assert on_the_server(client, engine) > TWO_WEEKS - 60
    assert "unconfirmed" not in contents(client)


def test_a_made_up_session_cookie_proves_nothing(client: Client, reader: None) -> None:
    client.cookies[SESSION.name] = "madeupmadeupmadeupmadeupmadeup12"
    client.post("/login/", SIGN_IN)
    assert on_the_server(client, "db") <= HOURS


def test_a_length_that_the_visitor_chose_holds_once_the_cookie_came_back(client: Client) -> None:
    client.post("/two-weeks/")
    assert on_the_server(client, "db") <= HOURS
    client.get("/about/")
    assert on_the_server(client, "db") > TWO_WEEKS - 60


@each_engine
def test_both_ways_to_ask_for_the_end_agree(engine: str) -> None:
    session = gated(store_of_the_site())()
    session["note"] = {}
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    for chosen, seconds in ((None, HOURS), (TWO_WEEKS, TWO_WEEKS)):
        session.set_expiry(chosen)
        assert session.get_expiry_age() == run(session.aget_expiry_age()) == seconds
        end = session.get_expiry_date(modification=moment)
        assert end == run(session.aget_expiry_date(modification=moment)) == moment + timedelta(seconds=seconds)


@each_engine
def test_an_end_that_the_store_tells_itself_is_not_shortened(engine: str) -> None:
    """It asks while it loads the session, which can't be asked for its keys then."""
    session = gated(store_of_the_site())()
    session["note"] = {}
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    told: dict[str, Any] = {"modification": moment, "expiry": TWO_WEEKS}
    assert session.get_expiry_age(**told) == run(session.aget_expiry_age(**told)) == TWO_WEEKS
    end = moment + timedelta(seconds=TWO_WEEKS)
    assert session.get_expiry_date(**told) == run(session.aget_expiry_date(**told)) == end


@pytest.mark.parametrize("engine", ["file"], indirect=True)
@pytest.mark.parametrize(
    ("keys", "hours", "is_kept"),
    [
        ({"testcookie": "worked"}, 3, True),
        ({"testcookie": "worked"}, 5, False),
        ({"views": 1}, 5, True),
        ({"_auth_user_id": "1", "_session_expiry": TWO_WEEKS}, 5, True),
        ({"_auth_user_id": "1", "_session_expiry": TWO_WEEKS}, 15 * 24, False),
        ({"_auth_user_id": "1", "_session_expiry": TWO_WEEKS, "unconfirmed": True}, 5, False),
    ],
)
def test_files_are_cleared_by_what_is_in_them(engine: str, keys: dict[str, Any], hours: int, is_kept: bool) -> None:
    session: Any = store_of_the_site()()
    session.update(keys)
    session.save()
    before = time.time() - hours * 3600
    os.utime(session._key_to_file(), (before, before))
    call_command("clearsessions")
    assert session.exists(session.session_key) is is_kept


@pytest.mark.parametrize(
    ("keys", "within_hours", "on_the_server"),
    [
        ({"testcookie"}, True, True),
        ({"note", "last_used", "_messages"}, True, True),
        ({"nobody declared this"}, True, True),
        ({"note", "_session_expiry"}, False, False),
        ({"views"}, False, False),
        ({"_auth_user_id", "_auth_user_hash"}, False, False),
        ({"_auth_user_id", "_auth_user_hash", "unconfirmed"}, False, True),
    ],
)
def test_what_a_session_holds_says_how_long_it_lives(keys: set[str], within_hours: bool, on_the_server: bool) -> None:
    assert lasts_hours(keys, registry.session_keys) is within_hours
    assert is_stored_for_hours(keys, registry.session_keys) is on_the_server


def test_hundreds_of_posts_without_cookies_leave_nothing_after_one_clearing(
    reader: None, settings: Settings, grant: Callable[..., None]
) -> None:
    posts: list[tuple[str, dict[str, str]]] = [
        ("/test-cookie/", {}),
        ("/login/", SIGN_IN),
        ("/note/", {"note": "milk"}),
        ("/two-weeks/", {}),
        ("/rotate/", {}),
    ]
    for address, form in posts * 60:
        Client().post(address, form)
    kept = Client()
    grant(kept, *OPTIONAL_PURPOSES)
    kept.get("/")
    assert Session.objects.count() > 200
    Session.objects.update(expire_date=F("expire_date") - timedelta(seconds=HOURS))
    call_command("clearsessions")
    assert [row.pk for row in Session.objects.all()] == [kept.cookies[SESSION.name].value]


def test_an_engine_that_can_not_clear_expired_sessions_is_named(settings: Settings) -> None:
    settings.SESSION_ENGINE = "consent_gate.tests.stores_for_good"
    with pytest.raises(CommandError, match=r"consent_gate\.tests\.stores_for_good can't clear expired sessions"):
        call_command("clearsessions")
