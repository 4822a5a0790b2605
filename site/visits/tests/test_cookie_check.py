"""The cookie check: what a request brought back, and what the visitor is told."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from consent_gate.api import OPTIONAL_PURPOSES
from visits.browser_help import CHROME, EDGE, FIREFOX, SAFARI, BrowserHelp, browser_help
from visits.cookie_check import CookieSupport, outcome


@pytest.mark.parametrize(
    ("worked", "returned", "asked", "expected"),
    [
        (True, True, True, CookieSupport.WORKS),
        (True, True, False, CookieSupport.WORKS),
        (True, False, True, CookieSupport.WORKS),
        (True, False, False, CookieSupport.WORKS),
        (False, True, True, CookieSupport.WORKS),
        (False, True, False, CookieSupport.WORKS),
        (False, False, True, CookieSupport.NOTHING_CAME_BACK),
        (False, False, False, CookieSupport.NOT_TESTED),
    ],
)
def test_the_outcome_of_a_check_follows_from_what_came_back(
    *, worked: bool, returned: bool, asked: bool, expected: CookieSupport
) -> None:
    assert outcome(test_cookie_worked=worked, another_came_back=returned, asked=asked) is expected


@pytest.mark.django_db
def test_the_check_works_with_cookies_and_leaves_no_mark(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    response = client.post("/cookie-check/start/", follow=True)
    assert "Cookies work in this browser" in response.content.decode()
    assert capsys.readouterr().out == ">>>> TEST COOKIE WORKED!\n"
    assert "testcookie" not in client.session
    assert "testcookie" not in client.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}],
)
def test_no_other_site_can_start_a_check_and_plant_a_session(headers: dict[str, str]) -> None:
    """Its request comes without this site's cookies: a session that begins then would replace the visitor's own."""
    response = Client(enforce_csrf_checks=True).post("/cookie-check/start/", headers=headers)
    assert response.status_code == 403
    assert not response.cookies


@pytest.mark.django_db
def test_the_check_is_offered_and_begun_by_a_form_alone(client: Client) -> None:
    page = client.get("/cookie-check/").content.decode()
    assert 'action="/cookie-check/start/" method="post"' in page
    assert client.get("/cookie-check/start/").status_code == 405
    for address in ("/cookie-check/", "/cookie-check/result/", "/about/"):
        assert client.post(address, headers={"Origin": "http://testserver"}).status_code == 405, address


@pytest.mark.django_db
def test_the_check_needs_no_token() -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    assert "Cookies work in this browser" in client.post("/cookie-check/start/", follow=True).content.decode()


@pytest.mark.django_db
def test_reloading_the_result_gives_the_same_answer(client: Client) -> None:
    client.post("/cookie-check/start/", follow=True)
    assert "Cookies work in this browser" in client.get("/cookie-check/result/?asked=1").content.decode()


@pytest.mark.django_db
def test_without_cookies_the_check_says_so_and_how_to_allow_them(client: Client) -> None:
    answer = client.post("/cookie-check/start/")
    client.cookies.clear()
    page = client.get(answer.headers["Location"], headers={"user-agent": "Firefox/153.0"}).content.decode()
    assert "Cookies don't work in this browser" in page
    assert helped_on(page) == ["Firefox", "Chrome, Chromium", "Safari", "Edge"]


def helped_on(page: str) -> list[str]:
    """The browsers for which a page says how to allow cookies, in its order."""
    assert "How to allow cookies" in page
    assert all(steps.count("<li>") >= 2 for steps in re.findall(r"<ol>.*?</ol>", page, re.DOTALL))
    return re.findall(r"<summary>(.*?)</summary>", page)


@pytest.mark.django_db
def test_an_answer_to_the_banner_that_came_back_proves_that_cookies_work(
    client: Client, grant: Callable[..., None]
) -> None:
    grant(client)
    assert "Cookies work in this browser" in client.get("/cookie-check/result/").content.decode()


@pytest.mark.django_db
def test_opening_the_result_without_a_check_leads_to_the_check(client: Client) -> None:
    answer = client.get("/cookie-check/result/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/cookie-check/"


@pytest.mark.django_db
def test_the_result_is_never_cached(client: Client) -> None:
    assert "no-store" in client.get("/cookie-check/result/?asked=1").headers["Cache-Control"]


@pytest.mark.django_db
def test_checking_does_not_disturb_the_count(client: Client, grant: Callable[..., None]) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    client.post("/cookie-check/start/", follow=True)
    client.get("/")
    assert client.session["num_visits"] == 2


@pytest.mark.django_db
def test_registering_after_the_home_page_reports_the_test_cookie(
    client: Client, grant: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    assert "The test cookie worked" in client.get("/accounts/register/").content.decode()
    assert capsys.readouterr().out == ">>>> TEST COOKIE WORKED!\n"
    assert "testcookie" not in client.session


@pytest.mark.django_db
def test_registering_at_once_says_that_no_test_cookie_came_back(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No cookie of this site has come back so far" in client.get("/accounts/register/").content.decode()
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_a_form_without_its_cookie_gets_an_explanation() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {"username": "reader", "password": "x"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "The form came without its cookie" in page
    assert helped_on(page) == ["Chrome, Chromium", "Firefox", "Safari", "Edge"]
    assert '<a class="button" href="/accounts/sign-in/">Open the form again</a>' in page


@pytest.mark.django_db
def test_a_form_with_the_wrong_token_is_out_of_date() -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/cookie-check/start/", headers={"Origin": "http://testserver"})
    client.get("/accounts/sign-in/")
    assert "__Host-csrftoken" in client.cookies, "a token stands beside a session"
    response = client.post("/accounts/sign-in/", {"csrfmiddlewaretoken": "a" * 64})
    assert response.status_code == 403
    assert "The form was out of date" in response.content.decode()


@pytest.mark.parametrize(
    ("user_agent", "first"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", FIREFOX),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            CHROME,
        ),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36", CHROME),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", EDGE),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.0 Safari/605.1.15", SAFARI),
        ("", CHROME),
    ],
)
def test_the_readers_own_browser_comes_first(user_agent: str, first: BrowserHelp) -> None:
    shown = browser_help(user_agent)
    assert shown[0] is first
    assert len(shown) == len(set(shown)) == 4
