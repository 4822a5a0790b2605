"""Where a site keeps its sessions."""

from consent_gate.gate.session_stores import StoreKind, store_kind


def test_a_store_of_another_package_is_not_taken_for_djangos() -> None:
    assert store_kind("django.contrib.sessions.backends.db") is StoreKind.DB
    assert store_kind("exact_sessions.cached_db") is StoreKind.CACHED_DB
    assert store_kind("elsewhere.db") is StoreKind.OTHER
    names = ("db", "cached_db", "cache", "file", "signed_cookies")
    assert [store_kind(f"django.contrib.sessions.backends.{name}") for name in names] == list(StoreKind)[:-1]
    assert all(str(kind.meaning) for kind in StoreKind)


def test_signed_cookies_alone_leave_everything_with_the_browser() -> None:
    assert [kind for kind in StoreKind if not kind.is_on_the_server] == [StoreKind.SIGNED_COOKIES]
