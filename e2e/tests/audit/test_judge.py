"""What is wrong with each cookie and item, by what is known of it and what was answered."""

from typing import Any

import pytest

from cookie_audit.judge import judge
from cookie_audit.kinds import FindingKind
from cookie_audit.observation import ConsentState, KeptCookie, NotRun, OtherHost, ScriptWrite, StoredItem
from tests.audit.seen import (
    A_DAY,
    AN_HOUR,
    HOME,
    HOST,
    NO_DECLARATIONS,
    NOW,
    RULES,
    kept,
    seen,
    sent_cookie,
    set_cookie_line,
)

pytestmark = pytest.mark.promise("U8")


def kinds(*jar: KeptCookie, state: ConsentState = ConsentState.UNDECIDED, rules: Any = RULES, **more: Any) -> list[str]:
    """The kinds of what is wrong with all that was seen, each once."""
    things = judge(seen(state, *jar, **more), rules).things
    return sorted({kind.value for each in things for kind in each.kinds})


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("choice", ConsentState.UNDECIDED, []),
        ("choice", ConsentState.REFUSED, []),
        ("choice", ConsentState.GRANTED, []),
        ("visits_1", ConsentState.UNDECIDED, ["before-consent"]),
        ("visits_1", ConsentState.BLOCKED, ["before-consent"]),
        ("visits_1", ConsentState.NO_SCRIPTS, ["before-consent"]),
        ("visits_1", ConsentState.GPC, ["gpc-ignored"]),
        ("visits_1", ConsentState.REFUSED, ["refusal-ignored"]),
        ("visits_1", ConsentState.RETURNING, ["refusal-ignored"]),
        ("visits_1", ConsentState.WITHDRAWN, ["kept-after-withdrawal"]),
        ("visits_1", ConsentState.GRANTED, []),
        ("stray", ConsentState.UNDECIDED, ["before-consent", "undeclared"]),
        ("stray", ConsentState.GRANTED, ["undeclared"]),
    ],
)
def test_purpose_and_answer_decide_and_an_undeclared_cookie_never_passes(
    name: str, state: ConsentState, expected: list[str]
) -> None:
    [judged] = judge(seen(state, kept(name)), RULES).cookies
    assert sorted(kind.value for kind in judged.kinds) == expected
    assert all(why for _, why in judged.complaints)


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
    [judged] = judge(seen(ConsentState.GRANTED, kept("choice", **changes)), RULES).cookies
    assert judged.complaints == ((FindingKind.NOT_AS_DECLARED, reason),)


def test_a_shorter_life_than_declared_is_no_fault() -> None:
    assert kinds(kept("choice", expires=NOW + 60), state=ConsentState.GRANTED) == []


def test_all_complaints_are_named() -> None:
    assert kinds(kept("visits_1", secure=False), state=ConsentState.REFUSED) == ["not-as-declared", "refusal-ignored"]


def test_a_declared_name_does_not_excuse_a_cookie_of_another_host() -> None:
    assert kinds(kept("visits_1", domain="ads.example"), state=ConsentState.GRANTED) == ["undeclared"]
    assert kinds(kept("choice", domain="ads.example"), state=ConsentState.GRANTED) == ["not-necessary"]


def test_a_cookie_that_is_set_and_not_kept_is_judged_too_and_a_deletion_is_not() -> None:
    lines = tuple(set_cookie_line(line) for line in ("visits_1=1; Path=/", "stray=; Max-Age=0; Path=/"))
    [judged] = judge(seen(ConsentState.UNDECIDED, lines=lines), RULES).cookies
    assert (judged.name, judged.host, judged.path) == ("visits_1", HOST, "/")
    assert judged.kinds == (FindingKind.BEFORE_CONSENT,)
    assert judged.kept is None


def test_a_cookie_and_its_line_are_one() -> None:
    line = set_cookie_line("choice=1; Path=/")
    [judged] = judge(seen(ConsentState.GRANTED, kept("choice"), lines=(line,)), RULES).cookies
    assert judged.kept
    assert judged.line == line


