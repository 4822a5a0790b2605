"""Where a site keeps its sessions."""

from consent_gate.gate.session_stores import StoreKind, store_kind


def test_a_store_of_another_package_is_not_taken_for_djangos() -> None:
    assert store_kind("django.contrib.sessions.backends.db") is StoreKind.DB
    assert store_kind("exact_sessions.cached_db") is StoreKind.CACHED_DB
    assert store_kind("elsewhere.db") is StoreKind.OTHER
    assert all(str(kind.meaning) for kind in StoreKind)
