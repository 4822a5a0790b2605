"""The dashboard with this site's own pages around it; its own tests run in a project without them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy_dashboard.models import UserSession
from privacy_dashboard.user_sessions import digest_of, live_sessions

HOURS = 14_400
PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db


def key_of(client: Client) -> str:
    return client.cookies["__Host-sessionid"].value


def test_the_privacy_page_is_never_kept_and_never_framed(client: Client) -> None:
    response = client.get("/privacy/")
    assert "no-store" in response.headers["Cache-Control"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_the_dashboard_shows_the_true_end(client: Client) -> None:
    client.post("/cookie-check/start/")
    shown = client.get("/privacy/").context["overview"].session
    remaining = shown.server_ends.remaining(datetime.now(UTC))
    assert timedelta(0) < remaining <= timedelta(seconds=HOURS)
    assert shown.ends == shown.server_ends


def test_looking_at_the_workbench_changes_no_listed_session() -> None:
    user = get_user_model().objects.create_user("jorge", password=PASSWORD)
    here, stale = Client(), Client()
    for each in (here, stale):
        each.post("/accounts/sign-in/", {"username": "jorge", "password": PASSWORD})
        each.get("/about/")  # the first page that a session's cookie comes back to is noted, whichever it is
    UserSession.objects.filter(digest=digest_of(key_of(stale))).update(password_mark="another password's")
    before = set(UserSession.objects.values_list())
    with CaptureQueriesContext(connection) as queries:
        assert here.get("/privacy/workbench/").status_code == 200
    assert [query for query in queries if not query["sql"].lstrip("( ").startswith("SELECT")] == []
    assert set(UserSession.objects.values_list()) == before
    assert len(live_sessions(user, key_of(here))) == 1


def test_registering_another_account_while_signed_in_begins_a_session_of_the_new_one() -> None:
    client = Client()
    for name in ("first", "second"):
        client.post("/accounts/register/", {"username": name, "password1": PASSWORD, "password2": PASSWORD})
    [row] = UserSession.objects.all()
    assert row.user.get_username() == "second"
    assert row.digest == digest_of(key_of(client))


def test_a_remembered_sign_in_is_listed_with_its_longer_end() -> None:
    user = get_user_model().objects.create_user("jorge", password=PASSWORD)
    form = {"username": "jorge", "password": PASSWORD}
    here, remembered = Client(), Client()
    here.post("/accounts/sign-in/", form)
    [until_close] = live_sessions(user, key_of(here))
    assert until_close.until_browser_closes
    remembered.post("/accounts/sign-in/", form | {"remember_me": "on"})
    [newest] = [each for each in live_sessions(user, key_of(remembered)) if each.is_this_one]
    assert not newest.until_browser_closes
    assert newest.ends_at - timezone.now() > timedelta(days=13)
