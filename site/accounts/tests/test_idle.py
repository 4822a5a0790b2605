"""The idle limit of sessions that should end with the browser."""

import time
from collections.abc import Callable

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import middleware
from accounts.cookies import LAST_USED_KEY
from accounts.idle import Idleness, standing
from accounts.models import User
from consent_gate.api import OPTIONAL_PURPOSES

LIMIT = 7200
STEP = LIMIT // 10
NOW = 1_800_000_000
PASSWORD = "correct horse battery"
SIGNED_OUT = "You are signed out, as your session was not used for a while: it may stand idle for 2 hours at most."
ENGINES = ["db", "cached_db", "cache", "file", "signed_cookies", "exact_sessions.db", "exact_sessions.cached_db"]


@pytest.mark.parametrize(
    ("last_used", "expected"),
    [
        (NOW, Idleness.FRESH),
        (NOW - STEP, Idleness.FRESH),
        (NOW - STEP - 1, Idleness.TO_NOTE),
        (NOW - LIMIT, Idleness.TO_NOTE),
        (NOW - LIMIT - 1, Idleness.IDLE),
        (0, Idleness.IDLE),
        (-(10**30), Idleness.IDLE),
        (NOW + STEP, Idleness.FRESH),
        (NOW + STEP + 1, Idleness.TO_NOTE),
        (10**30, Idleness.TO_NOTE),
        (None, Idleness.TO_NOTE),
        ("", Idleness.TO_NOTE),
        (str(NOW), Idleness.TO_NOTE),
        (float(NOW), Idleness.TO_NOTE),
        (True, Idleness.TO_NOTE),
        ([NOW], Idleness.TO_NOTE),
    ],
)
def test_a_session_is_judged_by_when_it_was_last_used(last_used: object, expected: Idleness) -> None:
    assert standing(last_used, NOW, LIMIT) is expected


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_a_limit_of_seconds_is_kept_to_the_second(limit: int) -> None:
    judged = [standing(NOW, NOW + passed, limit) for passed in range(limit + 2)]
    assert judged == [Idleness.FRESH, *[Idleness.TO_NOTE] * limit, Idleness.IDLE]


class Clock:
    """The middleware's clock, set by hand."""

    def __init__(self) -> None:
        self.now = int(time.time())

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(middleware, "_now", clock)
    return clock


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Settings) -> str:
    """Each session store in turn."""
    name: str = request.param
    settings.SESSION_ENGINE = name if "." in name else f"django.contrib.sessions.backends.{name}"
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    return name.rpartition(".")[2]


@pytest.fixture
def until_close(settings: Settings, db: None) -> None:
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    settings.SESSION_IDLE_LIMIT = LIMIT


@pytest.fixture
def client(client: Client, grant: Callable[..., None]) -> Client:
    """The browser of somebody who allows everything."""
    grant(client, *OPTIONAL_PURPOSES)
    return client


@pytest.fixture
def reader(db: None) -> User:
    return User.objects.create_user("reader", password=PASSWORD)


def sign_in(client: Client, **extra: str) -> None:
    client.post("/accounts/sign-in/", {"username": "reader", "password": PASSWORD, **extra})
    assert SESSION_KEY in client.session


def count(client: Client) -> int:
    client.get("/")
    number: int = client.session["num_visits"]
    return number


@pytest.mark.usefixtures("engine", "until_close")
def test_a_session_that_stood_idle_for_too_long_is_ended_in_every_store(client: Client, clock: Clock) -> None:
    assert [count(client), count(client)] == [1, 2]
    clock.now += LIMIT + 1
    page = client.get("/")
    assert client.session["num_visits"] == 1
    assert SIGNED_OUT not in page.content.decode(), "nobody was signed in"


@pytest.mark.usefixtures("engine", "until_close")
def test_a_session_in_use_outlives_the_limit_on_pages_that_only_read(client: Client, clock: Clock) -> None:
    assert count(client) == 1
    for _ in range(4):
        clock.now += LIMIT // 2
        client.get("/about/")
    assert count(client) == 2


def test_an_idle_session_is_deleted_and_its_old_id_opens_nothing(
    until_close: None, client: Client, clock: Clock
) -> None:
    count(client)
    old = client.session
    clock.now += LIMIT + 1
    client.get("/about/")
    assert not old.exists(old.session_key or "")
    assert "__Host-sessionid" not in {name for name, morsel in client.cookies.items() if morsel.value}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("address", ["/", "/about/", "/no-such-page/", "/accounts/password/"])
def test_whoever_was_signed_in_gets_any_page_as_a_newcomer_and_is_told_why(
    client: Client, reader: User, clock: Clock, settings: Settings, address: str
) -> None:
    settings.SESSION_IDLE_LIMIT = LIMIT
    sign_in(client)
    clock.now += LIMIT + 1
    page = client.get(address, follow=True)
    assert SIGNED_OUT in page.content.decode()
    assert "Signed in as" not in page.content.decode()
    assert SIGNED_OUT not in client.get("/about/").content.decode(), "told once"


