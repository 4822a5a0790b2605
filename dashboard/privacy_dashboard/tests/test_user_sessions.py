"""The sessions of an account: listed, ended, and never kept alive by it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import StringIO
from threading import Event
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone
from pytest_django import Settings

from consent_gate.api import OPTIONAL_PURPOSES, Purpose
from privacy_dashboard import user_sessions
from privacy_dashboard.confirmation import Done
from privacy_dashboard.models import UserSession
from privacy_dashboard.sealing import seal, unseal
from privacy_dashboard.tests.conftest import EACH_ENGINE, PASSWORD, outcome_of
from privacy_dashboard.user_sessions import LiveSession, digest_of, end, end_all, end_others, live_sessions

pytestmark = pytest.mark.django_db

ON_THE_SERVER = pytest.mark.parametrize("engine", ["db", "cached_db", "cache", "file"], indirect=True)
NEW_PASSWORD = "another horse, another battery"


def signed_in(user: AbstractUser) -> Client:
    """Another browser of the same person. They sign in with the site's own form."""
    client = Client()
    answer = client.post("/accounts/login/", {"username": user.get_username(), "password": PASSWORD})
    assert answer.status_code == 302
    return client


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.get("/about/").wsgi_request.session


def listed(user: AbstractUser, client: Client) -> tuple[LiveSession, ...]:
    return live_sessions(user, key_of(client))


@ON_THE_SERVER
def test_all_sessions_of_an_account_are_listed_and_this_one_is_marked(engine: str, user: AbstractUser) -> None:
    first, second, third = (signed_in(user) for _ in range(3))
    sessions = listed(user, second)
    assert len(sessions) == 3
    assert [each.is_this_one for each in sessions] == [False, True, False], "the newest first"
    assert all(each.began_at and each.began_at <= timezone.now() < each.ends_at for each in sessions)
    assert first.get("/privacy/").content.count(b'data-testid="account-session"') == 3
    assert is_signed_in(third)


@ON_THE_SERVER
def test_another_session_is_ended_in_its_store(engine: str, user: AbstractUser) -> None:
    here, there = signed_in(user), signed_in(user)
    [other] = [each for each in listed(user, here) if not each.is_this_one]
    assert outcome_of(here.post("/privacy/sessions/end/", {"id": str(other.id)})) is Done.OTHER_SESSIONS_ENDED
    assert not import_module(django_settings.SESSION_ENGINE).SessionStore().exists(key_of(there))
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert len(listed(user, here)) == 1


@ON_THE_SERVER
def test_all_others_are_ended_at_once(engine: str, user: AbstractUser) -> None:
    here, *others = (signed_in(user) for _ in range(4))
    here.post("/privacy/sessions/end-others/")
    assert [is_signed_in(client) for client in (here, *others)] == [True, False, False, False]


