"""The workbench: the Python it shows is the Python that runs, and what it says came of it is true."""

import ast
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from importlib import import_module
from random import Random
from string import ascii_letters, digits
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from consent_gate.api import Purpose, StoreKind, registry
from exact_sessions.models import ExactSession
from workbench.actions import ACTIONS, GROUPS, TWO_WEEKS, Action
from workbench.cookies import MY_CAR_KEY
from workbench.inputs import LONGEST_MAKER, ActionInput, Problem, days, read_input
from workbench.outcomes import LIFETIME, SALT, ActionOutcome, seal, unseal
from workbench.result import result_of
from workbench.set_cookie_lines import LONGEST_LINE, MOST_LINES, with_lines
from workbench.snapshot import SessionSnapshot
from workbench.tests.conftest import EACH_ENGINE
from workbench.views import LONGEST_SESSION

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
CAR = {"maker": "mini", "wheels": "steel"}
STARTS: dict[str, dict[str, Any]] = {
    "empty": {},
    "until the close": {"_session_expiry": 0},
    "full": {"my_car": CAR, "testcookie": "worked", "_session_expiry": 300},
}
TODAY = NOW.date()

pytestmark = pytest.mark.django_db


def press(client: Client, action: str, **fields: str) -> HttpResponse:
    """Press a button, and give back the page that follows."""
    answer = client.post(reverse("workbench:act"), {"action": action, **fields})
    assert answer.status_code == 302
    return cast(HttpResponse, client.get(answer["Location"]))


def sign_in(client: Client) -> None:
    get_user_model().objects.create_user("reader", password="correct horse battery")
    client.post("/accounts/sign-in/", {"username": "reader", "password": "correct horse battery"})


def said(page: HttpResponse) -> tuple[ActionOutcome, Any]:
    """What the page says about the last action."""
    result = cast(Any, page).context["result"]
    return result.outcome, result


def now(client: Client) -> SessionSnapshot:
    return cast(SessionSnapshot, cast(Any, client.get(reverse("workbench:page"))).context["now"])


# The lines


def new_session(engine: str, start: str) -> SessionBase:
    store = import_module(site_settings.SESSION_ENGINE).SessionStore
    session: SessionBase = store()
    session.update(deepcopy(STARTS[start]))
    session.save()
    session.modified = False
    return session


def what_happened(run: Callable[[HttpRequest], object], session: SessionBase) -> tuple[object, ...]:
    before, value, raised = session.session_key, None, ""
    try:
        value = run(cast(HttpRequest, SimpleNamespace(session=session)))
    except KeyError as error:
        raised = str(error)
    changed = (session.session_key is None, session.session_key == before)
    return value, raised, session.modified, dict(session.items()), changed


