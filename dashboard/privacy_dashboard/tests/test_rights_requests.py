"""Traces of rights: none for nobody, and no number of them that grows without end."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consent_gate.api import CHOICE, SESSION, Purpose
from privacy_dashboard.models import Right, RightsRequest
from privacy_dashboard.rights_requests import KEPT_FOR, MOST_OF_A_DAY
from privacy_dashboard.tests.conftest import EACH_ENGINE

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("address", ["/privacy/export/", "/privacy/erase/"])
def test_two_hundred_requests_of_nobody_leave_no_row(address: str) -> None:
    for number in range(200):
        made_up = f"{SESSION.name}={number:032}; {CHOICE.name}=v1.{number}; stray=1"
        answer = Client().post(address, headers={"cookie": made_up, **FROM_HERE})
        assert answer.status_code in {200, 302}
    assert not RightsRequest.objects.exists()


def test_an_export_without_a_trace_says_so(client: Client) -> None:
    assert client.post("/privacy/export/", headers=FROM_HERE).json()["trace"] is None


@EACH_ENGINE
def test_whoever_brings_back_a_session_leaves_a_trace(visitor: Client, engine: str) -> None:
    del visitor.cookies[CHOICE.name]
    visitor.cookies.pop("visits", None)
    trace = visitor.post("/privacy/export/", headers=FROM_HERE).json()["trace"]
    assert str(RightsRequest.objects.get().pk) == trace


def test_whoever_brings_back_a_choice_leaves_a_trace(client: Client, grant: Callable[..., None]) -> None:
    grant(client, Purpose.PREFERENCES)
    assert client.post("/privacy/export/", headers=FROM_HERE).json()["trace"] == str(RightsRequest.objects.get().pk)


def test_a_trace_reads_as_its_right_its_time_and_its_number() -> None:
    trace = RightsRequest.objects.create(right=Right.EXPORT)
    assert str(trace) == f"{Right.EXPORT} {trace.at:%Y-%m-%d %H:%M} {trace.pk}"


def made(number: int, age: timedelta) -> None:
    RightsRequest.objects.bulk_create(RightsRequest(right=Right.EXPORT) for _ in range(number))
    moment = timezone.now() - age
    fresh = RightsRequest.objects.filter(at__gte=timezone.now() - timedelta(minutes=1)).order_by("pk")
    for i, each in enumerate(fresh):
        each.at = moment + timedelta(microseconds=i)
    RightsRequest.objects.bulk_update(fresh, ["at"], batch_size=500)


def test_traces_are_pruned_after_a_year() -> None:
    made(1, KEPT_FOR + timedelta(hours=1))
    made(1, KEPT_FOR - timedelta(hours=1))
    said = StringIO()
    call_command("prune_rights_requests", stdout=said)
    assert said.getvalue() == "Deleted 1 traces of rights.\n"
    assert RightsRequest.objects.count() == 1


def test_of_one_day_no_more_traces_are_kept_than_visitors_leave() -> None:
    made(3, timedelta(days=40))
    made(MOST_OF_A_DAY + 5, timedelta(days=30))
    call_command("prune_rights_requests", stdout=StringIO())
    assert RightsRequest.objects.count() == 3 + MOST_OF_A_DAY
    call_command("prune_rights_requests", stdout=StringIO())
    assert RightsRequest.objects.count() == 3 + MOST_OF_A_DAY
