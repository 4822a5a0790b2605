"""One test for each mistake that other consent layers are known to make."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from consent_gate.cookies import CHOICE, SESSION
from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.choice_cookie import choice_in, cookie_value, sign
from consent_gate.decision.decision import NOTHING_OPTIONAL, Decision, State, decide
from consent_gate.declarations.declaration import CookieDeclaration
from consent_gate.declarations.purposes import PURPOSES, Purpose
from consent_gate.gate.judgement import JudgementContext, Reason, faults_of, judge_cookie
from consent_gate.headers.set_cookie import from_header, from_morsel
from consent_gate.tests.made_up import COUNTER, EVERYTHING, FINGERPRINTS, REFUSED, STATISTICS, choice, made_up_registry

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PRINT = "0123456789ab"
UNDECIDED = JudgementContext(Decision(State.UNDECIDED, NOTHING_OPTIONAL), first_visit=False)

pytestmark = pytest.mark.usefixtures("made_up_site")


def visitor(cookies: dict[str, str]) -> Client:
    client = Client()
    client.cookies.load(cookies)
    return client


@pytest.mark.parametrize("name", ["counter", "colour_page"])
def test_a_known_name_is_not_allowed_because_there_is_no_choice_yet(name: str) -> None:
    verdict = judge_cookie(from_header(f"{name}=1", 0), made_up_registry(), UNDECIDED)
    assert verdict.reason is Reason.NOT_GRANTED


def test_a_yes_is_not_found_inside_another_word() -> None:
    time = "20261122T000000Z"
    text = f"v2.{UUID(int=1).hex}.xstatistics-yes-{PRINT}-{time}.statistics-no-{PRINT}-{time}"
    found = choice_in(f"{text}.{sign(text)}", NOW)
    assert found is not None
    assert Purpose.STATISTICS not in found.granted
    decision = decide(found, gpc=False, fingerprints={Purpose.STATISTICS: PRINT})
    assert decision.state is State.REFUSED


def test_an_unknown_name_is_really_stopped() -> None:
    """A number compared with a text once made every unknown name pass."""
    everything = JudgementContext(Decision(State.GRANTED, frozenset(PURPOSES)), first_visit=False)
    assert judge_cookie(from_header("stranger=1", 0), made_up_registry(), everything).reason is Reason.UNDECLARED


def test_a_lifetime_is_compared_as_a_number_and_not_as_a_text() -> None:
    assert faults_of(from_header("counter=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=9", 0), COUNTER) == ()


def test_the_first_response_leaks_nothing() -> None:
    assert not visitor({}).get("/ok/").cookies
    response = Client(raise_request_exception=False).get("/answers/plain/")
    assert not response.cookies
    assert "Set-Cookie" not in response.headers


def test_looking_at_the_decision_sets_no_cookie() -> None:
    for cookies in ({}, REFUSED, EVERYTHING):
        assert not visitor(cookies).get("/page/").cookies


def test_whoever_declined_is_asked_about_a_new_purpose_and_nothing_else() -> None:
    declined = Choice(NOW, UUID(int=1).hex, {Purpose.STATISTICS: Answer(False, PRINT, NOW)})
    decision = decide(
        declined, gpc=False, fingerprints={Purpose.PREFERENCES: PRINT, Purpose.STATISTICS: "another text"}
    )
    assert decision.asks_about == (Purpose.PREFERENCES,)


def test_whoever_declined_is_asked_again_once_the_answer_has_lapsed() -> None:
    now = datetime.now(UTC)
    lapsed = choice_in(cookie_value(choice(made_at=now - timedelta(days=180))), now)
    assert decide(lapsed, gpc=False, fingerprints=FINGERPRINTS).asks_about == tuple(FINGERPRINTS)


def test_a_yes_under_global_privacy_control_can_be_withdrawn() -> None:
    granted, refused = choice(*FINGERPRINTS), choice()
    before = decide(granted, gpc=True, fingerprints=FINGERPRINTS)
    after = decide(refused, gpc=True, fingerprints=FINGERPRINTS)
    assert (before.state, after.state) == (State.GRANTED, State.REFUSED)
    assert after.granted == NOTHING_OPTIONAL


@pytest.mark.parametrize("cookies", [{}, REFUSED])
def test_a_flash_message_does_not_vanish(cookies: dict[str, str]) -> None:
    client = visitor(cookies)
    client.post("/flashes/")
    assert client.get("/messages/").content == b"You are signed out."


@pytest.mark.parametrize("declared", [True, False])
def test_attributes_are_not_mapped_the_wrong_way_round(declared: bool) -> None:
    cookie = CookieDeclaration(
        name="x", purpose=Purpose.STATISTICS, reason="r", http_only=declared, secure=not declared
    )
    response = HttpResponse()
    cookie.send(response, "1")
    sent = response.cookies["x"]
    assert (bool(sent["httponly"]), bool(sent["secure"])) == (declared, not declared)
    assert faults_of(from_morsel(sent, 0), cookie) == ()


@pytest.mark.django_db
def test_the_gates_own_work_does_not_keep_a_session_alive() -> None:
    client = visitor(STATISTICS)
    client.post("/keeps/?basket=book&count=1")
    assert SESSION.name not in client.get("/sees/").cookies
    client.cookies.load(REFUSED)
    client.get("/sees/")  # erases what is no longer allowed, and so saves once
    assert SESSION.name not in client.get("/sees/").cookies
    assert CHOICE.name not in client.get("/sees/").cookies
