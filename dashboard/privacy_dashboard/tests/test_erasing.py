"""Every button that deletes something deletes that, and nothing else."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.http.response import HttpResponseBase
from django.test import Client

from consent_gate.api import CHOICE, SESSION, Place, Receipt, choice_in
from consent_gate.receipts import receipts
from privacy_dashboard.confirmation import Done
from privacy_dashboard.models import Right, RightsRequest
from privacy_dashboard.tests.conftest import EACH_ENGINE, PASSWORD, outcome_of

pytestmark = pytest.mark.django_db


def deleted_by(response: HttpResponseBase) -> set[str]:
    """The names of the cookies that a response deletes."""
    return {morsel.key for morsel in response.cookies.values() if morsel["max-age"] in {0, "0"}}


def keep_receipt(client: Client) -> Receipt:
    choice = choice_in(client.cookies[CHOICE.name].value, datetime.now(UTC))
    assert choice
    receipt = receipts.keep(receipts.propose(choice, choice.answers, Place.PAGE, "en", gpc=False), choice)
    assert receipt
    return receipt


@pytest.mark.parametrize(
    "address",
    [
        "cookies/delete/",
        "session/erase/",
        "session/end/",
        "sessions/end/",
        "sessions/end-others/",
        "receipt/erase/",
        "erase/",
        "export/",
    ],
)
def test_a_button_is_no_link_and_no_cache_keeps_what_it_did(reader: Client, address: str) -> None:
    assert reader.get(f"/privacy/{address}").status_code == 405
    assert "no-store" in reader.post(f"/privacy/{address}").headers["Cache-Control"]


def test_one_cookie_is_deleted_and_the_others_stay(visitor: Client) -> None:
    response = visitor.post("/privacy/cookies/delete/", {"name": "visits"})
    assert deleted_by(response) == {"visits"}
    assert outcome_of(response) is Done.COOKIES_DELETED
    assert {path["path"] for path in response.cookies.values()} >= {"/", "/privacy", "/privacy/"}, "wherever it lies"


def test_all_cookies_of_one_purpose_are_deleted(visitor: Client) -> None:
    visitor.cookies["layout"] = "wide"
    visitor.cookies["stray"] = "1"
    assert deleted_by(visitor.post("/privacy/cookies/delete/", {"purpose": "statistics"})) == {"visits", "last_visit"}
    assert deleted_by(visitor.post("/privacy/cookies/delete/", {"purpose": "preferences"})) == {"layout"}
    assert deleted_by(visitor.post("/privacy/cookies/delete/", {"purpose": "undeclared"})) == {"stray"}


def test_with_the_sessions_cookie_goes_the_session(visitor: Client) -> None:
    key = visitor.cookies[SESSION.name].value
    assert SESSION.name in deleted_by(visitor.post("/privacy/cookies/delete/", {"name": SESSION.name}))
    assert not Session.objects.filter(pk=key).exists()


def test_a_session_key_that_is_not_there_is_said_to_be_gone(visitor: Client) -> None:
    for form in ({"name": "no_such"}, {"purpose": "no such"}, {}):
        response = visitor.post("/privacy/session/erase/", form)
        assert outcome_of(response) is Done.NOTHING
        assert not deleted_by(response)


def test_a_cookie_that_is_not_there_is_said_to_be_gone(visitor: Client) -> None:
    for form in ({"name": "no_such"}, {"purpose": "no such"}, {}, {"name": "a b"}, {"name": "x\r\nSet-Cookie: y=1"}):
        response = visitor.post("/privacy/cookies/delete/", form)
        assert outcome_of(response) is Done.NOTHING
        assert not deleted_by(response)


def test_one_session_key_is_erased_and_the_session_gets_another_id(visitor: Client) -> None:
    old = visitor.cookies[SESSION.name].value
    visitor.post("/privacy/session/erase/", {"name": "num_visits"})
    assert "num_visits" not in visitor.session
    assert "visits" in visitor.session
    assert visitor.cookies[SESSION.name].value != old
    assert not Session.objects.filter(pk=old).exists()


@EACH_ENGINE
def test_all_session_keys_of_one_purpose_are_erased(visitor: Client, engine: str) -> None:
    visitor.get("/")
    visitor.post("/privacy/session/erase/", {"purpose": "statistics"})
    assert not {"num_visits", "visits", "last_visit"} & set(visitor.session.keys())
    assert "testcookie" in visitor.session


def test_a_session_with_nothing_left_in_it_goes_altogether(visitor: Client) -> None:
    visitor.post("/privacy/session/erase/", {"purpose": "statistics"})
    response = visitor.post("/privacy/session/erase/", {"purpose": "necessary"})
    assert SESSION.name in deleted_by(response)
    assert not Session.objects.exists()


def test_erasing_one_part_of_the_sign_in_signs_out(reader: Client) -> None:
    reader.post("/privacy/session/erase/", {"name": "_auth_user_backend"})
    assert not [key for key in reader.session.keys() if key.startswith("_auth")]  # noqa: SIM118 -- a session is no dict


def test_ending_the_session_deletes_it_on_both_sides(reader: Client) -> None:
    response = reader.post("/privacy/session/end/")
    assert {SESSION.name, "csrftoken"} <= deleted_by(response)
    assert not Session.objects.exists()
    assert CHOICE.name not in deleted_by(response)


def test_the_servers_copy_of_a_receipt_is_deleted_and_the_choice_counts_on(visitor: Client) -> None:
    keep_receipt(visitor)
    response = visitor.post("/privacy/receipt/erase/")
    assert outcome_of(response) is Done.RECEIPT_ERASED
    assert not Receipt.objects.exists()
    assert visitor.get("/").context["request"].consent.decision.state == "granted"
    assert outcome_of(visitor.post("/privacy/receipt/erase/")) is Done.NOTHING


@EACH_ENGINE
def test_erasing_everything_leaves_nothing_on_either_side(reader: Client, user: AbstractUser, engine: str) -> None:
    reader.cookies["stray"] = "1"
    held = set(reader.cookies)
    keep_receipt(reader)
    session = reader.session
    response = reader.post("/privacy/erase/")
    assert deleted_by(response) >= held
    assert response.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert not session.exists(str(session.session_key)) or engine == "signed_cookies"
    assert not Receipt.objects.exists()
    assert get_user_model().objects.filter(pk=user.pk).exists(), "an account has a page of its own"
    assert 'data-testid="no-cookies"' in Client().get(response.headers["Location"]).content.decode()


def test_somebody_without_anything_may_ask_for_erasure_too(client: Client) -> None:
    response = client.post("/privacy/erase/", headers={"sec-fetch-site": "same-origin"})
    assert outcome_of(response) is Done.EVERYTHING_ERASED
    page = client.get(response.headers["Location"]).content
    assert b'data-testid="no-trace"' in page
    assert b'data-testid="trace"' not in page


def test_each_exercise_leaves_a_trace_without_a_person(visitor: Client) -> None:
    visitor.post("/privacy/export/", {"format": "json"})
    response = visitor.post("/privacy/erase/")
    assert [each.right for each in RightsRequest.objects.order_by("at")] == [Right.EXPORT, Right.ERASURE]
    assert {field.name for field in RightsRequest._meta.concrete_fields} == {"id", "right", "at"}
    trace = RightsRequest.objects.get(right=Right.ERASURE).pk
    assert f'data-testid="trace">{trace}<' in visitor.get(response.headers["Location"]).content.decode()


def test_an_account_is_deleted_with_its_password_alone(reader: Client, user: AbstractUser) -> None:
    for wrong in ("", "wrong", "x" * 5_000):
        response = reader.post("/privacy/account/delete/", {"password": wrong})
        assert response.status_code == 200
        assert get_user_model().objects.filter(pk=user.pk).exists()
    response = reader.post("/privacy/account/delete/", {"password": PASSWORD})
    assert outcome_of(response) is Done.ACCOUNT_DELETED
    assert not get_user_model().objects.filter(pk=user.pk).exists()
    assert not Session.objects.exists()
    assert response.headers["Clear-Site-Data"]


def test_somebody_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    response = client.get("/privacy/account/delete/")
    assert response.headers["Location"] == "/accounts/login/?next=/privacy/account/delete/"


@pytest.mark.parametrize("address", ["cookies/delete/", "session/erase/", "session/end/", "erase/", "export/"])
def test_a_link_deletes_nothing(visitor: Client, address: str) -> None:
    assert visitor.get(f"/privacy/{address}").status_code == 405
    assert "num_visits" in visitor.session
