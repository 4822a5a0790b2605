"""Where a site keeps its sessions."""

import pytest

from consent_gate.gate.session_stores import StoreKind, store_kind


def test_a_store_of_another_package_is_not_taken_for_djangos() -> None:
    assert store_kind("django.contrib.sessions.backends.db") is StoreKind.DB
    assert store_kind("elsewhere.db") is StoreKind.OTHER
    names = ("db", "cached_db", "cache", "file", "signed_cookies")
    assert [store_kind(f"django.contrib.sessions.backends.{name}") for name in names] == list(StoreKind)[:-1]
    assert all(str(kind.meaning) for kind in StoreKind)


@pytest.mark.parametrize(
    ("engine", "kind"),
    [("db", "db"), ("cached_db", "cached_db"), ("from_django", "db"), ("to_django", "db"), ("other", "other")],
)
def test_exact_sessions_lie_where_djangos_do(engine: str, kind: str) -> None:
    assert store_kind(f"exact_sessions.{engine}") == kind


def test_signed_cookies_alone_leave_everything_with_the_browser() -> None:
    assert [kind for kind in StoreKind if not kind.is_on_the_server] == [StoreKind.SIGNED_COOKIES]