def execute(line: str, request: HttpRequest) -> object:
    names = {"request": request, "datetime": datetime, "UTC": UTC}
    tree = ast.parse(line)
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
        return eval(line, names)
    exec(line, names)
    return None


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("backend", ["db", "signed_cookies"])
@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_the_line_that_is_shown_is_the_code_that_runs(
    action: Action, backend: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr("django.core.signing.time.time", NOW.timestamp)  # a signature holds the second it was made in
    filled_in = ActionInput(maker='"Ω\\ ’', until=datetime(2026, 12, 24, tzinfo=UTC))
    shown = what_happened(lambda request: execute(action.line_with(filled_in), request), new_session(backend, start))
    run = what_happened(lambda request: action.run(request, filled_in), new_session(backend, start))
    assert shown == run
    if run[1]:
        assert action.says_missing
    if run[0] is False:
        assert action.says_no


def test_every_action_has_a_name_of_its_own() -> None:
    assert len(ACTIONS) == sum(len(group.actions) for group in GROUPS) == 23


@given(st.text(st.characters(codec="utf-8")))
def test_whatever_is_typed_is_written_as_python_that_means_it(text: str) -> None:
    assert ast.literal_eval(ActionInput(maker=text).as_python("maker")) == text


# What is filled in


@pytest.mark.parametrize(
    ("field", "text", "read"),
    [
        ("maker", "  saab ", ActionInput(maker="saab")),
        ("maker", "", Problem.NO_MAKER),
        ("maker", " \t", Problem.NO_MAKER),
        ("maker", "x" * LONGEST_MAKER, ActionInput(maker="x" * LONGEST_MAKER)),
        ("maker", "x" * (LONGEST_MAKER + 1), Problem.LONG_MAKER),
        ("maker", "a\x00b", Problem.ODD_MAKER),
        ("maker", "a\u202eb", Problem.ODD_MAKER),
        ("until", "", Problem.NO_DATE),
        ("until", "tomorrow", Problem.NO_DATE),
        ("until", "2026-02-30", Problem.NO_DATE),
        ("until", "9" * 3000, Problem.NO_DATE),
        ("until", "2026-11-23", Problem.PAST),
        ("until", "2026-11-24", Problem.PAST),
        ("until", "2026-11-25", ActionInput(until=datetime(2026, 11, 25, tzinfo=UTC))),
        ("until", "2026-12-08", ActionInput(until=datetime(2026, 12, 8, tzinfo=UTC))),
        ("until", "2026-12-09", Problem.TOO_LATE),
        ("until", "9999-12-31", Problem.TOO_LATE),
        ("", "whatever", ActionInput()),
    ],
)
def test_a_field_is_read_or_its_fault_is_told(field: str, text: str, read: ActionInput | Problem) -> None:
    assert read_input({field: text}, field, now=NOW, longest=timedelta(days=14)) == read


@given(st.sampled_from(["maker", "until", ""]), st.text())
def test_any_text_may_be_typed_without_an_error(field: str, text: str) -> None:
    read = read_input({field: text}, field, now=NOW, longest=timedelta(days=14))
    assert isinstance(read, ActionInput) or read.sentence


def test_both_ends_of_the_offered_days_are_within_the_longest_session() -> None:
    first, last = days(NOW, timedelta(days=14))
    assert (first, last) == (date(2026, 11, 25), date(2026, 12, 8))
    assert datetime(last.year, last.month, last.day, tzinfo=UTC) <= NOW + timedelta(days=14)


def test_no_button_asks_for_more_than_the_longest_session_that_is_declared() -> None:
    assert timedelta(seconds=TWO_WEEKS) <= LONGEST_SESSION


# What an action does, in every store


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
def test_opening_the_page_stores_nothing() -> None:
    client = Client()
    page = client.get(reverse("workbench:page"))
    assert page.status_code == 200
    assert not client.cookies
    assert "no-store" in page["Cache-Control"]
    assert not now(client).exists


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
def test_a_car_is_set_read_asked_for_listed_and_deleted() -> None:
    client = Client()
    outcome, result = said(press(client, "set", maker="saab"))
    assert outcome.line == 'request.session["my_car"] = {"maker": "saab", "wheels": "steel"}'
    assert outcome.modified
    assert result.afterwards == "kept"
    assert [line.partition("=")[0] for line in outcome.set_cookies] == ["__Host-sessionid"]
    assert said(press(client, "read"))[0].value == "{'maker': 'saab', 'wheels': 'steel'}"
    assert said(press(client, "get"))[0].value == "{'maker': 'saab', 'wheels': 'steel'}"
    assert said(press(client, "contains"))[0].value == "True"
    outcome, result = said(press(client, "keys"))
    assert outcome.value == "['my_car']"
    assert outcome.set_cookies == ()
    assert str(result.why_no_session_cookie) == "None for the session: it was not changed."
    assert said(press(client, "delete"))[1].afterwards == "kept"
    outcome, result = said(press(client, "contains"))
    assert outcome.value == "False"
    assert result.words == ACTIONS["contains"].says_no


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("action", ["read", "delete", "change", "change-modified", "delete-test-cookie"])
def test_a_missing_key_is_told_in_words_and_begins_no_session(action: str) -> None:
    client = Client()
    page = press(client, action)
    outcome, result = said(page)
    assert outcome.missing == ("testcookie" if action == "delete-test-cookie" else "my_car")
    assert result.words == ACTIONS[action].says_missing
    assert f"KeyError: '{outcome.missing}'" in unescape(page.content.decode())
    assert outcome.set_cookies == ()
    assert not client.cookies


def test_a_default_is_read_where_there_is_no_car() -> None:
    assert said(press(Client(), "get"))[0].value == "'mini'"


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("every_request", [False, True])
def test_a_change_inside_is_lost_unless_django_is_told_or_saves_every_request(
    settings: Settings, every_request: bool
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = every_request
    client = Client()
    press(client, "set", maker="mini")
    outcome, result = said(press(client, "change"))
    assert not outcome.modified
    assert outcome.car_after == "{'maker': 'mini', 'wheels': 'alloy'}"
    assert result.afterwards == ("kept" if every_request else "lost")
    assert bool(outcome.set_cookies) is every_request
    assert now(client).car == str(CAR | {"wheels": "alloy" if every_request else "steel"})
    press(client, "set", maker="mini")
    outcome, result = said(press(client, "change-modified"))
    assert outcome.modified
    assert result.afterwards == "kept"
    assert now(client).car == str(CAR | {"wheels": "alloy"})
    assert said(press(client, "change"))[1].afterwards == "unchanged", "alloy wheels can't be lost twice"


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
def test_the_end_of_a_session_is_set_and_read() -> None:
    client = Client()

    def cookie() -> str:
        return said(press(client, action, **fields))[0].set_cookies[0]

    action, fields = "at-browser-close", {}
    assert "Max-Age" not in cookie()
    assert now(client).ends_with_browser
    assert said(press(client, "closes"))[0].value == "True"
    action = "two-weeks"
    assert f"Max-Age={TWO_WEEKS};" in cookie()
    assert said(press(client, "age"))[0].value == str(TWO_WEEKS)
    action = "five-seconds"
    assert "Max-Age=5;" in cookie()
    in_two_days = datetime.now(UTC).date() + timedelta(days=2)
    action, fields = "on-a-date", {"until": in_two_days.isoformat()}
    assert 86_000 < int(cookie().partition("Max-Age=")[2].partition(";")[0]) < 172_800
    assert said(press(client, "date"))[0].value == f"{in_two_days.isoformat()} 00:00:00+00:00"
    assert said(press(client, "closes"))[0].value == "False"
    action, fields = "as-the-setting", {}
    assert f"Max-Age={site_settings.ANONYMOUS_SESSION_AGE};" in cookie()
    assert said(press(client, "setting"))[0].value == str(site_settings.SESSION_COOKIE_AGE)
    assert said(press(client, "as-the-setting"))[0].set_cookies == (), "nothing to go back from"


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "9999-12-31"])
def test_a_date_that_no_session_can_have_is_refused_in_a_sentence(until: str) -> None:
    client = Client()
    page = press(client, "on-a-date", until=until)
    assert b"Nothing was done" in page.content
    assert b'role="alert"' in page.content
    assert not client.cookies


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
def test_the_test_cookie_comes_back_and_is_deleted() -> None:
    client = Client()
    assert said(press(client, "test-cookie-worked"))[0].said_no
    press(client, "set-test-cookie")
    assert said(press(client, "test-cookie-worked"))[0].value == "True"
    press(client, "delete-test-cookie")
    assert said(press(client, "test-cookie-worked"))[0].said_no


