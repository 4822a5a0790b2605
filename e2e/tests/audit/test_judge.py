"""The word on each cookie, by what is declared and what was answered."""

from dataclasses import replace
from typing import Any

import pytest

from cookie_audit.judge import CookieVerdict, judge, worst
from cookie_audit.observation import ConsentState, NotRun, StoredItem
from tests.audit.seen import AN_HOUR, DECLARED, HOME, HOST, NOW, kept, seen, set_cookie_line

pytestmark = pytest.mark.promise("U8")

ALLOWED, UNDECLARED, WITHOUT_CONSENT, NOT_AS_DECLARED = (
    CookieVerdict.ALLOWED,
    CookieVerdict.UNDECLARED,
    CookieVerdict.WITHOUT_CONSENT,
    CookieVerdict.NOT_AS_DECLARED,
)


@pytest.mark.parametrize(
    ("name", "state", "verdict"),
    [
        ("choice", ConsentState.UNDECIDED, ALLOWED),
        ("choice", ConsentState.REFUSED, ALLOWED),
        ("choice", ConsentState.GRANTED, ALLOWED),
        ("visits_1", ConsentState.UNDECIDED, WITHOUT_CONSENT),
        ("visits_1", ConsentState.REFUSED, WITHOUT_CONSENT),
        ("visits_1", ConsentState.WITHDRAWN, WITHOUT_CONSENT),
        ("visits_1", ConsentState.GRANTED, ALLOWED),
        ("stray", ConsentState.UNDECIDED, UNDECLARED),
        ("stray", ConsentState.GRANTED, UNDECLARED),
    ],
)
def test_purpose_and_answer_decide_and_an_undeclared_cookie_never_passes(
    name: str, state: ConsentState, verdict: CookieVerdict
) -> None:
    [judged] = judge(seen(state, kept(name)), DECLARED, HOST).cookies
    assert judged.verdict is verdict
    assert bool(judged.reasons) is (verdict is not ALLOWED)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"http_only": False}, "http_only is False"),
        ({"secure": False}, "secure is False"),
        ({"path": "/shop"}, "path is /shop"),
        ({"same_site": "None"}, "SameSite is None, not Lax"),
        ({"domain": f".{HOST}"}, f"Domain is {HOST}, not None"),
        ({"expires": NOW + 10 * AN_HOUR}, "lives 10 hours, not 60 minutes"),
    ],
)
def test_a_cookie_that_is_kept_otherwise_than_declared_is_named_with_the_difference(
    changes: dict[str, Any], reason: str
) -> None:
    [judged] = judge(seen(ConsentState.GRANTED, kept("choice", **changes)), DECLARED, HOST).cookies
    assert judged.verdict is NOT_AS_DECLARED
    assert judged.reasons == (reason,)


def test_a_shorter_life_than_declared_is_no_fault() -> None:
    [judged] = judge(seen(ConsentState.GRANTED, kept("choice", expires=NOW + 60)), DECLARED, HOST).cookies
    assert judged.verdict is ALLOWED


def test_the_worst_complaint_gives_the_verdict_and_all_are_named() -> None:
    [judged] = judge(seen(ConsentState.REFUSED, kept("visits_1", secure=False)), DECLARED, HOST).cookies
    assert judged.verdict is WITHOUT_CONSENT
    assert judged.reasons == (
        "its purpose is statistics, which is not granted",
        "secure is False",
    )


def test_a_declared_name_does_not_excuse_a_cookie_of_another_host() -> None:
    [judged] = judge(seen(ConsentState.GRANTED, kept("choice", domain="ads.example")), DECLARED, HOST).cookies
    assert judged.verdict is UNDECLARED


def test_a_cookie_that_is_set_and_not_kept_is_judged_too_and_a_deletion_is_not() -> None:
    lines = tuple(set_cookie_line(line) for line in ("visits_1=1; Path=/", "stray=; Max-Age=0; Path=/"))
    [judged] = judge(seen(ConsentState.UNDECIDED, lines=lines), DECLARED, HOST).cookies
    assert (judged.name, judged.domain, judged.path) == ("visits_1", HOST, "/")
    assert judged.verdict is WITHOUT_CONSENT
    assert judged.kept is None


def test_a_cookie_and_its_line_are_one() -> None:
    line = set_cookie_line("choice=1; Path=/")
    [judged] = judge(seen(ConsentState.GRANTED, kept("choice"), lines=(line,)), DECLARED, HOST).cookies
    assert judged.kept
    assert judged.line == line


def test_lines_that_differ_in_value_and_date_alone_are_of_one_kind() -> None:
    dated = set_cookie_line("a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT; Path=/")
    assert dated.kind == set_cookie_line("a=2; path=/").kind
    assert dated.kind != set_cookie_line("a=1; Path=/; Secure").kind


def test_what_lies_in_another_store_is_a_finding_in_every_state() -> None:
    observation = replace(seen(ConsentState.GRANTED), stored=(StoredItem("localStorage", "tracking-id", HOME),))
    [finding] = judge(observation, DECLARED, HOST).findings("chromium")
    assert finding.sentence == f"localStorage tracking-id: undeclared; first on {HOME}"


def test_a_clean_state_and_one_that_was_not_run_have_no_finding() -> None:
    assert (
        judge(seen(ConsentState.GRANTED, kept("choice"), kept("visits_1")), DECLARED, HOST).findings("chromium") == ()
    )
    assert judge(NotRun(ConsentState.GRANTED, "no banner"), DECLARED, HOST).findings("chromium") == ()


def test_undeclared_is_the_worst_verdict() -> None:
    assert worst([ALLOWED, NOT_AS_DECLARED, UNDECLARED, WITHOUT_CONSENT]) is UNDECLARED
