"""The banner, the cookies page and the answers to them, through Django's own client."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from consent.declarations import OPTIONAL_PURPOSES, Purpose, registry
from consent.models import Receipt

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin"}


def answer(client: Client, **form: str) -> str:
    """Send an answer, follow it like a browser, and give back the page that it ends on."""
    response = client.post(
        "/cookies/choice/", {"place": "banner", "next": "/about/", **form}, headers=FROM_HERE, follow=True
    )
    assert response.status_code == 200
    return response.content.decode()


def test_every_page_begins_with_the_banner_until_it_is_answered(client: Client) -> None:
    for address in ("/", "/about/", "/books/", "/nothing-here/", "/accounts/sign-in/"):
        page = client.get(address).content.decode()
        assert page.index('data-testid="cookie-banner"') < page.index('class="skip-link"'), address
    answer(client, answer="refuse")
    assert 'data-testid="cookie-banner"' not in client.get("/about/").content.decode()


def test_the_cookies_page_asks_itself_and_needs_no_banner(client: Client) -> None:
    page = client.get("/cookies/").content.decode()
    assert 'data-testid="cookie-banner"' not in page
    assert not re.search(r"<input[^>]*checked", page)


def test_the_cookies_page_lists_every_declaration(client: Client) -> None:
    page = client.get("/cookies/").content.decode()
    for declaration in registry:
        assert f"<code>{declaration.name}</code>" in page
        assert str(declaration.ground).split("(")[0] in page.replace("&#x27;", "'")


def test_accepting_is_confirmed_on_the_page_where_it_was_asked(client: Client) -> None:
    assert "You accepted everything." in answer(client, answer="accept")
    assert "Chosen on" in client.get("/cookies/").content.decode()


def test_what_is_left_open_counts_as_no(client: Client) -> None:
    page = answer(client, answer="choose", statistics="yes", preferences="yes please", place="page")
    assert "You accepted: Statistics." in " ".join(page.split())
    assert "visits" in client.get("/").cookies
    assert "page_size" not in client.get("/books/?per_page=10").cookies


@pytest.mark.parametrize(
    "form", [{}, {"answer": "yes"}, {"answer": "choose"}, {"answer": "ACCEPT"}, {"answer": "\x00"}]
)
def test_anything_but_a_clear_yes_is_a_no(client: Client, form: dict[str, str]) -> None:
    assert "You refused." in answer(client, **form)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    ],
)
def test_an_answer_from_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/cookies/choice/", {"answer": "accept"}, headers=headers)
    assert response.status_code == 403
    assert not response.cookies


def test_an_answer_with_the_sites_own_origin_is_taken_from_browsers_without_fetch_metadata(client: Client) -> None:
    response = client.post("/cookies/choice/", {"answer": "refuse"}, headers={"origin": "http://testserver"})
    assert response.status_code == 302
    assert set(response.cookies) == {"cookie_choice"}


def test_the_answer_alone_keeps_nothing_on_the_server_and_the_page_after_it_keeps_a_receipt(client: Client) -> None:
    response = client.post("/cookies/choice/", {"answer": "accept", "place": "banner"}, headers=FROM_HERE)
    assert not Receipt.objects.exists()
    blocked = Client().get(response.headers["Location"])
    assert not Receipt.objects.exists(), "a browser without the cookie leaves nothing"
    assert "cookie-choice=lost" in blocked.headers["Location"]
    client.get(response.headers["Location"])
    receipt = Receipt.objects.get()
    assert set(receipt.answers.values()) == {"yes"}
    assert receipt.place == "banner"


def test_a_lost_answer_is_said_once_and_calmly(client: Client) -> None:
    page = client.get("/about/?cookie-choice=lost").content.decode()
    assert "Your browser keeps no cookies of this site" in page
    assert 'href="/about/"' in page
    assert "Your browser keeps no cookies" not in client.get("/about/").content.decode()


@pytest.mark.parametrize("outcome", ["kept", "lost", "<script>", "\x00"])
def test_nobody_can_be_told_that_they_answered_when_they_did_not(client: Client, outcome: str) -> None:
    page = client.get("/about/", {"cookie-choice": outcome}).content.decode()
    assert "You accepted" not in page
    assert "You refused" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil", ""])
def test_an_answer_leads_to_no_other_site(client: Client, address: str) -> None:
    response = client.post("/cookies/choice/", {"answer": "refuse", "next": address}, headers=FROM_HERE, follow=True)
    assert [step for step, _status in response.redirect_chain][-1].startswith("/cookies/?cookie-choice=kept")


def test_withdrawing_erases_cookies_session_keys_and_the_old_session_at_once(
    client: Client, grant: Callable[..., None]
) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    old_key = client.session.session_key
    assert "num_visits" in client.session
    response = client.post("/cookies/choice/", {"answer": "refuse", "next": "/books/1/"}, headers=FROM_HERE)
    deleted = {(cookie.key, cookie["path"]) for cookie in response.cookies.values() if cookie["max-age"] in ("0", 0)}
    for name in ("visits", "last_visit"):
        assert {(name, "/"), (name, "/books"), (name, "/books/"), (name, "/books/1/")} <= deleted
    assert ("page_size", "/") in deleted, "which did not come: where it would lie is enough"
    assert ("sessionid", "/") in deleted
    assert not client.session.exists(old_key or "")


def test_withdrawing_one_purpose_keeps_what_the_others_allow(client: Client, grant: Callable[..., None]) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/books/?per_page=10")
    answer(client, answer="choose", preferences="yes", place="page")
    assert client.cookies["page_size"].value == "10"
    assert client.cookies["visits"].value == "" if "visits" in client.cookies else True


def test_the_choice_stands_in_a_cookie_that_says_what_was_answered(client: Client) -> None:
    client.post("/cookies/choice/", {"answer": "choose", "statistics": "yes"}, headers=FROM_HERE)
    value = client.cookies["cookie_choice"].value
    assert ".statistics-yes-" in value
    assert ".preferences-no-" in value
    assert client.cookies["cookie_choice"]["max-age"] == 180 * 86_400


def test_tools_can_read_the_declarations(client: Client) -> None:
    response = client.get("/cookies.json")
    document = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/json"
    assert {each["name"] for each in document["cookies"]} >= {
        "sessionid",
        "csrftoken",
        "messages",
        "visits",
        "cookie_choice",
    }
    assert {each["purpose"] for each in document["purposes"]} == {purpose.value for purpose in Purpose}
    assert not response.cookies


def test_the_site_says_that_it_honours_global_privacy_control(client: Client) -> None:
    document = client.get("/.well-known/gpc.json").json()
    assert document["gpc"] is True
    assert document["lastUpdate"]


def test_there_is_no_receipt_without_a_choice_and_a_pruned_one_is_no_error(
    client: Client, grant: Callable[..., None]
) -> None:
    assert client.get("/cookies/receipt.json").status_code == 404
    grant(client, Purpose.STATISTICS)
    assert client.get("/cookies/receipt.json").status_code == 404
    assert "no longer keeps a receipt" in client.get("/cookies/").content.decode()


def test_a_signalled_visitor_is_not_asked_and_finds_the_way_to_choose(client: Client) -> None:
    page = client.get("/", headers={"sec-gpc": "1"}).content.decode()
    assert 'data-testid="cookie-banner"' not in page
    assert 'href="/cookies/"' in page
    assert "Keep this refusal" in client.get("/cookies/", headers={"sec-gpc": "1"}).content.decode()


def test_withdrawal_is_offered_on_every_page_of_whoever_consented_and_to_nobody_else(
    client: Client, grant: Callable[..., None]
) -> None:
    assert "Withdraw my consent" not in client.get("/about/").content.decode()
    grant(client, Purpose.STATISTICS)
    assert "Withdraw my consent" in client.get("/about/").content.decode()
    assert "Withdraw my consent" in client.get("/about/", headers={"sec-gpc": "1"}).content.decode()


def test_the_banner_alone_can_be_asked_for(client: Client) -> None:
    response = client.get("/cookies/banner/?next=/books/")
    assert response.content.decode().count("<form") == 1
    assert 'value="/books/"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_query_that_is_refused_is_refused_on_a_page_with_a_banner(client: Client) -> None:
    response = client.get("/books/?" + "a=b&" * 2000 + "cookie-choice=kept")
    assert response.status_code == 400
    assert 'data-testid="cookie-banner"' in response.content.decode()


def test_nobody_answers_to_a_signal_that_their_browser_does_not_send(client: Client) -> None:
    answer(client, answer="refuse", place="signal")
    assert Receipt.objects.get().place == "page"


def test_an_answer_on_a_page_that_answers_a_form_leads_to_a_page_that_can_be_opened(
    client: Client, grant: Callable[..., None]
) -> None:
    page = client.post("/preferences/save/", {"theme": "dark"}).content.decode()
    assert 'name="next" value="/cookies/"' in page
    grant(client, Purpose.STATISTICS)
    page = client.post("/preferences/save/", {"theme": "dark"}).content.decode()
    assert 'name="next" value="/cookies/"' in page
    assert 'href="/preferences/"' in page
