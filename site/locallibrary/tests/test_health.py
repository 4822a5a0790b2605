"""What `/healthz` tells machines."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from locallibrary.health import Availability, Health

pytestmark = pytest.mark.django_db


def test_healthz_tells_what_is_up_and_touches_no_session(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "up", "database": "up", "cache": "up"}
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_healthz_answers_over_http_where_visitors_are_sent_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/about/").status_code == 301


def test_without_a_database_a_node_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object) -> None:
        raise OperationalError("connection refused: postgres://user:hunter2@host")

    monkeypatch.setattr(connection, "cursor", refused)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert response.json()["database"] == "down"
    assert b"hunter2" not in response.content


def test_without_its_cache_a_node_goes_on(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "database": "up", "cache": "down"}


def test_a_database_that_only_reads_is_no_reason_to_send_visitors_away() -> None:
    assert Health(Availability.READ_ONLY, Availability.UP).status is Availability.DEGRADED
    assert Health(Availability.DOWN, Availability.UP).status is Availability.DOWN


def test_healthz_takes_no_forms(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