@EACH_ENGINE
def test_rotating_changes_the_id_and_keeps_the_data(engine: str) -> None:
    client = Client()
    press(client, "set", maker="saab")
    before = client.cookies["__Host-sessionid"].value
    outcome, result = said(press(client, "rotate"))
    after = client.cookies["__Host-sessionid"].value
    assert now(client).car == "{'maker': 'saab', 'wheels': 'steel'}"
    if engine == "signed_cookies":
        assert "There is no id to change" in str(result.words)
        assert not result.id_changed
    else:
        assert after != before
        assert (outcome.id_before, outcome.id_after) == (f"{before[:6]}…", f"{after[:6]}…")
        old = Client(headers={"Cookie": f"__Host-sessionid={before}"})
        assert not now(old).exists


@EACH_ENGINE
def test_flushing_deletes_the_cookie_and_what_the_server_kept(engine: str) -> None:
    client = Client()
    press(client, "set", maker="saab")
    outcome, result = said(press(client, "flush"))
    assert outcome.set_cookies[0].startswith('__Host-sessionid=""; expires=Thu, 01 Jan 1970')
    assert client.cookies["__Host-sessionid"].value == ""
    assert not Session.objects.exists()
    assert not ExactSession.objects.exists()
    assert result.afterwards == "kept", "no car was left, and none is read"
    assert ("a copy of the cookie stays good" in str(result.words)) is (engine == "signed_cookies")