def test_lines_that_differ_in_value_and_date_alone_are_of_one_kind() -> None:
    dated = set_cookie_line("a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT; Path=/")
    assert dated.kind == set_cookie_line("a=2; path=/").kind
    assert dated.kind != set_cookie_line("a=1; Path=/; Secure").kind


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ConsentState.REFUSED, "sent-after-refusal"),
        (ConsentState.RETURNING, "sent-after-refusal"),
        (ConsentState.WITHDRAWN, "sent-after-withdrawal"),
    ],
)
def test_what_goes_out_after_a_no_is_a_finding_of_its_own(state: ConsentState, expected: str) -> None:
    sent = (sent_cookie("visits_1"), sent_cookie("choice"))
    assert expected in kinds(kept("visits_1"), state=state, sent=sent)
    assert kinds(kept("choice"), state=state, sent=sent[1:]) == []
    assert expected in kinds(state=state, sent=(sent_cookie("_ga", "ads.example"),)), "not kept to the end"
    assert expected not in kinds(kept("visits_1"), state=state)


def test_another_store_is_held_to_the_same_rule_in_every_state() -> None:
    stored = (StoredItem("localStorage", "tracking-id", HOME),)
    found = {state: kinds(state=state, rules=NO_DECLARATIONS, stored=stored) for state in ConsentState}
    assert found[ConsentState.UNDECIDED] == ["store-before-consent"]
    assert found[ConsentState.REFUSED] == ["refusal-ignored"]
    assert found[ConsentState.WITHDRAWN] == ["kept-after-withdrawal"]
    assert found[ConsentState.GPC] == ["gpc-ignored"]
    assert found[ConsentState.GRANTED] == []
    assert kinds(state=ConsentState.GRANTED, stored=stored) == ["undeclared"]


@pytest.mark.parametrize(
    ("cookie", "line", "expected"),
    [
        (kept("a", expires=NOW + 400 * A_DAY), "", ["too-long"]),
        (kept("a", expires=NOW + 396 * A_DAY), "", []),
        (kept("a", expires=NOW + 30 * A_DAY), "a=1; Max-Age=63072000", ["too-long"]),
        (kept("a", expires=NOW + 30 * A_DAY), "a=1; Max-Age=2592000", []),
        (kept("a"), f"a=1; Max-Age={'9' * 400}", ["too-long"]),
    ],
)
def test_longer_than_13_months_is_too_long_by_the_jar_or_by_who_asked(
    cookie: KeptCookie, line: str, expected: list[str]
) -> None:
    writes = (ScriptWrite("document.cookie", "a", line, "", HOME, HOME),) if line else ()
    assert kinds(cookie, state=ConsentState.GRANTED, rules=NO_DECLARATIONS, writes=writes) == expected


@pytest.mark.parametrize(
    ("declared_as", "told", "expected"),
    [
        ("_ga", (), ["not-necessary"]),
        ("choice", ("https://ads.example/p?id=a1b2c3d4e5f6",), ["not-necessary"]),
        ("choice", ("https://cdn.site.example/p?id=a1b2c3d4e5f6",), []),
        ("choice", ("https://ads.example/p?id=another",), []),
    ],
)
def test_necessary_is_not_what_a_tracker_is_named_or_told(
    declared_as: str, told: tuple[str, ...], expected: list[str]
) -> None:
    rules = RULES
    if declared_as == "_ga":
        cookies = tuple(each if each.name != "choice" else _renamed(each, "_ga") for each in RULES.declared.cookies)
        rules = _with_cookies(cookies)
    hosts = tuple(OtherHost(url.split("/")[2], HOME, url, told=(url,)) for url in told)
    cookie = kept(declared_as, value="a1b2c3d4e5f6")
    assert kinds(cookie, state=ConsentState.GRANTED, rules=rules, other_hosts=hosts) == expected


def test_what_came_back_after_its_deletion_is_named() -> None:
    assert kinds(kept("a"), state=ConsentState.DELETED, rules=NO_DECLARATIONS, revived=("a",)) == ["revived"]


def test_a_state_that_was_not_run_has_no_verdicts() -> None:
    assert judge(NotRun(ConsentState.GRANTED, "no banner"), RULES).things == ()


def _renamed(cookie: Any, name: str) -> Any:
    return type(cookie)(**{**vars(cookie), "name": name})


def _with_cookies(cookies: tuple[Any, ...]) -> Any:
    return type(RULES)(HOST, type(RULES.declared)(cookies, {}), has_declarations=True, known=RULES.known)
