"""A request that is under way while consent is withdrawn brings nothing back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from accounts.models import User
from consent.declarations import OPTIONAL_PURPOSES
from locallibrary.urls import handler400, handler500
from locallibrary.urls import urlpatterns as own_addresses

__all__ = ["handler400", "handler500"]

reading, withdrawn = Event(), Event()


def slow_counter(request: HttpRequest) -> HttpResponse:
    """Read the session, wait until consent was withdrawn, and count."""
    before = request.session.get("num_visits", 0)
    reading.set()
    assert withdrawn.wait(20)
    request.session["num_visits"] = before + 1
    return HttpResponse("counted")


urlpatterns = [path("slow/", slow_counter), *own_addresses]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("engine", ["db", "cached_db", "cache", "file"])
def test_what_was_under_way_during_a_withdrawal_saves_nothing(
    client: Client, grant: Callable[..., None], settings: Settings, engine: str, *, signed_in: bool
) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    settings.ROOT_URLCONF = __name__
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    reading.clear()
    withdrawn.clear()
    grant(client, *OPTIONAL_PURPOSES)
    if signed_in:
        client.force_login(User.objects.create_user("reader"))
    client.get("/")
    old_key = client.cookies["sessionid"].value
    late = Client()
    late.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
    with ThreadPoolExecutor(1) as other:
        pending = other.submit(late.get, "/slow/")
        assert reading.wait(20)
        client.post("/cookies/choice/", {"answer": "refuse"}, headers={"sec-fetch-site": "same-origin"})
        withdrawn.set()
        response = pending.result(20)
    assert response.status_code == 400, "its session is gone"
    assert "sessionid" not in {name for name, cookie in response.cookies.items() if cookie.value}
    assert not client.session.exists(old_key)
    assert "num_visits" not in client.session
    assert ("_auth_user_id" in client.session) is signed_in
    # And whatever cookie it still carried would be hidden and deleted by the next page.
    client.cookies["visits"] = "7"
    assert client.get("/about/").context["counters"].in_cookies is None
