"""A request that is under way while consent is withdrawn, or everything is erased, brings nothing back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import path
from pytest_django import Settings

from accounts.models import User
from consent_gate.api import OPTIONAL_PURPOSES
from locallibrary.urls import handler400, handler500
from locallibrary.urls import urlpatterns as own_addresses

__all__ = ["handler400", "handler500"]

ENGINES = [f"django.contrib.sessions.backends.{name}" for name in ("db", "cached_db", "cache", "file")]
ENGINES += ["exact_sessions.db", "exact_sessions.cached_db"]
reading, changed = Event(), Event()


def slow_counter(request: HttpRequest) -> HttpResponse:
    """Read the session, wait until the other form was answered, and count."""
    before = request.session.get("num_visits", 0)
    reading.set()
    assert changed.wait(20)
    request.session["num_visits"] = before + 1
    return HttpResponse("counted")


urlpatterns = [path("slow/", slow_counter), *own_addresses]


@dataclass(frozen=True)
class InFlight:
    """A visitor, the id their session had, and the answer to a request that was under way while they sent a form."""

    client: Client
    old_key: str
    late_response: HttpResponseBase


@pytest.fixture
def send_while_another_is_under_way(
    client: Client, grant: Callable[..., None], settings: Settings
) -> Callable[..., InFlight]:
    def send(address: str, form: dict[str, str], *, engine: str, signed_in: bool) -> InFlight:
        settings.SESSION_ENGINE = engine
        settings.ROOT_URLCONF = __name__
        settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
        reading.clear()
        changed.clear()
        grant(client, *OPTIONAL_PURPOSES)
        if signed_in:
            client.force_login(User.objects.create_user("reader"))
        client.get("/")
        old_key = client.cookies["__Host-sessionid"].value
        late = Client()
        late.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
        with ThreadPoolExecutor(1) as other:
            pending = other.submit(late.get, "/slow/")
            assert reading.wait(20)
            client.post(address, form, headers={"sec-fetch-site": "same-origin"})
            changed.set()
            return InFlight(client, old_key, pending.result(20))

    return send


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_under_way_during_a_withdrawal_saves_nothing(
    send_while_another_is_under_way: Callable[..., InFlight], engine: str, *, signed_in: bool
) -> None:
    after = send_while_another_is_under_way(
        "/cookies/choice/", {"answer": "refuse"}, engine=engine, signed_in=signed_in
    )
    assert_nothing_was_saved(after)
    assert "num_visits" not in after.client.session
    assert ("_auth_user_id" in after.client.session) is signed_in
    # And whatever cookie it still carried would be hidden and deleted by the next page.
    after.client.cookies["visits"] = "7"
    assert after.client.get("/about/").context["counters"].in_cookies is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_under_way_during_an_erasure_saves_nothing(
    send_while_another_is_under_way: Callable[..., InFlight], engine: str
) -> None:
    after = send_while_another_is_under_way("/privacy/erase/", {}, engine=engine, signed_in=True)
    assert_nothing_was_saved(after)


def assert_nothing_was_saved(after: InFlight) -> None:
    assert after.late_response.status_code == 400, "its session is gone"
    assert "__Host-sessionid" not in {name for name, cookie in after.late_response.cookies.items() if cookie.value}
    assert not after.client.session.exists(after.old_key)
