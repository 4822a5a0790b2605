"""The banner, the cookies page and the answers to them, through Django's own client."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils.formats import date_format
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from consent_gate.cookies import CHOICE, CSRF, SESSION
from consent_gate.decision.choice import Choice
from consent_gate.decision.choice_cookie import choice_in
from consent_gate.declarations.declaration import registry
from consent_gate.declarations.fingerprints import current_fingerprints
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, PURPOSES, Purpose
from consent_gate.gate.consent import Consent
from consent_gate.models import Receipt
from consent_gate.pages.banner import AnswerOutcome, with_outcome
from consent_gate.pages.views import purposes
from consent_gate.testing import STALE_FOR, give_stale_choice

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
    for address in ("/", "/about/", "/nothing-here/", "/login/"):
        page = client.get(address).content.decode()
        assert page.index('data-testid="cookie-banner"') < page.index("<main"), address
    answer(client, answer="refuse")
    assert 'data-testid="cookie-banner"' not in client.get("/about/").content.decode()


def test_the_cookies_page_asks_itself_and_needs_no_banner(client: Client) -> None:
    page = client.get("/cookies/").content.decode()
    assert 'data-testid="cookie-banner"' not in page
    assert not re.search(r"<input[^>]*checked", page)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("undecided", "You have not chosen yet."),
        ("signalled", "Your browser sends Global Privacy Control"),
        ("refused", "You refused everything optional."),
        ("granted", "You allowed what is marked with yes below."),
        ("stale", "You are asked again about what has no answer below."),
    ],
)
def test_the_cookies_page_says_in_a_sentence_what_was_decided(client: Client, state: str, says: str) -> None:
    if state == "stale":
        give_stale_choice(client, Purpose.STATISTICS)
    elif state in {"granted", "refused"}:
        answer(client, answer="accept" if state == "granted" else "refuse")
    page = client.get("/cookies/", headers={"sec-gpc": "1"} if state == "signalled" else {}).content.decode()
    assert f'data-state="{state}"' in page
    assert says in page


def test_the_cookies_page_lists_every_declaration(client: Client) -> None:
    page = client.get("/cookies/").content.decode()
    for declaration in registry:
        place = "cookie in your browser" if declaration.kind == "cookie" else "on the server, in your session"
        assert f'<code>{declaration.name}</code> <span class="cookie-detail">{place}</span>' in page
        assert str(declaration.ground).split("(")[0] in page.replace("&#x27;", "'")


def test_the_last_day_of_what_would_be_stored_now_moves_on() -> None:
    nobody = Consent(None, gpc=False, fingerprints=current_fingerprints())
    for _ in range(2):
        for today, last_day in ((30, "May 29, 2027"), (29, "May 28, 2027")):
            page = "".join(purposes(nobody, datetime(2026, 11, today, 12, tzinfo=UTC)))
            assert page.count(f"until {last_day}") == page.count("180 days at most") > 0


def test_accepting_is_confirmed_on_the_page_where_it_was_asked(client: Client) -> None:
    confirmed = answer(client, answer="accept")
    assert "You accepted everything." in confirmed
    page = client.get("/cookies/").content.decode()
    assert "Chosen on" in page
    choice = choice_of(client)
    assert f"You are not asked again before {date_format(localtime(choice.lapses_at), 'DATE_FORMAT')}." in confirmed
    answered, lapses = (date_format(localtime(each), "DATE_FORMAT") for each in (choice.made_at, choice.lapses_at))
    assert page.count(f"Answered on {answered}, counts until {lapses}.") == len(OPTIONAL_PURPOSES)


def checked_on(page: str) -> dict[str, str]:
    """What the cookies page shows as answered, by purpose."""
    return dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked>', page))


def test_the_cookies_page_shows_each_answer_that_counts(client: Client) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    page = client.get("/cookies/").content.decode()
    assert checked_on(page) == {"preferences": "yes", "personalisation": "no"}, "what is declared anew has none"
    assert page.count("Answered on") == 2


def test_what_is_left_open_counts_as_no(client: Client) -> None:
    page = answer(client, answer="choose", statistics="yes", preferences="yes please", place="page")
    assert "You accepted: Statistics." in " ".join(page.split())
    assert "visits" in client.get("/").cookies
    assert "layout" not in client.get("/layout/").cookies


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


def test_an_answer_of_the_sites_own_origin_needs_no_fetch_metadata(client: Client) -> None:
    response = client.post("/cookies/choice/", {"answer": "refuse"}, headers={"origin": "http://testserver"})
    assert response.status_code == 302
    assert set(response.cookies) == {CHOICE.name}


def test_the_answer_keeps_nothing_on_the_server_and_the_next_page_keeps_a_receipt(client: Client) -> None:
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
    page = client.get(with_outcome("/about/", AnswerOutcome.LOST)).content.decode()
    assert "Your browser keeps no cookies of this site" in page
    assert "Check your browser" not in page, "there is no page that helps, unless the site names one"
    assert 'href="/about/"' in page
    assert "Your browser keeps no cookies" not in client.get("/about/").content.decode()


def test_no_link_tells_anybody_that_an_answer_of_theirs_was_lost(client: Client) -> None:
    said = "Your browser keeps no cookies of this site"
    address = with_outcome("/about/", AnswerOutcome.LOST)
    assert said not in client.get("/about/?cookie-choice=lost").content.decode()
    for came_from in ("cross-site", "same-site", "none"):
        assert said not in client.get(address, headers={"sec-fetch-site": came_from}).content.decode(), came_from
    assert said in client.get(address, headers=FROM_HERE).content.decode()


def test_what_this_site_signed_for_another_use_says_nothing_of_an_answer(client: Client) -> None:
    for signer in (TimestampSigner(), TimestampSigner(salt="another")):
        page = client.get("/about/", {"cookie-choice": signer.sign("lost")}).content.decode()
        assert "Your browser keeps no cookies" not in page


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
    assert "views" in client.session
    response = client.post("/cookies/choice/", {"answer": "refuse", "next": "/articles/1/"}, headers=FROM_HERE)
    deleted = {(cookie.key, cookie["path"]) for cookie in response.cookies.values() if cookie["max-age"] in ("0", 0)}
    assert {("visits", path) for path in ("/", "/articles", "/articles/", "/articles/1/")} <= deleted
    assert ("layout", "/") in deleted, "which did not come: where it would lie is enough"
    assert (SESSION.name, "/") in deleted
    assert not client.session.exists(old_key or "")


def test_withdrawing_one_purpose_keeps_what_the_others_allow(client: Client, grant: Callable[..., None]) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    client.get("/layout/")
    form = {"answer": "choose", "preferences": "yes", "place": "page"}
    response = client.post("/cookies/choice/", form, headers=FROM_HERE)
    deleted = {cookie.key for cookie in response.cookies.values() if cookie["max-age"] in ("0", 0)}
    assert "visits" in deleted
    assert "layout" not in deleted


def test_the_choice_stands_in_a_cookie_that_says_what_was_answered(client: Client) -> None:
    client.post("/cookies/choice/", {"answer": "choose", "statistics": "yes"}, headers=FROM_HERE)
    value = client.cookies[CHOICE.name].value
    assert ".statistics-yes-" in value
    assert ".preferences-no-" in value
    assert client.cookies[CHOICE.name]["max-age"] == 180 * 86_400


def test_tools_can_read_the_declarations(client: Client) -> None:
    response = client.get("/cookies.json")
    document = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/json"
    varies_by = set(response.headers["Vary"].split(", "))
    assert varies_by >= {"Accept-Language", "Cookie", "Sec-GPC"}, "its texts are in the visitor's language"
    names = {each["name"] for each in document["cookies"]}
    assert names >= {SESSION.name, CSRF.name, "messages", "visits", CHOICE.name}
    fingerprints = current_fingerprints()
    assert document["purposes"] == [
        {
            "purpose": str(each),
            "label": str(each.label),
            "summary": str(each.summary),
            "fingerprint": fingerprints.get(each),
        }
        for each in PURPOSES
    ]
    assert not response.cookies


def test_the_declarations_can_be_read_by_eye_in_any_language(client: Client) -> None:
    text = client.get("/cookies.json", headers={"accept-language": "de"}).content.decode()
    assert text.startswith('{\n  "version": 1,\n')
    assert "für" in text


def test_the_site_says_that_it_honours_global_privacy_control(client: Client) -> None:
    document = client.get("/.well-known/gpc.json").json()
    assert document["gpc"] is True
    assert document["lastUpdate"] == "2026-11-22"


def test_a_receipt_is_taken_home_as_a_file_that_bears_its_id(client: Client) -> None:
    answer(client, answer="accept")
    [receipt] = Receipt.objects.all()
    response = client.get("/cookies/receipt.json")
    assert response.headers["Content-Disposition"] == f'attachment; filename="cookie-receipt-{receipt.pk}.json"'
    assert response.json()["id"] == str(receipt.pk)


def test_there_is_no_receipt_without_a_choice_and_a_pruned_one_is_no_error(
    client: Client, grant: Callable[..., None]
) -> None:
    assert client.get("/cookies/receipt.json").status_code == 404
    grant(client, Purpose.STATISTICS)
    response = client.get("/cookies/receipt.json")
    assert response.status_code == 404
    assert "keeps no receipt of this choice" in response.content.decode()


@pytest.mark.parametrize("given", ["", "refuse", "accept"])
@pytest.mark.parametrize("address", ["/cookies/", "/cookies/banner/", "/cookies.json"])
def test_the_consent_pages_make_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str, given: str
) -> None:
    if given:
        answer(client, answer=given)
        assert Receipt.objects.exists()
    with django_assert_num_queries(0):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["cookies/", "cookies/kept/", "cookies/banner/", "cookies/receipt.json", "cookies.json", ".well-known/gpc.json"],
)
def test_a_page_that_only_shows_takes_no_form(client: Client, address: str) -> None:
    assert client.post(f"/{address}", headers=FROM_HERE).status_code == 405


def test_an_answer_is_given_by_a_form_alone(client: Client) -> None:
    assert client.get("/cookies/choice/?answer=accept", headers=FROM_HERE).status_code == 405


@pytest.mark.parametrize("address", ["kept/", "banner/", "receipt.json"])
def test_no_cache_keeps_what_is_said_of_one_visitors_choice(client: Client, address: str) -> None:
    assert "no-store" in client.get(f"/cookies/{address}").headers["Cache-Control"]


def test_a_refusal_that_a_signal_gave_is_kept_as_such(client: Client) -> None:
    signal = {**FROM_HERE, "sec-gpc": "1"}
    client.post("/cookies/choice/", {"answer": "refuse", "place": "signal"}, headers=signal, follow=True)
    assert (Receipt.objects.get().place, Receipt.objects.get().gpc) == ("signal", True)


def test_a_signalled_visitor_is_not_asked_and_finds_the_way_to_choose(client: Client) -> None:
    page = client.get("/", headers={"sec-gpc": "1"}).content.decode()
    assert 'data-testid="cookie-banner"' not in page
    assert 'href="/cookies/"' in page
    assert "Keep this refusal" in client.get("/cookies/", headers={"sec-gpc": "1"}).content.decode()


def test_a_page_that_answers_by_itself_is_given_what_to_show_in_place_of_its_banner(client: Client) -> None:
    form = {"answer": "refuse", "place": "banner", "next": "/about/", "fragment": "1"}
    response = client.post("/cookies/choice/", form, headers=FROM_HERE, follow=True)
    assert response.request["PATH_INFO"] == "/cookies/kept/", "and is led to no other page"
    text = response.content.decode()
    assert "You refused." in text
    assert "<html" not in text


@pytest.mark.parametrize("outcome", [AnswerOutcome.KEPT, AnswerOutcome.KEPT_WITHOUT_RECEIPT])
def test_an_answer_that_is_stale_already_is_asked_for_and_not_confirmed(client: Client, outcome: AnswerOutcome) -> None:
    give_stale_choice(client, Purpose.STATISTICS)
    page = client.get(with_outcome("/about/", outcome), headers=FROM_HERE).content.decode()
    assert asked_on(page) == ["statistics"]


def test_whoever_has_answered_is_not_told_that_the_answer_was_lost(client: Client) -> None:
    """By an address of their own, from before their browser was told to keep cookies."""
    answer(client, answer="refuse")
    page = client.get(with_outcome("/about/", AnswerOutcome.LOST), headers=FROM_HERE).content.decode()
    assert 'id="cookie-outcome"' not in page
    assert 'data-testid="cookie-banner"' not in page


def test_the_cookies_page_leads_back_to_where_its_visitor_came_from(client: Client) -> None:
    page = client.get("/cookies/?next=/articles/1/").content.decode()
    assert set(re.findall(r'name="next" value="([^"]*)"', page)) == {"/articles/1/"}
    page = client.get("/cookies/?next=//evil.example/").content.decode()
    assert set(re.findall(r'name="next" value="([^"]*)"', page)) == {"/cookies/"}


def test_the_banner_alone_can_be_asked_for(client: Client) -> None:
    response = client.get("/cookies/banner/?next=/articles/1/")
    assert response.content.decode().count("<form") == 1
    assert 'value="/articles/1/"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_nobody_answers_to_a_signal_that_their_browser_does_not_send(client: Client) -> None:
    answer(client, answer="refuse", place="signal")
    assert Receipt.objects.get().place == "page"


def test_an_answer_on_a_page_that_answers_a_form_leads_to_a_page_that_can_be_opened(client: Client) -> None:
    page = client.post("/layout/").content.decode()
    assert 'name="next" value="/cookies/"' in page


def choice_of(client: Client) -> Choice:
    """What a client's browser holds of its answers."""
    found = choice_in(client.cookies[CHOICE.name].value, datetime.now(UTC))
    assert found
    return found


