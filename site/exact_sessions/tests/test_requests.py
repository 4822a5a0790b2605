"""What visitors meet, with Django's own session middleware and sign-in."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from exact_sessions.db import hash_of
from exact_sessions.models import ExactSession
from exact_sessions.tests.project import urls


@pytest.fixture(params=["exact_sessions.db", "exact_sessions.cached_db"])
def visitor(request: pytest.FixtureRequest, settings: Settings, db: None) -> Client:
    settings.SESSION_ENGINE = request.param
    get_user_model().objects.create(username="reader")
    return Client()


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def test_a_visitors_pages_are_counted(visitor: Client) -> None:
    assert [visitor.get("/count/").content for _ in range(3)] == [b"1", b"2", b"3"]


def test_signing_in_gives_a_new_key_and_keeps_what_was_there(visitor: Client) -> None:
    visitor.get("/count/")
    before = key_of(visitor)
    visitor.get("/in/")
    assert key_of(visitor) != before
    assert visitor.session["_auth_user_id"]
    assert visitor.get("/count/").content == b"2"
    assert ExactSession.objects.get().pk == hash_of(key_of(visitor))


def test_signing_out_ends_the_session(visitor: Client) -> None:
    visitor.get("/in/")
    visitor.get("/out/")
    assert not ExactSession.objects.exists()
    assert not key_of(visitor)


def test_a_request_whose_session_ends_meanwhile_is_answered_as_django_does(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 400, a page, and no cookie. It revives nothing."""
    visitor.get("/in/")
    ends: Callable[..., object] = type(visitor.session).delete
    original = urls.count

    def counts_while_it_ends(request: object) -> object:
        response = original(request)  # type: ignore[arg-type]
        ends(visitor.session)
        return response

    monkeypatch.setattr(urls.urlpatterns[0], "callback", counts_while_it_ends)
    response = visitor.get("/count/")
    assert response.status_code == 400
    assert not response.cookies
    assert not ExactSession.objects.exists()
