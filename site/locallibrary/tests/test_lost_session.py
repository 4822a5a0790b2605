"""Where sessions lie in memory alone, a visitor whose session is gone is told so."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

NOTE = 'data-testid="session-is-lost"'


@pytest.fixture
def visitor(client: Client, settings: Settings) -> Client:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    client.post("/cookies/choice/", {"answer": "accept", "place": "page"}, headers={"origin": "http://testserver"})
    client.get("/")
    return client


def test_a_session_that_left_the_memory_is_said_to_be_gone_once(visitor: Client) -> None:
    assert NOTE not in visitor.get("/").content.decode()
    cache.clear()
    assert NOTE in visitor.get("/").content.decode()
    assert NOTE not in visitor.get("/").content.decode()


def test_whoever_comes_without_a_session_is_told_of_none(visitor: Client) -> None:
    cache.clear()
    assert NOTE not in Client().get("/about/").content.decode()


def test_in_a_database_a_key_that_opens_nothing_was_never_a_session(visitor: Client, settings: Settings) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    assert NOTE not in Client().get("/").content.decode()
    stranger = Client()
    stranger.cookies["__Host-sessionid"] = "a" * 32
    assert NOTE not in stranger.get("/").content.decode()
