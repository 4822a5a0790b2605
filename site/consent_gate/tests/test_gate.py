"""The gate's judgement, without any request."""

from datetime import timedelta
from functools import partial

import pytest

from consent_gate.decision.decision import NOTHING_OPTIONAL, Decision, State
from consent_gate.declarations.declaration import CookieDeclaration, SessionKeyDeclaration
from consent_gate.declarations.purposes import PURPOSES, Purpose
from consent_gate.gate.judgement import (
    JudgementContext,
    Kind,
    Reason,
    Verdict,
    faults_of,
    first_visit,
    is_asked_by_link,
    judge_cookie,
    judge_session,
    judge_session_key,
    outlives,
)
from consent_gate.headers.set_cookie import OutgoingCookie, from_header
from consent_gate.tests.made_up import COUNTER, made_up_registry

REGISTRY = made_up_registry()
UNDECIDED = Decision(State.UNDECIDED, NOTHING_OPTIONAL)
REFUSED = Decision(State.REFUSED, NOTHING_OPTIONAL)
STATISTICS = Decision(State.GRANTED, NOTHING_OPTIONAL | {Purpose.STATISTICS})
PLAIN = "Path=/; HttpOnly; SameSite=Lax"


def cookie(line: str) -> OutgoingCookie:
    return from_header(line, now=0)


@pytest.mark.parametrize(
    ("line", "decision", "first", "reason"),
    [
        (f"tour=1; {PLAIN}", REFUSED, False, Reason.NECESSARY),
        (f"tour=1; {PLAIN}", UNDECIDED, False, Reason.NECESSARY),
        (f"tour=1; {PLAIN}", UNDECIDED, True, Reason.FIRST_VISIT),
        (f"counter=1; {PLAIN}", STATISTICS, False, Reason.GRANTED),
        (f"counter=1; {PLAIN}", REFUSED, False, Reason.NOT_GRANTED),
        (f"counter=1; {PLAIN}", UNDECIDED, True, Reason.NOT_GRANTED),
        (f"colour_page=1; {PLAIN}", STATISTICS, False, Reason.NOT_GRANTED),
        (f"stranger=1; {PLAIN}", STATISTICS, False, Reason.UNDECLARED),
        (f"stranger=1; {PLAIN}", UNDECIDED, True, Reason.UNDECLARED),
        (f"count=1; {PLAIN}", STATISTICS, False, Reason.UNDECLARED),
        ("counter=1", STATISTICS, False, Reason.MENDED),
        ("counter=1", REFUSED, False, Reason.NOT_GRANTED),
        ("stranger=; Max-Age=0", REFUSED, False, Reason.DELETION),
        ("counter=; Max-Age=-1", UNDECIDED, True, Reason.DELETION),
        ("counter=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", UNDECIDED, True, Reason.DELETION),
    ],
)
def test_each_cookie_gets_its_verdict(line: str, decision: Decision, *, first: bool, reason: Reason) -> None:
    assert judge_cookie(cookie(line), REGISTRY, JudgementContext(decision, first_visit=first)).reason is reason


@pytest.mark.parametrize(
    "name", ["Counter", "counter ", "counter2", "ount", "colour", "xcolour_page", "COUNTER", "", "*"]
)
def test_a_name_that_resembles_a_declared_one_is_not_declared(name: str) -> None:
    everything = Decision(State.GRANTED, frozenset(PURPOSES))
    outgoing = OutgoingCookie(name, "1", None, True, False, "Lax", "/", "")
    verdict = judge_cookie(outgoing, REGISTRY, JudgementContext(everything, first_visit=False))
    assert verdict.reason is Reason.UNDECLARED


@pytest.mark.parametrize(
    ("key", "decision", "first", "reason"),
    [
        ("basket", REFUSED, False, Reason.NECESSARY),
        ("basket", UNDECIDED, True, Reason.FIRST_VISIT),
        ("count", STATISTICS, False, Reason.GRANTED),
        ("count", REFUSED, False, Reason.NOT_GRANTED),
        ("counter", STATISTICS, False, Reason.UNDECLARED),
    ],
)
def test_each_session_key_gets_its_verdict(key: str, decision: Decision, *, first: bool, reason: Reason) -> None:
    assert judge_session_key(key, REGISTRY, JudgementContext(decision, first_visit=first)).reason is reason


