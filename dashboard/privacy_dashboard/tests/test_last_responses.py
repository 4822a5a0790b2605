"""In development one sees the last responses of one's own session, as they left, and nobody else's."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from threading import Thread

import pytest
from django.contrib.auth.models import AbstractUser
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from consent_gate.api import CSRF, SESSION, response_released
from privacy_dashboard.last_responses import MOST_RESPONSES, LastResponses, SentResponse, session_after
from privacy_dashboard.response_log import last_responses, note_response
from privacy_dashboard.tests.conftest import EACH_ENGINE, PASSWORD

PAGE = "/privacy/responses/"


def sent(path: str) -> SentResponse:
    return SentResponse(datetime.now(UTC), "GET", path, 200, set_cookie=(), verdicts=(), hidden=(), hidden_left_out=0)


def paths(kept: LastResponses, session_cookie: str) -> list[str]:
    return [response.path for response in kept.of(session_cookie)]


# What is kept, and for whom


def test_the_newest_response_comes_first_and_the_oldest_goes() -> None:
    kept = LastResponses(responses=2)
    for path in ("/1/", "/2/", "/3/"):
        kept.add(sent(path), came_with="one", left_with="one")
    assert paths(kept, "one") == ["/3/", "/2/"]
    assert paths(kept, "another") == []


def test_the_visitor_who_was_away_longest_is_forgotten() -> None:
    kept = LastResponses(visitors=2)
    for visitor in ("one", "two", "one", "three"):
        kept.add(sent("/"), came_with=visitor, left_with=visitor)
    assert [len(kept.of(visitor)) for visitor in ("one", "two", "three")] == [2, 0, 1]


def test_what_was_kept_follows_to_another_session_cookie_and_goes_with_the_last_one() -> None:
    kept = LastResponses()
    kept.add(sent("/sign-in/"), came_with=None, left_with="one")
    kept.add(sent("/rotate/"), came_with="one", left_with="two")
    assert paths(kept, "one") == []
    assert paths(kept, "two") == ["/rotate/", "/sign-in/"]
    kept.add(None, came_with="two", left_with="three")
    assert paths(kept, "three") == ["/rotate/", "/sign-in/"]
    kept.add(sent("/sign-out/"), came_with="three", left_with=None)
    assert paths(kept, "three") == []


def test_of_somebody_without_a_session_nothing_is_kept() -> None:
    kept = LastResponses()
    kept.add(sent("/"), came_with=None, left_with=None)
    kept.add(None, came_with="one", left_with="one")
    assert not kept.of("")
    assert not kept.of("one")


def test_threads_may_share_the_last_responses() -> None:
    kept = LastResponses(visitors=3)

    def visit(name: str) -> None:
        for number in range(300):
            kept.add(sent("/"), came_with=f"{name}{number}", left_with=f"{name}{number + 1}")

    threads = [Thread(target=visit, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(kept.of(f"{name}300")) for name in "abc"] == [MOST_RESPONSES] * 3


@pytest.mark.parametrize(
    ("header", "after"),
    [("", "old"), ("visits=1", "old"), ("sessionid=new", "new"), ('sessionid=""; Max-Age=0', None)],
)
def test_a_response_says_which_session_cookie_the_browser_has_then(header: str, after: str | None) -> None:
    sent = SimpleCookie(header)
    assert session_after("old", sent.values(), session_cookie="sessionid") == after


# The page


@pytest.fixture
def development(settings: Settings) -> Iterator[None]:
    """The recorder and its page, as the site has them in development."""
    settings.ROOT_URLCONF = "privacy_dashboard.tests.development"
    response_released.connect(note_response)
    yield
    response_released.disconnect(note_response)


def shown(client: Client) -> list[str]:
    """The responses on the page, each as text in one line."""
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    sections = page.content.decode().split('data-testid="response"')[1:]
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", each)).split()) for each in sections]


@EACH_ENGINE
@pytest.mark.usefixtures("development")
def test_a_response_is_shown_as_it_left_with_the_gates_reasons(visitor: Client) -> None:
    [home] = shown(visitor)
    session_cookie = visitor.cookies[SESSION.name].value
    assert "GET / 200" in home
    assert f"sessionid={session_cookie[:6]}…; " in home
    assert session_cookie not in home
    assert "visits=1; " in home
    assert "session key num_visits statistics allowed granted" in home
    assert "No cookie was hidden." in home
    assert len(shown(visitor)) == 1, "the page itself is no response of its visitor's"


@pytest.mark.usefixtures("development", "db")
def test_what_was_stopped_and_hidden_is_shown_too(
    client: Client, grant: Callable[..., None], user: AbstractUser
) -> None:
    grant(client)
    client.login(username=user.get_username(), password=PASSWORD)
    cookies = client.cookies.output(attrs=[], header="", sep=";")
    client.get("/", headers={"cookie": f"{cookies}; visits=7; <b>stray=7"})
    page = client.get(PAGE).content.decode()
    assert "<b>stray" not in page
    [home] = shown(client)
    assert "cookie visits statistics stopped its purpose is not granted" in home
    assert "session key num_visits statistics stopped its purpose is not granted" in home
    assert "visits expired: its purpose is not granted" in home
    assert "<b>stray left alone: nobody declared it" in home
    [response] = last_responses.of(client.cookies[SESSION.name].value)
    assert (len(response.hidden), response.hidden_left_out) == (2, 0)
    assert "visits=; Max-Age=0" in home.replace('""', "")


@EACH_ENGINE
@pytest.mark.usefixtures("development")
def test_signing_in_changes_the_sessions_key_and_signing_out_ends_it(visitor: Client, user: AbstractUser) -> None:
    form = {"username": user.get_username(), "password": PASSWORD}
    visitor.post("/accounts/login/", form, headers={"sec-fetch-site": "same-origin"})
    signed_in, home = shown(visitor)
    assert "POST /accounts/login/ 302" in signed_in
    assert CSRF.name in signed_in
    assert PASSWORD not in signed_in
    assert "GET / 200" in home
    before = visitor.cookies[SESSION.name].value
    visitor.post("/accounts/logout/", headers={"sec-fetch-site": "same-origin"})
    assert not last_responses.of(before)
    assert shown(visitor) == []


@pytest.mark.usefixtures("development")
def test_assets_take_no_place_among_the_responses(visitor: Client) -> None:
    visitor.get("/static/site.css")
    visitor.get("/about/static/")
    assert [re.findall(r"GET (\S+)", each)[0] for each in shown(visitor)] == ["/about/static/", "/"]


@EACH_ENGINE
@pytest.mark.usefixtures("development")
def test_nobody_sees_another_visitors_responses(visitor: Client) -> None:
    stranger = Client()
    assert shown(stranger) == []
    assert 'data-testid="no-session"' in stranger.get(PAGE).content.decode()
    stranger.cookies[SESSION.name] = "a-guess"
    stranger.get("/about/")
    assert shown(stranger) == []
    assert len(shown(visitor)) == 1


@pytest.mark.usefixtures("development")
def test_where_strict_mode_raises_an_error_the_reason_is_shown(visitor: Client) -> None:
    visitor.raise_request_exception = False
    assert visitor.get("/defect/").status_code == 500
    defect, _home = shown(visitor)
    assert "Strict mode raised an error in place of this response." in defect
    assert "cookie stranger – stopped not declared – a defect" in defect
    assert "secret" not in defect


def test_in_production_there_is_no_such_page_and_nobody_listens(client: Client, db: None) -> None:
    assert client.get(PAGE).status_code == 404
    assert not response_released.has_listeners(HttpResponse)
    with pytest.raises(NoReverseMatch):
        reverse("privacy:last-responses")