def test_a_form_that_is_sent_too_late_does_nothing_in_the_name_of_who_was_signed_in(
    client: Client, reader: User, clock: Clock
) -> None:
    sign_in(client)
    clock.now += LIMIT + 1
    client.post("/privacy/account/delete/", {"password": PASSWORD})
    assert User.objects.filter(pk=reader.pk).exists()


def test_a_remembered_sign_in_is_not_touched(client: Client, reader: User, clock: Clock) -> None:
    sign_in(client, remember_me="on")
    assert LAST_USED_KEY.name not in client.session
    clock.now += 14 * LIMIT
    assert "Signed in as" in client.get("/").content.decode()
    assert LAST_USED_KEY.name not in client.session


def test_a_session_remembered_later_loses_its_note_and_may_end_with_the_browser(
    client: Client, reader: User, clock: Clock
) -> None:
    sign_in(client)
    assert client.session[LAST_USED_KEY.name] == clock.now
    client.post("/privacy/workbench/act/", {"action": "two-weeks"})
    assert LAST_USED_KEY.name not in client.session
    clock.now += LIMIT + 1
    client.post("/privacy/workbench/act/", {"action": "at-browser-close"})
    assert client.session[LAST_USED_KEY.name] == clock.now
    assert "Signed in as" in client.get("/").content.decode()


def test_a_session_from_before_there_was_a_limit_is_noted_and_not_ended(
    until_close: None, client: Client, reader: User, clock: Clock
) -> None:
    client.force_login(reader)
    assert LAST_USED_KEY.name not in client.session
    assert "Signed in as" in client.get("/about/").content.decode()
    assert client.session[LAST_USED_KEY.name] == clock.now


def test_the_use_is_noted_about_ten_times_within_the_limit_and_not_at_each_request(
    until_close: None, client: Client, clock: Clock
) -> None:
    count(client)
    noted = {client.session[LAST_USED_KEY.name]}
    for _ in range(60):
        clock.now += LIMIT // 60
        client.get("/about/")
        noted.add(client.session[LAST_USED_KEY.name])
    assert 8 <= len(noted) <= 11


def test_an_ordinary_request_within_the_limit_writes_nothing(
    until_close: None, client: Client, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    count(client)
    clock.now += STEP
    with django_assert_num_queries(1) as captured:
        client.get("/about/")
    assert captured[0]["sql"].startswith("SELECT")


@pytest.mark.usefixtures("until_close")
@pytest.mark.parametrize("address", ["/about/", "/cookies.json", "/no-such-page/"])
def test_a_visitor_without_a_session_gets_none_and_costs_no_query(
    client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for browser in (client, Client()):
        with django_assert_num_queries(0):
            response = browser.get(address)
        assert "__Host-sessionid" not in response.cookies


@pytest.mark.usefixtures("engine", "until_close")
def test_the_note_keeps_no_session_alive_of_which_nothing_else_may_be_kept(
    client: Client, grant: Callable[..., None]
) -> None:
    count(client)
    client.get("/accounts/register/")  # verifies the test cookie, which the home page set, and deletes it
    grant(client)  # a yes to nothing: what was counted has to go
    client.get("/about/")
    assert client.cookies["__Host-sessionid"].value == ""


@pytest.mark.usefixtures("until_close")
def test_the_cookie_check_answers_a_reload_the_same_though_its_session_is_empty(
    reader: User,
) -> None:
    stranger = Client()
    stranger.post("/cookie-check/start/")
    pages = [stranger.get("/cookie-check/result/?asked=1").content.decode() for _ in range(2)]
    assert ["cookies-work" in page for page in pages] == [True, True]
    assert dict(stranger.session.items()) == {}


def test_the_note_is_explained_on_the_cookies_page_and_on_the_dashboard(until_close: None, client: Client) -> None:
    count(client)
    assert f"<code>{LAST_USED_KEY.name}</code>" in client.get("/cookies/").content.decode()
    dashboard = client.get("/privacy/").content.decode()
    assert f'data-name="{LAST_USED_KEY.name}"' in dashboard
    assert "for 2 hours, or a little less" in dashboard


def test_the_end_of_an_idle_session_is_said_in_german_too(
    client: Client, reader: User, clock: Clock, settings: Settings
) -> None:
    settings.SESSION_IDLE_LIMIT = LIMIT
    sign_in(client)
    clock.now += LIMIT + 1
    page = client.get("/about/", headers={"accept-language": "de"}).content.decode()
    assert "Sie sind abgemeldet, denn Ihre Sitzung wurde eine Weile nicht benutzt" in page
    assert "Unbenutzt bleibt sie höchstens 2 Stunden bestehen." in page
