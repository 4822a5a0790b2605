"""Forms are protected, and no visitor gets a token's cookie before they have a session."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client, RequestFactory

from consent_gate.context_processors import consent
from consent_gate.cookies import CSRF, SESSION
from consent_gate.gate.forms import Token, is_checked, is_proven_by_origin
from consent_gate.tests.made_up import REFUSED, STATISTICS, page, raw

pytestmark = pytest.mark.usefixtures("made_up_site")

HERE = {"Origin": "http://testserver"}
ELSEWHERE = {"Origin": "http://evil.example"}


@pytest.mark.parametrize(
    ("from_here", "has_secret", "token", "enough"),
    [
        (True, False, Token.NONE, True),
        (True, False, Token.SOME, True),
        (True, False, Token.UNREAD, False),
        (True, True, Token.NONE, True),
        (True, True, Token.SOME, False),
        (True, True, Token.UNREAD, False),
        (False, False, Token.NONE, False),
        (False, False, Token.SOME, False),
        (False, False, Token.UNREAD, False),
        (False, True, Token.NONE, False),
        (False, True, Token.SOME, False),
        (False, True, Token.UNREAD, False),
    ],
)
def test_a_forms_origin_is_enough_where_there_is_no_token_to_compare(
    *, from_here: bool, has_secret: bool, token: Token, enough: bool
) -> None:
    assert is_proven_by_origin(from_here=from_here, has_secret=has_secret, token=token) is enough


@pytest.mark.parametrize(
    ("method", "exempt", "done", "checked"),
    [
        ("POST", False, False, True),
        ("POST", True, False, False),
        ("POST", False, True, False),
        *((method, False, False, False) for method in ("GET", "HEAD", "OPTIONS", "TRACE")),
    ],
)
def test_a_form_is_looked_at_once_and_where_django_would(
    method: str, *, exempt: bool, done: bool, checked: bool
) -> None:
    request = RequestFactory().generic(method, "/")
    if done:
        request.csrf_processing_done = True  # type: ignore[attr-defined] # Django's own note
    assert is_checked(request, raw if exempt else page) is checked


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
def test_a_token_that_a_script_sends_is_checked_even_from_here(visitor: Client) -> None:
    token = with_session(visitor)
    assert visitor.post("/ok/", headers={**HERE, "X-CSRFToken": "x" * 64}).status_code == 403
    assert visitor.post("/ok/", headers={**HERE, "X-CSRFToken": token}).status_code == 200


@pytest.mark.django_db
def test_a_form_as_the_tutorial_writes_it_carries_a_token_beside_a_session(visitor: Client) -> None:
    """A browser that does not say where a form comes from has nothing else to show."""
    with_session(visitor)
    page = visitor.get("/tutorial-form/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', page)
    assert found
    assert visitor.post("/tutorial-form/", {"csrfmiddlewaretoken": found[1]}).content == b"taken"


@pytest.mark.django_db
def test_a_form_from_before_the_session_is_taken_from_here_alone(visitor: Client) -> None:
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


def test_the_page_for_a_request_refused_without_a_session_needs_no_token() -> None:
    assert not consent(RequestFactory().get("/"))["needs_token"]


def test_a_page_with_a_form_is_not_the_same_for_everybody(visitor: Client) -> None:
    """Whoever has a session gets a token in it: no cache may hand that page to anybody else."""
    assert "Cookie" in visitor.get("/page-with-form/").headers["Vary"]


@pytest.mark.parametrize(("method", "address"), [("GET", "/books/"), ("HEAD", "/books/"), ("POST", "")])
def test_templates_are_told_how_to_come_back_to_a_page_without_its_query(method: str, address: str) -> None:
    assert consent(RequestFactory().generic(method, "/books/?token=secret"))["page_address"] == address


@pytest.mark.django_db
def test_a_token_comes_with_a_session_that_begins_on_the_same_page(visitor: Client) -> None:
    visitor.cookies.load(STATISTICS)
    assert {CSRF.name, SESSION.name} <= set(visitor.get("/form-and-count/").cookies)


def fill_in(visitor: Client) -> dict[str, str]:
    """Open the tutorial's form, and give back what a browser would send with it."""
    page = visitor.get("/tutorial-form/").content.decode()
    return dict(re.findall(r'name="(\w+)" value="(\w+)"', page))