def asked_on(page: str) -> list[str]:
    """The purposes that the banner of a page asks about."""
    return re.findall(r'name="asked" value="(\w+)"', page)


def test_answering_what_is_stale_dates_no_other_answer_anew(client: Client) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    old = choice_of(client)
    answer(client, answer="accept", asked="statistics")
    new = choice_of(client)
    assert new.answers[Purpose.STATISTICS].given_at > old.made_at
    for kept in (Purpose.PREFERENCES, Purpose.PERSONALISATION):
        assert new.answers[kept] == old.answers[kept]
    assert new.lapses_at == old.lapses_at, "the oldest answer is the first that is asked for again"


@pytest.mark.parametrize("button", ["accept", "refuse"])
def test_a_receipt_says_what_was_asked_and_answered_and_no_more(client: Client, button: str) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    answer(client, answer=button, asked="statistics")
    receipt = Receipt.objects.get()
    assert receipt.answers == {"statistics": "yes" if button == "accept" else "no"}
    assert set(receipt.fingerprints) == {"statistics"}
    assert client.get("/cookies/receipt.json").json()["answers"] == receipt.answers


def test_the_stale_banners_buttons_say_what_they_accept_and_refuse(client: Client) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    page = client.get("/about/").content.decode()
    assert asked_on(page) == ["statistics"]
    assert ">Accept: Statistics</button>" in page
    assert ">Refuse: Statistics</button>" in page
    assert "Refuse all" not in page