@pytest.mark.parametrize(
    ("keys", "decision", "first", "allowed"),
    [
        ({"basket", "used"}, REFUSED, False, {"basket", "used"}),
        ({"count", "used"}, STATISTICS, False, {"count", "used"}),
        ({"count", "used"}, REFUSED, False, set()),
        ({"stranger", "used"}, STATISTICS, False, set()),
        ({"basket", "used"}, UNDECIDED, True, set()),
        ({"used"}, STATISTICS, False, set()),
        (set(), STATISTICS, False, set()),
    ],
)
def test_an_auxiliary_session_key_goes_with_the_others(
    keys: set[str], decision: Decision, *, first: bool, allowed: set[str]
) -> None:
    verdicts = judge_session(keys, REGISTRY, JudgementContext(decision, first_visit=first))
    assert {verdict.name for verdict in verdicts} == keys
    assert {verdict.name for verdict in verdicts if verdict.allowed} == allowed


@pytest.mark.parametrize(
    ("replaces", "reasons"),
    [
        (False, {"basket": Reason.NECESSARY, "count": Reason.NOT_GRANTED, "used": Reason.NECESSARY}),
        (True, {"basket": Reason.REPLACES, "count": Reason.NOT_GRANTED, "used": Reason.REPLACES}),
    ],
)
def test_a_session_that_would_replace_another_keeps_nothing(*, replaces: bool, reasons: dict[str, Reason]) -> None:
    context = JudgementContext(REFUSED, first_visit=False)
    verdicts = judge_session(reasons, REGISTRY, context, replaces=replaces)
    assert {verdict.name: verdict.reason for verdict in verdicts} == reasons


def test_beside_an_auxiliary_key_each_other_one_keeps_its_own_reason() -> None:
    verdicts = judge_session(["count", "used", "stranger"], REGISTRY, JudgementContext(REFUSED, first_visit=False))
    assert {verdict.name: verdict.reason for verdict in verdicts} == {
        "count": Reason.NOT_GRANTED,
        "used": Reason.ALONE,
        "stranger": Reason.UNDECLARED,
    }


@pytest.mark.parametrize("state", [State.UNDECIDED, State.SIGNALLED])
def test_a_link_that_asks_for_something_is_no_mere_first_look(state: State) -> None:
    looks = partial(first_visit, Decision(state, NOTHING_OPTIONAL), safe_method=True, brought_a_declared_cookie=False)
    assert looks()
    assert not looks(asked_by_link=True)


@pytest.mark.parametrize(("keys", "asked"), [([], False), (["basket", "stranger"], False), (["basket", "reset"], True)])
def test_the_declarations_say_which_keys_a_link_asks_for(keys: list[str], *, asked: bool) -> None:
    registry = made_up_registry()
    registry.declare(
        SessionKeyDeclaration(
            name="reset", purpose=Purpose.NECESSARY, reason="r", ground="Asked for.", asked_by_link=True
        )
    )
    assert is_asked_by_link(keys, registry) is asked


def test_to_set_an_auxiliary_key_alone_is_no_defect() -> None:
    (verdict,) = judge_session(["used"], REGISTRY, JudgementContext(UNDECIDED, first_visit=True))
    assert (verdict.reason, verdict.is_defect) == (Reason.ALONE, False)


@pytest.mark.parametrize(
    ("reason", "allowed", "is_defect"),
    [
        (Reason.NECESSARY, True, False),
        (Reason.GRANTED, True, False),
        (Reason.DELETION, True, False),
        (Reason.MENDED, True, True),
        (Reason.UNDECLARED, False, True),
        (Reason.FIRST_VISIT, False, True),
        (Reason.NOT_GRANTED, False, False),
        (Reason.ALONE, False, False),
    ],
)
def test_every_reason_lets_through_or_stops_and_is_a_defect_or_not(
    reason: Reason, *, allowed: bool, is_defect: bool
) -> None:
    verdict = judge_cookie(cookie(f"tour=1; {PLAIN}"), REGISTRY, JudgementContext(REFUSED, first_visit=False))
    verdict = type(verdict)(verdict.kind, verdict.name, reason)
    assert (verdict.allowed, verdict.is_defect) == (allowed, is_defect)


@pytest.mark.parametrize(
    ("line", "purpose"),
    [
        (f"counter=1; {PLAIN}", Purpose.STATISTICS),
        ("counter=; Max-Age=0", Purpose.STATISTICS),
        ("counter=1", Purpose.STATISTICS),
        (f"tour=1; {PLAIN}", Purpose.NECESSARY),
        (f"stranger=1; {PLAIN}", None),
        ("stranger=; Max-Age=0", None),
    ],
)
def test_a_verdict_on_a_cookie_names_it_and_its_purpose(line: str, purpose: Purpose | None) -> None:
    verdict = judge_cookie(cookie(line), REGISTRY, JudgementContext(STATISTICS, first_visit=False))
    assert (verdict.kind, verdict.name, verdict.purpose) == ("cookie", line.partition("=")[0], purpose)


