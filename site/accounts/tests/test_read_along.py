"""An account that a page has read along counts for what it is now, as one that Django reads does."""

from collections.abc import Callable

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

pytestmark = pytest.mark.django_db

PAGE = "/genres/"


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("reader", password="a long sentence")


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    client.force_login(reader)
    assert "Signed in as" in client.get(PAGE).content.decode()
    return client


def test_a_page_reads_the_account_with_the_catalogue(signed_in: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert "Signed in as" in signed_in.get(PAGE).content.decode()
    assert len(queries) == 2, "the session, and the catalogue with the account"


def _change_password(reader: User) -> None:
    reader.set_password("another long sentence")
    reader.save()


@pytest.mark.parametrize(
    "change",
    [_change_password, User.delete, lambda _reader: User.objects.update(is_active=False)],
    ids=["another password", "deleted", "not active"],
)
def test_whoever_may_not_be_signed_in_any_more_is_not(
    signed_in: Client, reader: User, change: Callable[[User], object]
) -> None:
    change(reader)
    for address in (PAGE, "/"):
        assert "Signed in as" not in signed_in.get(address).content.decode()


def test_a_new_name_shows_at_once(signed_in: Client) -> None:
    User.objects.update(username="somebody")
    assert "somebody" in signed_in.get(PAGE).content.decode()


def test_a_session_that_names_no_account_signs_nobody_in(signed_in: Client) -> None:
    session = signed_in.session
    session[SESSION_KEY] = "9" * 30
    session.save()
    assert "Signed in as" not in signed_in.get(PAGE).content.decode()


def test_what_was_not_read_along_is_read_when_it_is_asked_for(signed_in: Client, reader: User) -> None:
    found = signed_in.get(PAGE).wsgi_request.user
    assert isinstance(found, User)
    assert (found.pk, found.date_joined, found.email) == (reader.pk, reader.date_joined, reader.email)
