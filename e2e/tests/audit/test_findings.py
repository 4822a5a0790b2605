"""What is put together from all states: hosts, purposes, the banner, and how a thing's necessity is known."""

from dataclasses import replace

import pytest

from cookie_audit.findings import judged_site
from cookie_audit.known import known
from cookie_audit.necessity import answers_in, holds_identifier
from cookie_audit.observation import (
    BannerSeen,
    Box,
    ConsentState,
    KeptCookie,
    Observation,
    OpenedPage,
    OtherHost,
    ScriptWrite,
    StoredItem,
    Withdrawal,
)
from cookie_audit.parties import same_party
from cookie_audit.visits import revived
from tests.audit.seen import A_DAY, DECLARED, HOME, HOST, NO_DECLARATIONS, NOW, kept, kinds_in, seen, site_seen

pytestmark = pytest.mark.promise("U8")

AN_ID = "3f9c2a7be1d04856"


def found(*states: Observation, **more: object) -> list[tuple[str, str]]:
    return kinds_in(judged_site(site_seen(*states, **more), None, "chromium"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www.site.example", "cdn.site.example", True),
        ("site.example", "other.example", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "localhost", False),
        ("a.localhost", "b.localhost", False),
        ("shop.co.uk", "ads.co.uk", False),
        ("www.shop.co.uk", "shop.co.uk", True),
        ("[::1]", "::1", True),
    ],
)
def test_two_hosts_are_of_one_party_by_the_name_that_is_registered(one: str, other: str, same: bool) -> None:
    assert same_party(one, other) is same


@pytest.mark.parametrize(
    ("cookie", "needs_consent"),
    [
        (kept("sessionid", value="a" * 32), False),
        (kept("sessionid", value="a" * 32, expires=NOW + 14 * A_DAY), False),
        (kept("sessionid", value="a" * 32, expires=NOW + 300 * A_DAY), True),
        (kept("sessionid", value="GA1.2.3"), True),
        (kept("sessionid", value="a" * 32, domain="ads.example"), True),
        (kept("csrftoken", value="b" * 64, expires=NOW + 364 * A_DAY), False),
        (kept("PHPSESSID", value="q1w2e3r4t5y6u7i8o9p0a1s2d3"), False),
        (kept("cookieconsent_status", value="deny"), False),
        (kept("my_cookie_choice", value="no"), False),
        (kept("my_cookie_choice", value=AN_ID), True),
        (kept("_ga", value="GA1.1.123456789.987654321"), True),
        (kept("anything", value="1"), True),
    ],
)
def test_necessity_is_known_by_name_shape_life_and_host_and_else_by_rule(
    cookie: KeptCookie, needs_consent: bool
) -> None:
    jar = cookie.cookie
    known_of_it = NO_DECLARATIONS.of(("cookie", jar.name), jar.domain, jar.value, jar.lives_for(NOW))
    assert known_of_it.needs_consent is needs_consent
    assert known_of_it.ground


def test_each_known_name_says_what_it_is_and_by_which_source() -> None:
    sources = [each.source for each in known().necessary] + [each.source for each in known().cookies + known().hosts]
    assert [each for each in sources if not each.startswith("https://")] == []
    assert known().tracking_host("www.google-analytics.com")
    assert known().tracking_host("google-analytics.com.example") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("yes", False),
        ("statistics:1|marketing:0", False),
        ("2026-11-30T12:00:00Z", False),
        ("1796040000", False),
        ('{"analytics":true,"v":2}', False),
        (AN_ID, True),
        ("b9d2c1de-8f0e-4b6e-9d3a-0d8f8f2f2c11", True),
        ("GA1.1.123456789.987654321", True),
    ],
)
def test_an_identifier_is_told_from_an_answer(value: str, expected: bool) -> None:
    assert holds_identifier(value) is expected


def test_what_tells_a_yes_from_a_no_and_knows_nobody_keeps_the_answer() -> None:
    yes = seen(ConsentState.GRANTED, kept("banner", value="all"), kept("id", value=AN_ID), kept("same"))
    no = seen(ConsentState.REFUSED, kept("banner", value="none"), kept("id", value=AN_ID[::-1]), kept("same"))
    assert answers_in((seen(), yes, no)) == {("cookie", "banner")}
    assert answers_in((seen(ConsentState.UNDECIDED, kept("banner", value="?")), yes, no)) == set()
    assert ("refusal-ignored", "banner") not in found(seen(), yes, no)


def test_another_host_is_a_finding_by_a_cookie_or_as_a_tracker_and_else_a_note() -> None:
    hosts = (
        OtherHost("fonts.example:8443", HOME, "https://fonts.example/a.woff2"),
        OtherHost("ads.example", HOME, "https://ads.example/p", sets=("id",)),
        OtherHost("more-ads.example", HOME, "https://more-ads.example/p", carried=("id",)),
        OtherHost("www.google-analytics.com", HOME, "https://www.google-analytics.com/g/collect"),
        OtherHost(f"cdn.{HOST}", HOME, f"https://cdn.{HOST}/a.js", sets=("id",)),
    )
    judged = judged_site(site_seen(seen(other_hosts=hosts)), None, "chromium")
    assert kinds_in(judged) == [
        ("other-host-before-consent", "ads.example"),
        ("other-host-before-consent", "more-ads.example"),
        ("other-host-before-consent", "www.google-analytics.com"),
    ]
    assert [note for note in judged.notes if "fonts.example:8443" in note]
    assert found(seen(ConsentState.GRANTED, other_hosts=hosts)) == []