@EACH_ENGINE
def test_clearing_signs_out_and_keeps_the_id_and_the_page_says_so_before(engine: str) -> None:
    client = Client()
    sign_in(client)
    before = client.cookies["__Host-sessionid"].value
    page = client.get(reverse("workbench:page")).content.decode()
    assert page.count("this signs you out") == 3
    page = press(client, "clear").content.decode()
    assert "Sign in" in page
    assert "this signs you out" not in page
    assert now(client).entries == ()
    assert (client.cookies["__Host-sessionid"].value == before) is (engine != "signed_cookies")


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
def test_nothing_to_keep_begins_no_session_and_is_told_from_nothing_changed() -> None:
    client = Client()
    for action in ("clear", "flush"):
        outcome, result = said(press(client, action))
        assert outcome.set_cookies == ()
        assert "nothing was left to keep" in str(result.why_no_session_cookie)
    assert not client.cookies


def test_with_cookies_blocked_the_result_is_shown_and_nothing_came_back() -> None:
    answer = Client().post(reverse("workbench:act"), {"action": "set", "maker": "saab"})
    page = Client().get(answer["Location"])
    outcome, result = said(cast(HttpResponse, page))
    assert result.afterwards == "no-session"
    assert outcome.set_cookies[0].startswith("__Host-sessionid=")
    assert b"There is none: your browser brought no session" in page.content


# What the page shows


def test_secrets_are_shortened_wherever_they_stand() -> None:
    client = Client()
    sign_in(client)
    client.get(reverse("workbench:page"))  # with its forms come their tokens
    mark = client.session["_auth_user_hash"]
    for action in ACTIONS:
        if not ACTIONS[action].signs_out:
            secret = client.cookies["__Host-sessionid"].value
            page = press(client, action, maker="saab", until="x").content.decode()
            assert secret not in page
            assert client.cookies["__Host-sessionid"].value not in page
            assert mark not in page
            assert f"{mark[:6]}…" in page


@EACH_ENGINE
@pytest.mark.usefixtures("engine")
def test_what_was_typed_is_never_taken_for_html() -> None:
    page = press(Client(), "set", maker="<script>'\"&").content.decode()
    assert "<script>'" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_the_workbench_works_whatever_the_visitor_answered(answer: str) -> None:
    client = Client()
    client.post("/cookies/choice/", {"answer": answer, "place": "page"}, headers={"sec-fetch-site": "same-origin"})
    assert "__Host-cookie_choice" in client.cookies
    assert said(press(client, "set", maker="saab"))[1].afterwards == "kept"
    assert MY_CAR_KEY.purpose is Purpose.NECESSARY


@pytest.mark.parametrize("sent", [{}, {"action": ""}, {"action": "__class__"}, {"action": "set\x00"}])
def test_an_unknown_action_is_a_bad_request(sent: dict[str, str]) -> None:
    assert Client().post(reverse("workbench:act"), sent).status_code == 400