def test_withdrawing_beside_a_stale_banner_takes_one_click_and_refuses_everything(client: Client) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    client.post("/cookies/choice/", {"answer": "refuse", "next": "/about/"}, headers=FROM_HERE, follow=True)
    assert not choice_of(client).granted
    assert set(Receipt.objects.get().answers.values()) == {"no"}


def test_a_banner_left_open_in_another_tab_answers_what_it_asked_and_no_more(client: Client) -> None:
    give_stale_choice(client, Purpose.STATISTICS)
    asked = asked_on(client.get("/about/").content.decode())
    client.post("/cookies/choice/", {"answer": "refuse", "place": "page"}, headers=FROM_HERE)
    client.post("/cookies/choice/", {"answer": "accept", "place": "banner", "asked": asked}, headers=FROM_HERE)
    assert choice_of(client).granted == {Purpose.STATISTICS}


def test_an_answer_that_lapsed_before_the_others_is_asked_about_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    answer(client, answer="accept", asked="statistics")
    monkeypatch.setattr("consent_gate.decision.choice.CHOICE_LIFETIME", STALE_FOR)
    page = " ".join(client.get("/about/").content.decode().split())
    assert asked_on(page) == ["preferences", "personalisation"]
    assert "<strong>Preferences</strong>: your earlier answer counts no more." in page


def test_a_yes_that_the_site_did_not_sign_is_asked_about_and_grants_nothing(
    client: Client, grant: Callable[..., None]
) -> None:
    grant(client)
    refused = client.cookies[CHOICE.name].value
    client.cookies[CHOICE.name] = refused.replace("statistics-no", "statistics-yes")
    response = client.get("/")
    assert not {"visits", SESSION.name} & set(response.cookies)
    assert asked_on(response.content.decode()) == ["statistics"]