def alone(label: str, *jar: KeptCookie) -> Observation:
    return seen(ConsentState.ONE_PURPOSE, *jar, purpose=label)


def test_another_purposes_cookie_is_found_by_declaration_name_or_comparison() -> None:
    both = (alone("Statistics", kept("a"), kept("_fbp")), alone("Marketing", kept("a"), kept("_fbp")))
    assert found(*both) == [("purpose-ignored", "_fbp"), ("purpose-ignored", "a"), ("purpose-ignored", "a")]
    apart = (alone("Statistik", kept("a")), alone("Werbung", kept("_fbp")))
    assert found(*apart) == []
    declared = judged_site(site_seen(alone("Marketing", kept("visits_1"))), DECLARED, "chromium")
    assert kinds_in(declared) == [("purpose-ignored", "visits_1")]
    assert found(seen(ConsentState.UNDECIDED, kept("a")), alone("One", kept("a")), alone("Two", kept("a"))) == [
        ("before-consent", "a")
    ]


@pytest.mark.parametrize(
    ("banner", "expected"),
    [
        (BannerSeen(1, 1), []),
        (BannerSeen(1, 2), ["refusal-harder"]),
        (BannerSeen(1, None), ["refusal-harder"]),
        (BannerSeen(None, None), []),
        (BannerSeen(1, 1, (Box("Statistics", checked=True, locked=False),)), ["preticked"]),
        (BannerSeen(1, 1, (Box("Legitimate interest", checked=True, locked=False),)), ["preticked"]),
        (BannerSeen(1, 1, (Box("Strictly necessary", checked=True, locked=True),)), []),
        (BannerSeen(1, 1, (Box("Strictly necessary", checked=True, locked=False),)), []),
        (BannerSeen(1, 1, covers="a layer lies over it"), ["wall"]),
    ],
)
def test_the_banner_is_judged_by_clicks_boxes_and_what_it_covers(banner: BannerSeen, expected: list[str]) -> None:
    assert found(seen(), banner=banner) == [(kind, "") for kind in expected]


@pytest.mark.parametrize(
    ("before", "walled"),
    [({"Shop"}, True), ({"Shop", "We use cookies."}, True), ({"Shop", "A long text about lighthouses. " * 4}, False)],
)
def test_a_page_that_says_most_after_a_yes_alone_is_a_wall(before: set[str], walled: bool) -> None:
    text = frozenset({"Shop", "A long text about lighthouses. " * 4})
    states = (
        seen(pages=(OpenedPage(HOME, 200, lines=frozenset(before)),)),
        seen(ConsentState.GRANTED, pages=(OpenedPage(HOME, 200, lines=text),)),
    )
    assert (("wall", "") in found(*states, banner=BannerSeen(1, 1))) is walled


def test_a_yes_that_nobody_can_take_back_is_a_finding_with_what_was_tried() -> None:
    judged = judged_site(
        site_seen(seen(), withdrawal=Withdrawal(found=False, tried=("the link “Cookies”",))), None, "x"
    )
    assert kinds_in(judged) == [("no-withdrawal", "")]
    assert "“Cookies”" in judged.findings[0].sentence
    assert found(seen(), withdrawal=Withdrawal(found=True)) == []


def test_what_the_banner_lists_as_necessary_is_held_to_it() -> None:
    locked = Box("Necessary", checked=True, locked=True, text="Necessary: _ga, PHPSESSID")
    judged = found(seen(ConsentState.UNDECIDED, kept("_ga")), banner=BannerSeen(1, 1, (locked,)))
    assert judged == [("before-consent", "_ga"), ("not-necessary", "_ga")]


def test_who_set_it_is_the_script_with_its_line_or_the_response() -> None:
    writes = (
        ScriptWrite("document.cookie", "a", "a=1", f"{HOME}app.js:3:14", HOME, HOME),
        ScriptWrite("localStorage", "k", "", f"{HOME}app.js:4:1", HOME, HOME),
    )
    stored = (StoredItem("localStorage", "k", HOME),)
    judged = judged_site(site_seen(seen(ConsentState.UNDECIDED, kept("a"), writes=writes, stored=stored)), None, "x")
    assert [each.by for each in judged.findings] == [f"{HOME}app.js:3:14", f"{HOME}app.js:4:1"]


def test_a_finding_that_no_answer_changes_is_said_once() -> None:
    long = kept("sessionid", value="a" * 32, expires=NOW + 399 * A_DAY)
    states = tuple(seen(state, long) for state in (ConsentState.GRANTED, ConsentState.DELETED))
    assert found(*states) == [("too-long", "sessionid")]


def test_only_a_value_that_nobody_else_has_counts_as_revived() -> None:
    mine, constant = kept("id", value=AN_ID), kept("version", value="release-2026")
    theirs = (replace(mine, cookie=replace(mine.cookie, value=AN_ID[::-1])), constant)
    assert revived((mine, constant), (mine, constant), theirs) == ("id",)
    assert revived((mine,), (kept("id", value="another-one"),), theirs) == ()
    assert revived((mine,), (mine,), ()) == (), "nobody to compare with"