def test_a_form_of_the_tutorial_works_for_a_visitor_without_a_session(visitor: Client) -> None:
    assert visitor.post("/tutorial-form/", fill_in(visitor), headers=HERE).status_code == 200
    assert not visitor.cookies


def test_a_form_of_the_tutorial_works_with_cookies_blocked(visitor: Client) -> None:
    form = fill_in(visitor)
    visitor.cookies.clear()
    assert visitor.post("/tutorial-form/", form, headers=HERE).status_code == 200


@pytest.mark.django_db
def test_a_form_of_the_tutorial_carries_its_token_where_there_is_a_session(visitor: Client) -> None:
    with_session(visitor)
    form = fill_in(visitor)
    assert set(form) == {"csrfmiddlewaretoken"}
    assert visitor.post("/tutorial-form/", form, headers=HERE).status_code == 200
    assert visitor.post("/tutorial-form/", form | {"csrfmiddlewaretoken": "x" * 64}, headers=HERE).status_code == 403


@pytest.mark.django_db
def test_a_form_of_the_tutorial_works_if_the_session_begins_while_it_is_filled_in(visitor: Client) -> None:
    form = fill_in(visitor)
    with_session(visitor)
    assert visitor.post("/tutorial-form/", form, headers=HERE).status_code == 200


@pytest.mark.django_db
def test_a_form_of_the_tutorial_is_refused_from_another_site(visitor: Client) -> None:
    assert visitor.post("/tutorial-form/", fill_in(visitor), headers=ELSEWHERE).status_code == 403
    with_session(visitor)
    assert visitor.post("/tutorial-form/", fill_in(visitor), headers=ELSEWHERE).status_code == 403


def test_a_token_without_its_cookie_is_judged_by_where_it_comes_from(visitor: Client) -> None:
    """As a script sends one that a view handed out: nobody set its cookie."""
    token = visitor.get("/form/").content.decode()
    for headers, status in ((HERE, 200), (ELSEWHERE, 403), ({}, 403)):
        assert visitor.post("/ok/", {"csrfmiddlewaretoken": token}, headers=headers).status_code == status
        assert visitor.post("/ok/", headers={"X-CSRFToken": token, **headers}).status_code == status


def test_a_token_beside_a_damaged_cookie_is_refused(visitor: Client) -> None:
    visitor.cookies[CSRF.name] = "damaged"
    assert visitor.post("/ok/", {"csrfmiddlewaretoken": "x" * 64}, headers=HERE).status_code == 403


def test_the_body_of_an_exempt_request_is_left_to_its_view(visitor: Client) -> None:
    response = visitor.post("/raw/", {"field": "value"}, headers=HERE)
    assert b'name="field"' in response.content


class Counted(BytesIO):
    """A body that knows how often it was read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


@pytest.mark.parametrize(("headers", "status", "is_read"), [(HERE, 200, True), (ELSEWHERE, 403, False)])
def test_a_form_of_another_site_is_refused_unread(
    visitor: Client, headers: dict[str, str], status: int, *, is_read: bool
) -> None:
    body = Counted(b"field=value")
    kind = "application/x-www-form-urlencoded"
    sent: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": "11", "CONTENT_TYPE": kind}
    assert visitor.generic("POST", "/ok/", headers=headers, **sent).status_code == status
    assert bool(body.reads) is is_read


class Broken(BytesIO):
    """The body of a request whose sender has gone."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("the connection broke")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_whose_connection_breaks_is_refused_and_no_error(visitor: Client, kind: str) -> None:
    broken: dict[str, Any] = {"wsgi.input": Broken(), "CONTENT_LENGTH": "10", "CONTENT_TYPE": kind}
    assert visitor.generic("POST", "/ok/", headers=HERE, **broken).status_code == 403