@ON_THE_SERVER
def test_a_new_password_ends_the_others_at_once_and_keeps_this_one(engine: str, user: AbstractUser) -> None:
    here, there = signed_in(user), signed_in(user)
    [before] = [each for each in listed(user, here) if each.is_this_one]
    answer = here.post(
        "/accounts/password_change/",
        {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    )
    assert answer.status_code == 302
    assert not import_module(django_settings.SESSION_ENGINE).SessionStore().exists(key_of(there)), "at once"
    assert is_signed_in(here)
    user.refresh_from_db()
    [after] = listed(user, here)
    assert after.is_this_one
    assert (after.id, after.began_at) == (before.id, before.began_at), "the same session, under another key"


@ON_THE_SERVER
def test_a_password_that_was_changed_elsewhere_clears_the_list(engine: str, user: AbstractUser) -> None:
    there = signed_in(user)
    user.set_password(NEW_PASSWORD)
    user.save()
    assert live_sessions(user, None) == ()
    call_command("prune_user_sessions")
    assert not UserSession.objects.exists()
    assert not import_module(django_settings.SESSION_ENGINE).SessionStore().exists(key_of(there))


@ON_THE_SERVER
def test_a_session_that_its_store_has_lost_is_not_listed(engine: str, user: AbstractUser) -> None:
    here, there = signed_in(user), signed_in(user)
    import_module(django_settings.SESSION_ENGINE).SessionStore(key_of(there)).delete()
    assert [each.is_this_one for each in listed(user, here)] == [True]
    here.post("/privacy/sessions/end-others/")
    assert UserSession.objects.count() == 1


def writes_of(client: Client, address: str) -> list[str]:
    """What a request changes in the database."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries if not query["sql"].lstrip("( ").startswith("SELECT")]


@pytest.mark.parametrize("address", ["/privacy/", "/privacy/account/delete/"])
def test_looking_at_the_dashboard_changes_nothing(user: AbstractUser, address: str) -> None:
    """Whatever it finds: a session that its store has lost, one from before a new password, one older than the list."""
    here, lost, stale, older = browsers = [signed_in(user) for _ in range(4)]
    for each in browsers:
        each.get("/about/")  # the first page that a session's cookie comes back to is noted, whichever it is
    lost.session.delete(key_of(lost))
    UserSession.objects.filter(digest=digest_of(key_of(stale))).update(password_mark="another password's")
    UserSession.objects.filter(digest=digest_of(key_of(older))).delete()
    before = set(UserSession.objects.values_list())
    assert writes_of(here, address) == writes_of(older, address) == []
    assert set(UserSession.objects.values_list()) == before


@ON_THE_SERVER
def test_what_has_ended_is_pruned_and_what_is_in_use_stays(engine: str, user: AbstractUser) -> None:
    here, lost, stale = (signed_in(user) for _ in range(3))
    import_module(django_settings.SESSION_ENGINE).SessionStore(key_of(lost)).delete()
    UserSession.objects.filter(digest=digest_of(key_of(stale))).update(password_mark="another password's")
    call_command("prune_user_sessions")
    assert UserSession.objects.get().digest == digest_of(key_of(here))
    assert not import_module(django_settings.SESSION_ENGINE).SessionStore().exists(key_of(stale))
    assert is_signed_in(here)


def test_what_has_ended_is_pruned_however_many_notes_there_are(
    user: AbstractUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_sessions, "NOTES_AT_ONCE", 2)
    here, *others = (signed_in(user) for _ in range(6))
    for each in others:
        import_module(django_settings.SESSION_ENGINE).SessionStore(key_of(each)).delete()
    said = StringIO()
    call_command("prune_user_sessions", stdout=said)
    assert said.getvalue() == "Deleted 5 notes of sessions.\n"
    assert UserSession.objects.get().digest == digest_of(key_of(here))


@ON_THE_SERVER
def test_listing_five_sessions_takes_two_queries_at_most(engine: str, user: AbstractUser) -> None:
    here, *others = (signed_in(user) for _ in range(5))
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(user, here)) == 5
    assert len(queries) <= 2
    for each in others[1:]:
        each.session.delete(key_of(each))
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(user, here)) == 2
    assert len(queries) <= 2


def test_signing_out_takes_the_session_off_the_list(user: AbstractUser) -> None:
    here, there = signed_in(user), signed_in(user)
    there.post("/accounts/logout/")
    assert UserSession.objects.get().digest == digest_of(key_of(here))


def test_a_session_that_gets_another_key_keeps_its_place(user: AbstractUser, grant: Callable[..., None]) -> None:
    here = signed_in(user)
    [before] = listed(user, here)
    grant(here, Purpose.STATISTICS)
    here.get("/")
    old_key = key_of(here)
    here.post("/privacy/session/erase/", {"purpose": "statistics"})
    assert key_of(here) != old_key
    [after] = listed(user, here)
    assert after.is_this_one
    assert (after.id, after.began_at) == (before.id, before.began_at)


def test_a_session_older_than_the_list_is_shown_and_joins_it_when_it_is_saved(
    user: AbstractUser, settings: Settings
) -> None:
    older = Client()
    assert older.login(username=user.get_username(), password=PASSWORD)
    assert not UserSession.objects.exists(), "the list knows what the site's own requests did"
    page = older.get("/privacy/").content.decode()
    assert page.count('data-testid="account-session"') == 1
    assert "Began before this list was kept" in page
    assert not UserSession.objects.exists(), "looking changes nothing"
    assert older.post("/privacy/export/").json()["account_sessions"][0]["began_at"] is None
    settings.SESSION_SAVE_EVERY_REQUEST = True
    older.get("/about/")
    newer = signed_in(user)
    assert [each.is_this_one for each in listed(user, older)] == [False, True]
    assert is_signed_in(newer)


def test_signing_in_to_another_account_begins_a_session_of_that_one() -> None:
    client = Client()
    for name in ("first", "second"):
        get_user_model().objects.create_user(name, password=PASSWORD)
        client.post("/accounts/login/", {"username": name, "password": PASSWORD})
    [row] = UserSession.objects.all()
    assert row.user.get_username() == "second"
    assert row.digest == digest_of(key_of(client))


def test_a_new_secret_key_ends_no_session_as_long_as_the_old_one_still_counts(
    user: AbstractUser, settings: Settings
) -> None:
    here, there = signed_in(user), signed_in(user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the key of today, for tests only", [settings.SECRET_KEY]
    assert is_signed_in(here)
    assert is_signed_in(there)
    assert len(listed(user, here)) == 2
    assert end_others(user, key_of(here)) == 1
    assert not is_signed_in(there)


def test_each_session_is_noted_with_its_length(user: AbstractUser, settings: Settings) -> None:
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    here = signed_in(user)
    [until_close] = listed(user, here)
    assert until_close.until_browser_closes
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = False
    remembered = signed_in(user)
    newest = listed(user, remembered)[0]
    assert not newest.until_browser_closes
    assert newest.ends_at - timezone.now() > timedelta(days=13)


def test_nobody_ends_the_session_of_somebody_else(user: AbstractUser) -> None:
    here = signed_in(user)
    [ours] = listed(user, here)
    stranger = Client()
    stranger.force_login(get_user_model().objects.create_user("stranger"))
    for guess in (str(ours.id), str(uuid4()), "", "no-uuid", key_of(here), digest_of(key_of(here)), "\x00"):
        answer = stranger.post("/privacy/sessions/end/", {"id": guess})
        assert outcome_of(answer) is Done.NOTHING
    stranger.post("/privacy/sessions/end-others/")
    assert is_signed_in(here)
    for address in ("/privacy/sessions/end/", "/privacy/sessions/end-others/"):
        answer = Client().post(address)
        assert answer.headers["Location"] == "/accounts/login/?next=/privacy/", "a page that can be opened"


def test_the_present_session_is_not_ended_from_afar(user: AbstractUser) -> None:
    here = signed_in(user)
    [this] = listed(user, here)
    assert not end(user, str(this.id), key_of(here))
    assert end_others(user, key_of(here)) == 0
    assert is_signed_in(here)


def test_a_copy_of_the_table_opens_no_session(user: AbstractUser) -> None:
    here = signed_in(user)
    [row] = UserSession.objects.all()
    values = " ".join(str(value) for value in vars(row).values())
    assert key_of(here) not in values
    assert unseal(row.sealed_key) == key_of(here)


@pytest.mark.parametrize("engine", ["exact_sessions.db", "exact_sessions.cached_db"], indirect=True)
def test_a_store_that_needs_no_key_to_end_a_session_has_none_sealed(engine: str, user: AbstractUser) -> None:
    signed_in(user)
    assert UserSession.objects.get().sealed_key == ""


def test_what_is_sealed_opens_with_an_earlier_key_and_with_no_other(settings: Settings) -> None:
    settings.SECRET_KEY = "the key of yesterday, thirty two characters"
    sealed = seal("secret")
    assert seal("secret") != sealed
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = (
        "the key of today, thirty two characters",
        [settings.SECRET_KEY],
    )
    assert unseal(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None
    assert unseal("not sealed at all ☕") is None


def test_a_session_that_is_only_read_costs_no_query_and_is_not_kept_alive(
    user: AbstractUser,
) -> None:
    here = signed_in(user)
    here.get("/about/")
    before = UserSession.objects.get()
    with CaptureQueriesContext(connection) as queries:
        here.get("/about/")
    assert not [query for query in queries.captured_queries if "accountsession" in query["sql"]]
    assert UserSession.objects.get().ends_at == before.ends_at


def queries_for_the_list(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get("/about/")
    return sum("accountsession" in query["sql"] for query in queries.captured_queries)


def test_saving_a_session_costs_one_query_for_the_list_and_then_none(user: AbstractUser, settings: Settings) -> None:
    here = signed_in(user)
    UserSession.objects.update(ends_at=timezone.now() + timedelta(minutes=1))
    settings.SESSION_SAVE_EVERY_REQUEST = True
    assert queries_for_the_list(here) == 1
    assert UserSession.objects.get().ends_at > timezone.now() + timedelta(days=13)
    assert [queries_for_the_list(here) for _ in range(3)] == [0, 0, 0]


def test_a_session_is_noted_anew_once_its_end_has_moved_on_or_is_another(
    user: AbstractUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = True
    here = signed_in(user)
    here.get("/about/")
    noted = UserSession.objects.get().ends_at
    for passed, again in ((timedelta(hours=3), 0), (timedelta(hours=4), 1), (timedelta(hours=4, seconds=1), 0)):
        monkeypatch.setattr(timezone, "now", lambda passed=passed: datetime.now(UTC) + passed)
        assert queries_for_the_list(here) == again
    assert UserSession.objects.get().ends_at - noted > timedelta(hours=3, minutes=59)
    monkeypatch.undo()
    assert queries_for_the_list(here) == 1, "it ends earlier than the list says"
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    assert queries_for_the_list(here) == 1
    assert UserSession.objects.get().until_browser_closes


def test_notes_of_several_sessions_are_known_at_once_but_not_of_any_number(
    user: AbstractUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = True
    here, there, elsewhere = (signed_in(user) for _ in range(3))
    monkeypatch.setattr(user_sessions, "_notes", {})
    monkeypatch.setattr(user_sessions, "MOST_NOTES_KNOWN", 2)
    assert [queries_for_the_list(each) for each in (here, there, here, there)] == [1, 1, 0, 0]
    assert [queries_for_the_list(each) for each in (elsewhere, here, elsewhere)] == [1, 1, 0]


def test_somebody_without_an_account_is_not_noted(visitor: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        visitor.get("/")
        visitor.post("/cookies/choice/", {"answer": "refuse"}, headers={"sec-fetch-site": "same-origin"})
        visitor.cookies["sessionid"] = "stale"
        visitor.get("/")
    assert not [query for query in queries.captured_queries if "accountsession" in query["sql"]]
    assert not UserSession.objects.exists()


def test_ended_sessions_are_cleared_away(user: AbstractUser) -> None:
    signed_in(user)
    UserSession.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert live_sessions(user, None) == ()
    call_command("prune_user_sessions")
    assert not UserSession.objects.exists()


def test_all_sessions_end_with_the_account(user: AbstractUser) -> None:
    here, there = signed_in(user), signed_in(user)
    here.post("/privacy/account/delete/", {"password": PASSWORD})
    assert not UserSession.objects.exists()
    assert not import_module(django_settings.SESSION_ENGINE).SessionStore().exists(key_of(there))
    assert end_all(user) == 0


@pytest.mark.parametrize("engine", ["signed_cookies"], indirect=True)
def test_sessions_in_browsers_are_said_to_be_out_of_reach(engine: str, user: AbstractUser) -> None:
    here = signed_in(user)
    page = here.get("/privacy/").content
    assert b'data-testid="cannot-be-listed"' in page
    assert not UserSession.objects.exists()


@EACH_ENGINE
def test_signing_in_and_out_works_with_every_engine(engine: str, user: AbstractUser) -> None:
    here = signed_in(user)
    assert is_signed_in(here)
    here.post("/accounts/logout/")
    assert not is_signed_in(here)
    assert not UserSession.objects.exists()


reading, ended = Event(), Event()


def slow_counter(request: HttpRequest) -> HttpResponse:
    """Read the session, wait until it was ended from elsewhere, and count."""
    request.session.get("num_visits")
    reading.set()
    assert ended.wait(20)
    request.session["num_visits"] = 1
    return HttpResponse("counted")


urlpatterns = [path("slow/", slow_counter), path("", include(django_settings.ROOT_URLCONF))]


@pytest.mark.django_db(transaction=True)
@ON_THE_SERVER
@pytest.mark.parametrize("with_the_account", [False, True])
def test_a_session_that_is_ended_while_it_is_in_use_comes_back_nowhere(
    engine: str, user: AbstractUser, grant: Callable[..., None], settings: Settings, *, with_the_account: bool
) -> None:
    here, there = signed_in(user), signed_in(user)
    settings.ROOT_URLCONF = __name__
    reading.clear()
    ended.clear()
    grant(there, *OPTIONAL_PURPOSES)
    with ThreadPoolExecutor(1) as other:
        pending = other.submit(there.get, "/slow/")
        assert reading.wait(20)
        if with_the_account:
            end_all(user)
            user.delete()
        else:
            end_others(user, key_of(here))
        ended.set()
        assert pending.result(20).status_code == 400, "its session is gone"
    assert UserSession.objects.count() == (0 if with_the_account else 1)
    assert not is_signed_in(there)


@pytest.mark.django_db(transaction=True)
def test_a_session_of_an_account_that_is_gone_joins_no_list(user: AbstractUser, settings: Settings) -> None:
    client = signed_in(user)
    user.delete()
    settings.SESSION_SAVE_EVERY_REQUEST = True
    assert client.get("/about/").status_code == 200
    assert not UserSession.objects.exists()
