"""The three counters where they live, through Django's own client."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import Settings

from consent_gate.api import OPTIONAL_PURPOSES
from exact_sessions.models import ExactSession
from visits.counters import VisitRecord
from visits.counting import Counters, count_visit
from visits.templatetags.counters import counters_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client, grant: Callable[..., None]) -> Client:
    """The browser of somebody who allows everything."""
    grant(client, *OPTIONAL_PURPOSES)
    return client


def text_of(client: Client, address: str = "/") -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", client.get(address).content.decode())).split())


def test_the_first_visit_reads_one_time_and_the_next_two_times(client: Client) -> None:
    assert "You have visited this page 1 time." in text_of(client)
    assert "You have visited this page 2 times." in text_of(client)


def test_a_head_request_counts_nothing_and_stores_nothing(client: Client) -> None:
    assert not client.head("/").cookies
    assert "You have visited this page 1 time." in text_of(client)


def test_other_pages_do_not_count(client: Client) -> None:
    client.get("/")
    for address in ("/books/", "/about/", "/nothing-here/", "/favicon.ico"):
        client.get(address)
    assert "You have visited this page 2 times." in text_of(client)


def test_about_says_how_often_you_have_visited_without_counting(client: Client) -> None:
    assert "You have visited the home page 0 times." in text_of(client, "/about/")
    client.get("/")
    assert "You have visited the home page 1 time." in text_of(client, "/about/")
    assert "You have visited the home page 1 time." in text_of(client, "/about/")


def test_the_cookies_carry_a_count_and_a_time(client: Client) -> None:
    cookies = client.get("/").cookies
    assert cookies["visits"].value == "1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", cookies["last_visit"].value)
    assert {cookies[name]["max-age"] for name in ("visits", "last_visit")} == {365 * 86_400}, "a year, as is said"


def test_the_cookie_counter_counts_once_the_interval_has_gone_by(client: Client, settings: Settings) -> None:
    settings.VISIT_INTERVAL = 3600
    before = VisitRecord(6, timezone.now() - timedelta(hours=2))
    client.cookies["visits"] = before.visits_text
    client.cookies["last_visit"] = before.last_visit_text
    assert client.get("/").cookies["visits"].value == "7"
    assert client.get("/").cookies["visits"].value == "7"


def test_the_session_counter_counts_once_the_interval_has_gone_by(client: Client, settings: Settings) -> None:
    settings.VISIT_INTERVAL = 3600
    client.get("/")
    session = client.session
    session["last_visit"] = VisitRecord(1, timezone.now() - timedelta(hours=2)).last_visit_text
    session.save()
    client.get("/")
    assert client.session["visits"] == 2
    client.get("/")
    assert client.session["visits"] == 2


@pytest.mark.parametrize(
    "value", ["many", "-3", "9" * 5000, "1600-01-01T00:00:00Z", "Ünïcödé", "\x01\x7f", '"', "%00", ";"]
)
@pytest.mark.parametrize("name", ["visits", "last_visit"])
def test_any_string_in_a_cookie_gives_a_fresh_count_and_no_error(client: Client, name: str, value: str) -> None:
    record = VisitRecord(6, timezone.now())
    consent = {name: cookie.value for name, cookie in client.cookies.items()}
    sent = consent | {"visits": record.visits_text, "last_visit": record.last_visit_text} | {name: value}
    # Given as a raw header, so that nothing is quoted or refused on the way.
    header = "; ".join(f"{key}={text}" for key, text in sent.items())
    response = client.get("/", headers={"cookie": header})
    assert response.status_code == 200
    assert response.cookies["visits"].value == "1"


def test_what_somebody_else_put_into_the_session_gives_a_fresh_count(client: Client) -> None:
    client.get("/")
    session = client.session
    session.update({"num_visits": "seven", "visits": None, "last_visit": 12})
    session.save()
    assert "You have visited this page 1 time." in text_of(client)


def test_a_session_row_deleted_on_the_server_begins_anew_with_another_key(client: Client) -> None:
    client.get("/")
    old_key = client.cookies["__Host-sessionid"].value
    ExactSession.objects.all().delete()
    assert "You have visited this page 1 time." in text_of(client)
    assert client.cookies["__Host-sessionid"].value != old_key


@pytest.mark.parametrize("key", ["0" * 32, "a" * 32, "../../etc/passwd", "x" * 4000, "", "' or 1=1 --"])
def test_a_made_up_session_id_is_never_taken_over(client: Client, key: str) -> None:
    client.cookies["__Host-sessionid"] = key
    response = client.get("/")
    assert response.status_code == 200
    assert response.cookies["__Host-sessionid"].value != key


def test_a_session_id_in_the_address_does_nothing(client: Client, grant: Callable[..., None]) -> None:
    client.get("/")
    key = client.session.session_key
    stranger = Client()
    grant(stranger, *OPTIONAL_PURPOSES)
    response = stranger.get(f"/?sessionid={key}&sessid={key}&PHPSESSID={key}")
    assert stranger.session.session_key != key
    assert "You have visited this page 1 time." in " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_a_new_secret_key_begins_anew_and_the_old_one_as_fallback_goes_on(client: Client, settings: Settings) -> None:
    client.get("/")
    old_key, settings.SECRET_KEY = settings.SECRET_KEY, "another key, as after a rotation"
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert "You have visited this page 2 times." in text_of(client)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "yet another key, with no fallback", []
    assert "You have visited this page 1 time." in text_of(client)


def test_the_interval_is_said_in_words(client: Client, settings: Settings) -> None:
    settings.VISIT_INTERVAL = 90
    assert "when the last one is 90 seconds or more ago" in text_of(client)


def test_the_answer_says_that_it_depends_on_the_cookie(client: Client) -> None:
    assert "Cookie" in client.get("/").headers["Vary"]


def test_without_consent_each_visit_is_the_first_and_says_that_nothing_is_kept() -> None:
    stranger = Client()
    for _ in range(3):
        page = text_of(stranger)
        assert "You have visited this page 1 time." in page
        assert "Nothing of this is kept" in page
    assert not stranger.cookies
    assert not ExactSession.objects.exists()


def test_somebody_signed_in_who_refused_costs_the_home_page_no_write(
    client: Client, grant: Callable[..., None], admin_user: AbstractUser
) -> None:
    client.login(username=admin_user.get_username(), password="password")
    grant(client)
    with CaptureQueriesContext(connection) as queries:
        assert "You have visited this page 1 time." in text_of(client)
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


COUNTED = VisitRecord(1_234, datetime(2026, 11, 21, 12, 30, tzinfo=UTC))
EARLIER = VisitRecord(7, datetime(2026, 10, 1, 8, 15, tzinfo=UTC))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("in_cookies", "in_session", "kept"),
    [(COUNTED, EARLIER, True), (COUNTED, EARLIER, False), (COUNTED, None, True), (None, EARLIER, True)],
)
def test_counters_that_are_filled_in_read_as_those_that_are_rendered(
    settings: Settings, language: str, in_cookies: VisitRecord | None, in_session: VisitRecord | None, *, kept: bool
) -> None:
    counters = Counters(2_345, in_cookies, in_session, kept)
    with translation.override(language):
        filled_in = counters_html(counters)
        settings.DEBUG = True  # where a changed template has to show at once
        assert filled_in == counters_html(counters)


@pytest.mark.parametrize(
    ("language", "time", "earlier"),
    [
        ("en", "21 Nov 2026, 12:30:00", "1 Oct 2026, 08:15:00"),
        ("de", "21.11.2026, 12:30:00", "01.10.2026, 08:15:00"),
    ],
)
def test_counters_are_worded_as_readers_write_numbers_and_times(language: str, time: str, earlier: str) -> None:
    with translation.override(language):
        page = counters_html(Counters(2_345, COUNTED, EARLIER))
    assert page.index(time) < page.index(earlier), "the cookies' counter, then the session's"
    assert 'datetime="2026-11-21T12:30:00Z"' in page
    assert ("1,234" if language == "en" else "1.234") in page


def test_in_development_a_changed_template_shows_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    counters = Counters(1, COUNTED, EARLIER)
    before = counters_html(counters)
    monkeypatch.setattr("visits.templatetags.counters.render_to_string", lambda *_rest: "changed")
    assert counters_html(counters) == before
    settings.DEBUG = True
    assert counters_html(counters) == "changed"


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("exact_sessions.db", "the session counts every one"),
        ("exact_sessions.cached_db", "the session counts every one"),
        ("django.contrib.sessions.backends.cache", "the session may count only one"),
        ("django.contrib.sessions.backends.file", "the session may count only one"),
        ("django.contrib.sessions.backends.signed_cookies", "the session may count only one"),
    ],
)
def test_about_says_whether_pages_opened_at_once_all_count(
    client: Client, settings: Settings, engine: str, says: str
) -> None:
    settings.SESSION_ENGINE = engine
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    client.get("/")
    assert text_of(client, "/about/").count(says) == 1


@pytest.mark.parametrize(
    ("engine", "counted"),
    [
        ("exact_sessions.db", 41),
        ("exact_sessions.cached_db", 41),
        ("django.contrib.sessions.backends.cache", 2),
        ("django.contrib.sessions.backends.file", 2),
        ("django.contrib.sessions.backends.signed_cookies", 2),
    ],
)
def test_of_forty_pages_that_all_read_first_each_counts_where_about_says_so(
    client: Client, settings: Settings, engine: str, counted: int
) -> None:
    settings.SESSION_ENGINE = engine
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    client.get("/")
    requests = [client.get("/about/").wsgi_request for _ in range(40)]  # which has read the session
    for request in requests:
        count_visit(request)
    for request in requests:
        request.session.save()
    again = import_module(engine).SessionStore(requests[-1].session.session_key)
    assert again["num_visits"] == counted


def test_pages_that_all_read_before_anything_was_counted_count_each(client: Client) -> None:
    client.post("/cookie-check/start/", headers={"Sec-Fetch-Site": "same-origin"})
    requests = [client.get("/about/").wsgi_request for _ in range(3)]
    for request in requests:
        count_visit(request)
    for request in requests:
        request.session.save()
    assert client.session["num_visits"] == 3
