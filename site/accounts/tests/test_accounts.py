"""Register, sign in, sign out."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from consent_gate.api import OPTIONAL_PURPOSES

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client, grant: Callable[..., None]) -> Client:
    """The browser of somebody who allows everything."""
    grant(client, *OPTIONAL_PURPOSES)
    return client


PASSWORD = "correct horse battery"
TWO_WEEKS = 1_209_600
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\n/evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "",
]


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("reader", password=PASSWORD)


def sign_in(client: Client, **extra: str) -> None:
    response = client.post("/accounts/sign-in/", {"username": "reader", "password": PASSWORD, **extra})
    assert response.status_code == 302, response.content.decode()


def test_registering_opens_an_account_and_signs_in(client: Client) -> None:
    client.post("/accounts/register/", {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get().username == "newcomer"
    assert "newcomer" in client.get("/").content.decode()


@pytest.mark.parametrize("password", ["short", "12345678901", "password", "newcomer1"])
def test_registering_refuses_a_weak_password(client: Client, password: str) -> None:
    response = client.post(
        "/accounts/register/", {"username": "newcomer", "password1": password, "password2": password}
    )
    assert response.status_code == 200
    assert not User.objects.exists()


def test_registering_stores_a_name_and_a_password_and_nothing_else(client: Client) -> None:
    client.post("/accounts/register/", {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD})
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == ("", "", "")


def test_remember_me_lasts_two_weeks(client: Client, reader: User, settings: Settings) -> None:
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    sign_in(client, remember_me="on")
    assert client.cookies["__Host-sessionid"]["max-age"] == TWO_WEEKS


def test_without_remember_me_the_session_ends_with_the_browser(
    client: Client, reader: User, settings: Settings
) -> None:
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = False
    sign_in(client)
    assert client.cookies["__Host-sessionid"]["max-age"] == ""
    assert client.cookies["__Host-sessionid"]["expires"] == ""


def test_signing_in_rotates_the_session_key_and_keeps_the_count(client: Client, reader: User) -> None:
    client.get("/")
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert client.session["num_visits"] == 1


def test_signing_out_ends_the_session_on_the_server(client: Client, reader: User) -> None:
    client.get("/")
    sign_in(client)
    before = client.session.session_key
    client.post("/accounts/sign-out/")
    assert not client.session.exists(before or "")
    assert "num_visits" not in client.session


def test_signing_out_by_a_link_is_refused(client: Client, reader: User) -> None:
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(client: Client, reader: User) -> None:
    wrong = [("reader", "wrong"), ("nobody", PASSWORD)]
    pages = [client.post("/accounts/sign-in/", {"username": name, "password": word}) for name, word in wrong]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].context["form"].errors["__all__"] == pages[1].context["form"].errors["__all__"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_does_not_lead_to_another_site(client: Client, reader: User, address: str) -> None:
    response = client.post("/accounts/sign-in/", {"username": "reader", "password": PASSWORD, "next": address})
    assert response.headers["Location"] == "/"
    assert client.get("/accounts/sign-in/", {"next": address}).headers["Location"] == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_out_does_not_lead_to_another_site(client: Client, reader: User, address: str) -> None:
    client.force_login(reader)
    assert client.post("/accounts/sign-out/", {"next": address}).headers["Location"] == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_administrations_sign_in_does_not_lead_to_another_site(client: Client, address: str) -> None:
    assert client.get("/admin/login/", {"next": address}).headers["Location"] == "/accounts/sign-in/?next=/admin/"


@pytest.mark.parametrize("end", ["", "?next=/accounts/sign-in/", "?a=b", "#main"])
@pytest.mark.parametrize("path", ["/accounts/sign-in/", "/accounts/%73ign-in/"])
def test_signing_in_leads_home_where_it_would_lead_to_itself(client: Client, reader: User, path: str, end: str) -> None:
    client.force_login(reader)
    assert client.get("/accounts/sign-in/", {"next": path + end}).headers["Location"] == "/"


def test_signing_out_leads_home_where_it_would_lead_to_itself(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert client.post("/accounts/sign-out/", {"next": "/accounts/sign-out/"}).headers["Location"] == "/"


def test_the_administrations_sign_in_leads_to_the_administration_and_not_to_itself(client: Client) -> None:
    answer = client.get("/admin/login/", {"next": "/admin/login/?next=/admin/"})
    assert answer.headers["Location"] == "/accounts/sign-in/?next=/admin/"


@pytest.mark.parametrize("name", ["\x00", "x" * 5000, "' or 1=1 --", "<script>"])
def test_any_name_at_all_is_answered_without_an_error(client: Client, name: str) -> None:
    for address in ("/accounts/sign-in/", "/accounts/register/"):
        response = client.post(address, {"username": name, "password": "x", "password1": "x", "password2": "y"})
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()


def test_demo_accounts_are_made_in_development_alone(settings: Settings) -> None:
    with pytest.raises(CommandError, match="public passwords"):
        call_command("create_demo_accounts")
    settings.DEBUG = True
    said = StringIO()
    call_command("create_demo_accounts", stdout=said)
    call_command("create_demo_accounts", stdout=said)
    assert sorted(User.objects.values_list("username", "is_superuser")) == [("librarian", True), ("reader", False)]
    assert "a good book" in said.getvalue()


def test_signing_in_with_cookies_blocked_is_explained_and_leads_nowhere_twice(reader: User) -> None:
    blocker = Client()
    response = blocker.post("/accounts/sign-in/", {"username": "reader", "password": PASSWORD, "next": "/books/"})
    assert response.headers["Location"] == "/accounts/arrival/?next=%2Fbooks%2F"
    blocker.cookies.clear()
    page = blocker.get(response.headers["Location"])
    assert page.status_code == 200
    assert "You are not signed in: no cookie came back" in page.content.decode()


def test_whoever_answered_nothing_signs_in_and_arrives(reader: User) -> None:
    stranger = Client()
    response = stranger.post(
        "/accounts/sign-in/", {"username": "reader", "password": PASSWORD, "next": "/books/"}, follow=True
    )
    assert response.redirect_chain == [("/accounts/arrival/?next=%2Fbooks%2F", 302), ("/books/", 302)]
    assert "reader" in response.content.decode()


@pytest.mark.parametrize("address", ELSEWHERE)
def test_arriving_leads_to_no_other_site(client: Client, reader: User, address: str) -> None:
    client.force_login(reader)
    assert client.get("/accounts/arrival/", {"next": address}).headers["Location"] == "/"
