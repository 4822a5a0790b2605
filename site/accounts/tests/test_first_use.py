"""Accounts that nobody ever used are deleted; all others stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
FORM = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD}


def prune_a_day_later() -> str:
    User.objects.update(date_joined=F("date_joined") - timedelta(days=1))
    said = StringIO()
    call_command("prune_accounts", stdout=said)
    return said.getvalue()


def test_an_account_whose_cookie_never_came_back_is_deleted_within_a_day() -> None:
    for number in range(3):
        Client().post("/accounts/register/", FORM | {"username": f"newcomer-{number}"})
    assert prune_a_day_later() == "Deleted 3 accounts that nobody ever used.\n"
    assert not User.objects.exists()


def test_an_account_that_was_just_opened_is_not_deleted_yet() -> None:
    Client().post("/accounts/register/", FORM)
    call_command("prune_accounts", stdout=StringIO())
    assert User.objects.exists()


@pytest.mark.parametrize("page", ["/accounts/arrival/", "/", "/privacy/"])
def test_the_first_page_that_a_new_account_is_used_on_keeps_it(client: Client, page: str) -> None:
    client.post("/accounts/register/", FORM)
    assert not User.objects.get().has_been_used
    client.get(page)
    assert User.objects.get().has_been_used
    prune_a_day_later()
    assert User.objects.exists()


def test_signing_in_later_keeps_an_account_that_cookies_were_blocked_for(client: Client) -> None:
    Client().post("/accounts/register/", FORM)
    client.post("/accounts/sign-in/", {"username": "newcomer", "password": PASSWORD}, follow=True)
    prune_a_day_later()
    assert User.objects.exists()


def test_an_account_of_a_browser_that_had_shown_its_cookies_stays(client: Client) -> None:
    client.post("/cookie-check/start/")
    client.post("/accounts/register/", FORM)
    assert User.objects.get().has_been_used


def test_accounts_that_were_made_by_hand_stay() -> None:
    User.objects.create_user("by-hand")
    User.objects.create_superuser("librarian")
    User.objects.create_user("staff", is_staff=True, has_been_used=False)
    User.objects.create_user("chief", is_superuser=True, has_been_used=False)
    assert prune_a_day_later() == "Deleted 0 accounts that nobody ever used.\n"


def test_the_owner_sees_whether_the_account_has_been_used(client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))
    page = client.get("/privacy/").content.decode()
    assert "Has been used" in page
