"""Visitors of the dashboard, as Django's test client plays them."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django import Settings

from consent_gate.api import OPTIONAL_PURPOSES
from consent_gate.testing import give_choice
from privacy_dashboard.confirmation import Done, confirmation_in

PASSWORD = "correct horse battery"
ENGINES = ["db", "cached_db", "cache", "file", "signed_cookies", "exact_sessions.db", "exact_sessions.cached_db"]
EACH_ENGINE = pytest.mark.parametrize("engine", ENGINES, indirect=True)


def outcome_of(response: HttpResponseBase) -> Done:
    """What the page that a response leads to will say was done."""
    address = urlsplit(response.headers["Location"])
    request = RequestFactory().get("/privacy/", QUERY_STRING=address.query)
    request.user = AnonymousUser()
    outcome = confirmation_in(request)
    assert (address.path, address.fragment) == ("/privacy/", "done")
    assert outcome
    return outcome.done


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The session store in use, by the last part of its module's name: Django's default, or the test's parameter."""
    name: str = getattr(request, "param", "db")
    settings.SESSION_ENGINE = name if "." in name else f"django.contrib.sessions.backends.{name}"
    # The same folder for all tests: Django's file store looks at this setting once in a process.
    settings.SESSION_FILE_PATH = tmp_path_factory.getbasetemp() / "sessions"
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    return name.rpartition(".")[2]


@pytest.fixture
def grant() -> Callable[..., None]:
    """Give a client's browser a choice: yes to these purposes, no to the others."""
    return give_choice


@pytest.fixture
def visitor(engine: str, client: Client, db: None, grant: Callable[..., None]) -> Client:
    """Somebody who allows everything and has been on the home page."""
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    return client


@pytest.fixture
def user(db: None) -> AbstractUser:
    made: AbstractUser = get_user_model().objects.create_user("jorge", password=PASSWORD)
    return made


@pytest.fixture
def reader(visitor: Client, user: AbstractUser) -> Client:
    """Somebody who allows everything and is signed in."""
    visitor.login(username=user.get_username(), password=PASSWORD)
    visitor.get("/")
    return visitor
