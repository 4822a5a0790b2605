"""Forms are protected, and no visitor gets a token's cookie before they have a session."""

import pytest
from django.test import Client, RequestFactory

from consent.context_processors import form_protection
from consent.cookies import CSRF, SESSION
from consent.tests.made_up import REFUSED

pytestmark = pytest.mark.usefixtures("made_up_site")

HERE = {"Origin": "http://testserver"}
ELSEWHERE = {"Origin": "http://evil.example"}


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def with_session(visitor: Client) -> str:
    """Give a visitor a session and a token; gives back the token."""
    visitor.post("/keeps/?basket=book")
    return visitor.get("/form/").content.decode()


def test_a_first_visit_to_a_page_with_a_form_sets_no_cookie(visitor: Client) -> None:
    assert not visitor.get("/form/").cookies


@pytest.mark.parametrize("cookies", [{}, REFUSED])
def test_a_session_key_that_is_not_granted_brings_no_token_along(visitor: Client, cookies: dict[str, str]) -> None:
    visitor.cookies.load(cookies)
    assert not visitor.get("/form-and-count/").cookies


@pytest.mark.django_db
def test_a_token_comes_with_a_session(visitor: Client) -> None:
    with_session(visitor)
    assert {CSRF.name, SESSION.name} <= set(visitor.cookies)


@pytest.mark.django_db
def test_a_token_that_a_form_carries_is_checked_even_from_here(visitor: Client) -> None:
    token = with_session(visitor)
    assert visitor.post("/ok/", {"csrfmiddlewaretoken": "x" * 64}, headers=HERE).status_code == 403
    assert visitor.post("/ok/", {"csrfmiddlewaretoken": token}, headers=HERE).status_code == 200


@pytest.mark.django_db
def test_a_form_opened_before_there_was_a_session_is_taken_from_here_and_from_nowhere_else(visitor: Client) -> None:
    with_session(visitor)
    assert visitor.post("/ok/", headers=HERE).status_code == 200
    assert visitor.post("/ok/", headers=ELSEWHERE).status_code == 403
    assert visitor.post("/ok/").status_code == 403


@pytest.mark.django_db
def test_a_token_from_another_site_is_not_enough(visitor: Client) -> None:
    token = with_session(visitor)
    assert visitor.post("/ok/", {"csrfmiddlewaretoken": token}, headers=ELSEWHERE).status_code == 403


@pytest.mark.parametrize("headers", [HERE, {"Sec-Fetch-Site": "same-origin"}])
def test_without_a_token_a_form_of_this_site_is_taken(visitor: Client, headers: dict[str, str]) -> None:
    assert visitor.post("/ok/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers", [ELSEWHERE, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "null"}, {}]
)
def test_without_a_token_a_form_of_another_site_or_of_nobody_is_refused(
    visitor: Client, headers: dict[str, str]
) -> None:
    assert visitor.post("/ok/", headers=headers).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_every_method_that_changes_something_is_protected(visitor: Client, method: str) -> None:
    assert getattr(visitor, method)("/ok/", headers=ELSEWHERE).status_code == 403


def test_a_page_for_a_request_that_was_refused_before_it_had_a_session_needs_no_token() -> None:
    assert not form_protection(RequestFactory().get("/"))["needs_token"]
