"""Visitors of the dashboard, as Django's test client plays them."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from consent_gate.api import OPTIONAL_PURPOSES
from consent_gate.tests.fixtures import EACH_ENGINE, engine, grant
from privacy_dashboard.outcomes import Done, outcome_in

__all__ = ["EACH_ENGINE", "engine", "grant"]

PASSWORD = "correct horse battery"


def outcome_of(response: HttpResponseBase) -> Done:
    """What the page that a response leads to will say was done."""
    address = urlsplit(response.headers["Location"])
    request = RequestFactory().get("/privacy/", QUERY_STRING=address.query)
    request.user = AnonymousUser()
    outcome = outcome_in(request)
    assert (address.path, address.fragment) == ("/privacy/", "done")
    assert outcome
    return outcome.done


@pytest.fixture
def visitor(engine: str, client: Client, db: None, grant: Callable[..., None]) -> Client:
    """Somebody who allows everything and has been on the home page."""
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    return client


@pytest.fixture
def account(db: None) -> AbstractUser:
    made: AbstractUser = get_user_model().objects.create_user("jorge", password=PASSWORD)
    return made


@pytest.fixture
def reader(visitor: Client, account: AbstractUser) -> Client:
    """Somebody who allows everything and is signed in."""
    visitor.login(username=account.get_username(), password=PASSWORD)
    visitor.get("/")
    return visitor
