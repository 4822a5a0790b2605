"""Whatever a response deletes, its headers pass a proxy that takes no more than nginx takes unless told otherwise.

nginx answers with 502 in place of a response with more (`proxy_buffer_size`): nobody could withdraw behind it.
"""

from collections.abc import Callable

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from consent_gate.api import OPTIONAL_PURPOSES, Purpose, registry

pytestmark = pytest.mark.django_db

MOST = 4_096
SERVERS_OWN = len(
    "HTTP/1.1 302 Found\r\nServer: gunicorn\r\nDate: Tue, 24 Nov 2026 18:40:25 GMT\r\nConnection: keep-alive\r\n"
    "Transfer-Encoding: chunked\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n\r\n"
)
HOST = "books.library.example.org"
LONG_ADDRESS = "/books/?q=" + "é" * 160
FROM_HERE = {"host": HOST, "origin": f"http://{HOST}"}


def header_bytes(response: HttpResponseBase) -> int:
    lines = [morsel.output() for morsel in response.cookies.values()]
    return SERVERS_OWN + len(response.serialize_headers()) + sum(len(line) + len("\r\n") for line in lines)


@pytest.fixture
def reader(client: Client, grant: Callable[..., None], settings: Settings) -> Client:
    """Somebody signed in who allowed everything, and whose browser holds every cookie that there is."""
    settings.ALLOWED_HOSTS = [HOST]
    grant(client, *OPTIONAL_PURPOSES)
    client.force_login(User.objects.create_user("reader"))
    client.get("/", headers=FROM_HERE)
    for cookie in registry.cookies:
        if cookie.purpose is not Purpose.NECESSARY:
            client.cookies[cookie.name] = "1"
    return client


@pytest.mark.parametrize("page", ["/", "/books/1/", LONG_ADDRESS])
def test_the_headers_of_a_withdrawal_fit_a_proxy(reader: Client, page: str) -> None:
    answer = reader.post("/cookies/choice/", {"answer": "refuse", "next": page, "fragment": "1"}, headers=FROM_HERE)
    assert answer.status_code == 302
    assert header_bytes(answer) <= MOST


def test_the_headers_of_erasing_everything_fit_a_proxy(reader: Client) -> None:
    answer = reader.post("/privacy/erase/", headers=FROM_HERE)
    assert answer.status_code == 302
    assert header_bytes(answer) <= MOST


@pytest.mark.parametrize("page", ["/", "/books/1/", "/cookies/choice/kept/", "/a/b/c/d/e/f/g/h/i"])
def test_the_headers_that_delete_unconsented_cookies_fit_a_proxy(reader: Client, page: str) -> None:
    del reader.cookies["__Host-cookie_choice"]
    answer = reader.get(page, headers=FROM_HERE)
    assert answer.cookies, "it deletes"
    assert header_bytes(answer) <= MOST