def test_a_form_of_another_site_does_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert client.post(reverse("workbench:act"), {"action": "set", "maker": "x"}, headers=evil).status_code == 403
    assert client.get(reverse("workbench:act")).status_code == 405


# The result on its way


def token_of(client: Client, action: str, **fields: str) -> str:
    answer = client.post(reverse("workbench:act"), {"action": action, **fields})
    return parse_qs(urlsplit(answer["Location"]).query)["result"][0]


def result_with(client: Client, token: str) -> Any:
    return cast(Any, client.get(reverse("workbench:page"), {"result": token})).context["result"]


@given(st.text())
def test_a_forged_result_shows_nothing(text: str) -> None:
    session = cast(SessionBase, SimpleNamespace(session_key=None))
    assert unseal(text, session) is None


@pytest.mark.parametrize(
    "content", [None, [], "x", {}, {"action": "set"}, {"action": "gone", "set_cookies": []}, {"set_cookies": 3}]
)
def test_a_result_of_another_version_shows_nothing(content: object) -> None:
    token = signing.dumps(content, salt=SALT)
    assert result_with(Client(), token) is None


@pytest.mark.parametrize("changes", [{"action": "gone"}, {"problem": "unheard of"}])
def test_a_result_of_an_action_that_is_gone_shows_nothing(changes: dict[str, str]) -> None:
    client = Client()
    known = signing.loads(token_of(client, "set", maker="saab"), salt=SALT)
    assert result_with(client, signing.dumps(known, salt=SALT))
    assert result_with(client, signing.dumps(known | changes, salt=SALT)) is None


def test_a_result_is_shown_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    token = token_of(client, "set", maker="saab")
    assert result_with(client, token)
    later = time.time() + LIFETIME + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert result_with(client, token) is None


def test_a_result_is_not_shown_in_another_visitors_session() -> None:
    client, other = Client(), Client()
    token = token_of(client, "set", maker="saab")
    press(other, "set", maker="mini")
    assert result_with(client, token)
    assert result_with(other, token) is None
    assert result_with(Client(), token), "somebody without a session may be the same one, with cookies blocked"


def test_the_address_of_a_result_is_short_enough_for_any_server() -> None:
    chance = Random(1)
    noise = "".join(chance.choices(ascii_letters + digits, k=10_000))
    makers = ["".join(chance.choices("𝔐𝔑𝔒𝔓𝔔ΩЖ", k=LONGEST_MAKER)) for _ in range(3)]
    outcome = ActionOutcome(
        action="set",
        line=ACTIONS["set"].line_with(ActionInput(maker=makers[0])),
        car_before=str({"maker": makers[1], "wheels": "steel"}),
        car_after=str({"maker": makers[0], "wheels": "steel"}),
    )
    lines = [f"visits={noise[n * 40 : n * 40 + 300]}; Max-Age=1; Path=/" for n in range(40)]
    complete = with_lines(outcome, lines, registry)
    assert len(complete.set_cookies) == MOST_LINES
    assert complete.set_cookies_left_out == 34
    assert all(len(line) <= LONGEST_LINE + 1 for line in complete.set_cookies)
    assert len(seal(complete)) < 3900, "gunicorn takes a request line of 4094"


def test_what_became_of_the_car_is_judged_by_what_a_later_request_reads() -> None:
    acted = ActionOutcome(action="set", car_before="1", car_after="2")
    there = SessionSnapshot(StoreKind.DB, "abc", (), "2", 1, NOW, False, 1)
    assert result_of(acted, there, session_cookie="sessionid").afterwards == "kept"
    assert result_of(acted, replace(there, car="1"), session_cookie="sessionid").afterwards == "lost"
    saved = replace(acted, set_cookies=("sessionid=abcdef…; Path=/",))
    assert result_of(saved, replace(there, car="1"), session_cookie="sessionid").afterwards == "replaced"
    gone = replace(there, car="", shortened_id="")
    assert result_of(acted, gone, session_cookie="sessionid").afterwards == "no-session"
