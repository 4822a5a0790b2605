"""The panel says what the gate will do, and does nothing itself."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from pytest_django import Settings

from consent_gate.api import CHOICE, LANGUAGE, Answer, Choice, Purpose, consent_of, cookie_value, current_fingerprints
from consent_gate.gate.judgement import Reason, Verdict
from consent_gate.middleware import ConsentGateMiddleware
from privacy_dashboard.panels import plain, stats_of


@pytest.fixture(autouse=True)
def production(settings: Settings) -> None:
    settings.CONSENT_STRICT = False


def request_with(cookies: Mapping[str, str]) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES = dict(cookies)
    return request


def yes_to(*purposes: Purpose) -> dict[str, str]:
    now = datetime.now(UTC).replace(microsecond=0)
    answers = {purpose: Answer(purpose in purposes, print_, now) for purpose, print_ in current_fingerprints().items()}
    return {CHOICE.name: cookie_value(Choice(now, uuid4().hex, answers))}


def response_with_cookies() -> HttpResponse:
    response = HttpResponse("plain")
    LANGUAGE.send(response, "en")
    response.set_cookie("stranger", "secret")
    response.headers["Set-Cookie"] = "raw=secret"
    return response


@pytest.mark.parametrize("cookies", [{}, yes_to(), yes_to(Purpose.PREFERENCES)], ids=["undecided", "no", "yes"])
def test_the_panel_says_before_what_the_gate_says_after(cookies: dict[str, str]) -> None:
    request, shown = request_with(cookies), []

    def view_inside_the_toolbar(request: HttpRequest) -> HttpResponse:
        response = response_with_cookies()
        shown.extend(stats_of(consent_of(request), response, now=0)["verdicts"])
        return response

    ConsentGateMiddleware(view_inside_the_toolbar)(request)
    assert shown == [plain(verdict) for verdict in consent_of(request).verdicts]
    assert len(shown) == 3


def test_a_verdict_says_all_that_the_panel_shows() -> None:
    verdict = Verdict("cookie", "visits", Reason.MENDED, Purpose.STATISTICS, ("Path",))
    assert plain(verdict) == {
        "kind": "cookie",
        "name": "visits",
        "allowed": True,
        "is_defect": True,
        "reason": "sent otherwise than declared",
        "purpose": "statistics",
        "faults": ["Path"],
    }


def test_the_panel_changes_nothing() -> None:
    request, response = request_with({}), response_with_cookies()

    def view(request: HttpRequest) -> HttpResponse:
        before = (response.headers.items(), response.cookies.output(), consent_of(request).was_asked)
        stats_of(consent_of(request), response, now=0)
        assert (response.headers.items(), response.cookies.output(), consent_of(request).was_asked) == before
        assert consent_of(request).verdicts == []
        return HttpResponse()

    ConsentGateMiddleware(view)(request)


def test_the_stats_are_plain_json_without_any_value() -> None:
    request = request_with(yes_to(Purpose.PREFERENCES) | {"visits": "secret", "stranger": "secret"})
    ConsentGateMiddleware(lambda _request: HttpResponse())(request)
    stats = stats_of(consent_of(request), response_with_cookies(), now=0)
    assert json.loads(json.dumps(stats)) == stats
    assert "secret" not in json.dumps(stats)
    assert stats["state"] == "granted"
    assert stats["granted"] == ["necessary", "preferences"]
    choice = consent_of(request).choice
    assert choice
    assert stats["choice"] == {
        "made_at": choice.made_at.isoformat(),
        "lapses_at": choice.lapses_at.isoformat(),
        "receipt": str(choice.receipt),
        "answers": {purpose: purpose == Purpose.PREFERENCES for purpose in choice.answers},
    }
    assert {each["name"] for each in stats["hidden"]} == {"visits", "stranger"}


@pytest.mark.parametrize("cookies", [{}, yes_to(Purpose.PREFERENCES) | {"stranger": "1"}])
def test_the_panel_has_no_inline_script_or_style(cookies: dict[str, str]) -> None:
    request = request_with(cookies)
    ConsentGateMiddleware(lambda _request: HttpResponse())(request)
    html = render_to_string(
        "privacy_dashboard/consent_panel.html", stats_of(consent_of(request), response_with_cookies(), now=0)
    )
    assert "stranger" in html
    assert "<script" not in html
    assert "style=" not in html
