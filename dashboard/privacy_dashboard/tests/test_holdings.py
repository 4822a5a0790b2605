"""The table of everything that is kept: each thing in its group, and none lost from the numbers."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from consent_gate.api import PURPOSES, Purpose
from privacy_dashboard.browser_cookies import CookieState
from privacy_dashboard.expiries import UNKNOWN, WHEN_DELETED
from privacy_dashboard.holdings import Group, Holding, Kind, Side, grouped

NEW = Purpose("user", "Yours", "A purpose that a site added, with a name like that of a kind.")


def cookie(purpose: Purpose | None, state: CookieState = CookieState.IN_ORDER) -> Holding:
    return Holding(Kind.COOKIE, Side.BROWSER, "a", purpose, "", UNKNOWN, state=state)


USER = Holding(Kind.USER, Side.SERVER, "jorge", None, "", WHEN_DELETED)


def names(groups: list[Group]) -> list[str]:
    return [group.name for group in groups]


def test_groups_come_by_purpose_then_the_undeclared_and_the_user_last() -> None:
    kept = [USER, cookie(None), cookie(NEW), cookie(Purpose.NECESSARY)]
    assert names(grouped(kept, {}, [*PURPOSES, NEW])) == ["necessary", "user", "undeclared", "your-account"]


def test_a_group_counts_what_is_not_shown() -> None:
    numbers: dict[tuple[Kind, Purpose | None], int] = {(Kind.COOKIE, None): 70, (Kind.KEY, None): 3}
    [group] = grouped([cookie(None)] * 50, numbers, PURPOSES)
    assert (group.cookies_left_out, group.keys_left_out) == (20, 3)


@pytest.mark.parametrize("kind", [Kind.COOKIE, Kind.KEY])
def test_a_group_of_which_nothing_is_shown_is_named_all_the_same(kind: Kind) -> None:
    assert names(grouped([], {(kind, Purpose.STATISTICS): 1}, PURPOSES)) == ["statistics"]


def test_a_value_can_be_asked_for_of_cookies_and_keys_alone() -> None:
    assert replace(cookie(None), thing=SimpleNamespace(name="a")).reveal == "cookie:a"
    assert replace(USER, kind=Kind.RECEIPT).reveal == USER.reveal == ""


def test_only_what_is_not_in_order_stands_out() -> None:
    assert [cookie(None, state).stands_out for state in CookieState] == [False, True, True]
