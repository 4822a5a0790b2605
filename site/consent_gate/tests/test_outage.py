"""While the database is away, or only reads: a no counts at once, and a yes only with its receipt."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, cast
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from consent_gate.cookies import CHOICE, SESSION
from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.choice_cookie import choice_in, cookie_value
from consent_gate.declarations.fingerprints import current_fingerprints
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, Purpose
from consent_gate.gate.responses import set_cookie_lines
from consent_gate.models import Receipt

pytestmark = pytest.mark.django_db(transaction=True)  # what fails must not take the test's own transaction along

FROM_HERE = {"sec-fetch-site": "same-origin"}
READS = ("SELECT", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
Outage = Callable[[], AbstractContextManager[list[str]]]


@contextmanager
def outage(still: tuple[str, ...]) -> Iterator[list[str]]:
    """Have the database take nothing but statements that begin so; gives those that it refuses."""
    refused: list[str] = []

    def refuse(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if still and sql.startswith(still):
            return execute(sql, *rest)
        refused.append(sql)
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        yield refused


@pytest.fixture(params=[(), READS], ids=["away", "read-only"])
def away(request: pytest.FixtureRequest) -> Outage:
    """The database answers nothing, or takes no change."""
    return lambda: outage(request.param)


@pytest.fixture
def visitor() -> Client:
    """A browser that is shown error pages."""
    return Client(raise_request_exception=False)


def answer(visitor: Client, **form: str) -> HttpResponse:
    """Send an answer and follow it like a browser; gives the page that it ends on."""
    sent = {"place": "banner", "next": "/about/", **form}
    return cast("HttpResponse", visitor.post("/cookies/choice/", sent, headers=FROM_HERE, follow=True))


def granted(visitor: Client) -> frozenset[Purpose] | None:
    """What the browser's cookie allows; None without one."""
    cookie = visitor.cookies.get(CHOICE.name)
    choice = choice_in(cookie.value, datetime.now(UTC)) if cookie else None
    return None if choice is None else choice.granted


def held(key: str) -> dict[str, Any]:
    """What the store holds of a session."""
    return dict(import_module(django_settings.SESSION_ENGINE).SessionStore(key).items())


def test_a_refusal_counts_and_the_site_says_that_it_has_no_receipt(visitor: Client, away: Outage) -> None:
    with away():
        page = answer(visitor, answer="refuse")
    assert page.status_code == 200
    assert "You refused. Nothing optional is stored." in page.content.decode()
    assert "keeps no receipt of this choice" in page.content.decode()
    assert granted(visitor) == frozenset()
    assert not Receipt.objects.exists()
    assert "keeps no receipt of this choice" in visitor.get("/cookies/receipt.json").content.decode()


@pytest.mark.parametrize("save_each", [False, True])
def test_a_withdrawal_counts_and_erases_as_soon_as_the_store_is_back(
    engine: str, settings: Settings, visitor: Client, away: Outage, save_each: bool
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = save_each
    answer(visitor, answer="accept")
    visitor.get("/")
    assert visitor.session["views"] == 1
    with away():
        assert "May the site store this" in visitor.get("/cookies/").content.decode()
        answered = visitor.post("/cookies/choice/", {"answer": "refuse"}, headers=FROM_HERE)
        assert 'visits=""; Max-Age=0; Path=/' in set_cookie_lines(answered)
        assert visitor.get(answered.headers["Location"], follow=True).status_code == 200
    assert granted(visitor) == frozenset()
    key = visitor.cookies[SESSION.name].value
    visitor.get("/")
    if key:  # else the store was not in the database, and erased it at once
        assert "views" not in held(visitor.cookies[SESSION.name].value or key)


def test_no_request_waits_for_a_database_once_more_that_is_known_to_be_away(
    visitor: Client, settings: Settings, away: Outage
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = True
    answer(visitor, answer="accept")
    visitor.get("/")
    with away() as refused:
        answered = visitor.post("/cookies/choice/", {"answer": "refuse"}, headers=FROM_HERE)
        assert len(refused) == 1
        visitor.get(answered.headers["Location"])
        assert len(refused) == 2


def test_nobody_is_signed_out_by_a_withdrawal_in_an_outage(
    visitor: Client, away: Outage, django_user_model: Any
) -> None:
    visitor.force_login(django_user_model.objects.create_user("reader"))
    answer(visitor, answer="accept")
    with away():
        assert answer(visitor, answer="refuse").status_code == 200
    assert visitor.get("/about/").wsgi_request.user.is_authenticated


def test_what_was_allowed_without_a_receipt_is_taken_back(visitor: Client, away: Outage) -> None:
    with away():
        assert answer(visitor, answer="accept").status_code == 500
    assert granted(visitor) is None
    page = visitor.get("/")
    assert 'data-testid="cookie-banner"' in page.content.decode(), "the question is asked again"
    assert "visits" not in page.cookies


def test_earlier_answers_stay_when_a_new_yes_is_taken_back(visitor: Client, away: Outage) -> None:
    earlier = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    yes = {
        purpose: Answer(purpose == Purpose.STATISTICS, fingerprint, earlier)
        for purpose, fingerprint in current_fingerprints().items()
    }
    visitor.cookies[CHOICE.name] = cookie_value(Choice(earlier, uuid4().hex, yes))
    with away():
        form = {"answer": "choose", "asked": Purpose.PREFERENCES, "preferences": "yes"}
        assert answer(visitor, **form).status_code == 500
    assert granted(visitor) == frozenset({Purpose.STATISTICS})


def test_an_answer_that_allows_one_thing_and_refuses_another_keeps_the_no(visitor: Client, away: Outage) -> None:
    with away():
        assert answer(visitor, answer="choose", statistics="yes").status_code == 500
    choice = choice_in(visitor.cookies[CHOICE.name].value, datetime.now(UTC))
    assert choice
    assert choice.granted == frozenset()
    assert set(choice.answers) == set(OPTIONAL_PURPOSES) - {Purpose.STATISTICS}


def test_once_a_session_is_away_it_stays_so_for_the_request(visitor: Client) -> None:
    """Whoever went on without it would else meet it half way: signed in, and with what nobody has looked at."""
    visitor.post("/note/", {"note": "mine"}, headers=FROM_HERE)
    session = visitor.get("/about/").wsgi_request.session
    again = type(session)(session.session_key)
    with outage(()), pytest.raises(OperationalError):
        again.load()
    with pytest.raises(OperationalError):
        again.get("note")
    with pytest.raises(OperationalError):
        async_to_sync(again.aload)()


def test_once_a_session_is_away_for_an_asynchronous_view_it_stays_so(visitor: Client) -> None:
    visitor.post("/note/", {"note": "mine"}, headers=FROM_HERE)
    session = visitor.get("/about/").wsgi_request.session
    again = type(session)(session.session_key)
    with outage(()), pytest.raises(OperationalError):
        async_to_sync(again.aload)()
    with pytest.raises(OperationalError):
        again.get("note")


def test_an_address_of_long_ago_is_no_error_where_sessions_can_not_be_saved(
    visitor: Client, settings: Settings, away: Outage
) -> None:
    """It writes no receipt, and so asks the database nothing else."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    answer(visitor, answer="accept")
    visitor.get("/")
    with away():
        response = visitor.get("/cookies/kept/?receipt=of-long-ago&next=/about/")
    assert response.headers["Location"].startswith("/about/?cookie-choice=kept")