@pytest.mark.parametrize(("key", "purpose"), [("count", Purpose.STATISTICS), ("stranger", None)])
def test_a_verdict_on_a_session_key_names_it_and_its_purpose(key: str, purpose: Purpose | None) -> None:
    verdict = judge_session_key(key, REGISTRY, JudgementContext(STATISTICS, first_visit=False))
    assert (verdict.kind, verdict.name, verdict.purpose) == ("session key", key, purpose)


def test_a_verdict_says_what_and_why_without_a_value() -> None:
    context = JudgementContext(STATISTICS, first_visit=False)
    verdict = judge_cookie(cookie("counter=secret; Max-Age=999999; Path=/x"), REGISTRY, context)
    assert str(verdict) == (
        "cookie “counter” allowed: sent otherwise than declared (HttpOnly, SameSite, Path, lifetime)"
    )


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (f"x=1; {PLAIN}", ()),
        ("x=1; path=/; httponly; samesite=LAX", ()),
        ("x=1; Path=/; SameSite=Lax", ("HttpOnly",)),
        (f"x=1; {PLAIN}; Secure", ("Secure",)),
        ("x=1; Path=/; HttpOnly", ("SameSite",)),
        (f"x=1; {PLAIN}; SameSite=None", ("SameSite",)),
        ("x=1; HttpOnly; SameSite=Lax", ("Path",)),
        (f"x=1; {PLAIN}; Path=/books", ("Path",)),
        (f"x=1; {PLAIN}; Domain=library.example", ("Domain",)),
        (f"x=1; {PLAIN}; Max-Age=86400", ()),
        (f"x=1; {PLAIN}; Max-Age=86401", ("lifetime",)),
    ],
)
def test_an_attribute_that_is_not_as_declared_is_a_fault(line: str, faults: tuple[str, ...]) -> None:
    assert faults_of(cookie(line), COUNTER) == faults


SPELLINGS = ["xylophone.example", ".xylophone.example", "Xylophone.example"]


@pytest.mark.parametrize("sent", SPELLINGS)
@pytest.mark.parametrize("declared", SPELLINGS)
def test_a_domain_is_the_same_with_and_without_its_dot_and_in_any_case(sent: str, declared: str) -> None:
    declaration = CookieDeclaration(
        name="x", purpose=Purpose.NECESSARY, reason="r", ground="g", domain=declared, secure=False
    )
    assert faults_of(cookie(f"x=1; {PLAIN}; Domain={sent}"), declaration) == ()
    assert faults_of(cookie(f"x=1; {PLAIN}; Domain=other.{sent}"), declaration) == ("Domain",)


@pytest.mark.parametrize(
    ("lifetime", "declared", "longer"),
    [
        (None, None, False),
        (None, timedelta(1), False),
        (1.0, None, True),
        (86_400.0, timedelta(1), False),
        (86_400.5, timedelta(1), True),
        (float("inf"), timedelta(1), True),
    ],
)
def test_a_longer_life_than_declared_is_noticed(
    lifetime: float | None, declared: timedelta | None, *, longer: bool
) -> None:
    assert outlives(lifetime, declared) is longer


@pytest.mark.parametrize(
    ("state", "safe", "brought", "first"),
    [
        (State.UNDECIDED, True, False, True),
        (State.SIGNALLED, True, False, True),
        (State.UNDECIDED, False, False, False),
        (State.UNDECIDED, True, True, False),
        (State.REFUSED, True, False, False),
        (State.GRANTED, True, False, False),
        (State.STALE, True, False, False),
    ],
)
def test_a_first_visit_only_opens_a_page_and_brings_nothing(
    state: State, *, safe: bool, brought: bool, first: bool
) -> None:
    decision = Decision(state, NOTHING_OPTIONAL)
    assert first_visit(decision, safe_method=safe, brought_a_declared_cookie=brought) is first


@pytest.mark.parametrize(
    ("kind", "declaration"), [("cookie", "CookieDeclaration"), ("session key", "SessionKeyDeclaration")]
)
def test_whoever_forgot_a_declaration_is_told_the_lines_to_write(kind: Kind, declaration: str) -> None:
    advice = Verdict(kind, "cart", Reason.UNDECLARED).advice
    assert "module cookies.py of the app" in advice
    assert f"from consent_gate.api import {declaration}, Purpose, declare" in advice
    assert f'declare({declaration}(name="cart", purpose=' in advice
    assert "necessary, preferences, statistics, personalisation" in advice


@pytest.mark.parametrize("reason", Reason)
def test_every_defect_comes_with_an_advice_and_nothing_else_does(reason: Reason) -> None:
    verdict = Verdict("cookie", "cart", reason)
    assert bool(verdict.advice) == verdict.is_defect
