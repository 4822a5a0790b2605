"""What every response carries, and which are compressed, by the production settings."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.utils.cache import add_never_cache_headers
from pytest_django import Settings

from accounts.models import User
from consent_gate.api import OPTIONAL_PURPOSES
from locallibrary.middleware import UNUSED_FEATURES, CompressionMiddleware

ASSET = "site.css"
TAKES_GZIP = {"accept-encoding": "gzip, deflate, br"}
FROM_HERE = {"sec-fetch-site": "same-origin"}
LONG = "a page's words " * 100


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Client:
    """With one collected asset."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / ASSET).write_text("a {}", encoding="utf-8")
    return Client(raise_request_exception=False)


@pytest.fixture
def reader(client: Client, grant: Callable[..., None]) -> Client:
    """Signed in, with everything allowed."""
    grant(client, *OPTIONAL_PURPOSES)
    client.force_login(User.objects.create_user("reader"))
    return client


def broken(_asset: str) -> str:
    raise RuntimeError


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/cookies.json", 200),
        ("/favicon.ico", 302),
        ("/admin/", 302),
        ("/nowhere/", 404),
        ("/cookies/receipt.json", 404),
        ("/cookies/choice/", 405),
        (f"/static/{ASSET}", 200),
        ("/static/nothing.css", 404),
        ("/privacy/export/", 405),
    ],
)
def test_every_kind_of_response_denies_unused_features_and_other_sites(client: Client, path: str, status: int) -> None:
    with closing(client.get(path)) as response:
        assert_closed(response, status)


@pytest.mark.django_db
def test_refusals_and_failures_deny_unused_features_and_other_sites(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_closed(client.post("/cookies/choice/", {"answer": "accept"}), 403)
    assert_closed(client.get("/", headers={"host": "elsewhere.example"}), 400)
    monkeypatch.setattr("locallibrary.views.static", broken)
    assert_closed(client.get("/favicon.ico"), 500)


def assert_closed(response: HttpResponseBase, status: int) -> None:
    assert response.status_code == status
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    denied = [] if status == 302 else [f"{feature}=()" for feature in UNUSED_FEATURES]
    assert response.headers.get("Permissions-Policy", "") == ", ".join(denied)


@pytest.mark.django_db
def test_assets_are_not_offered_to_other_sites(client: Client) -> None:
    with closing(client.get(f"/static/{ASSET}")) as response:
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/books/", "/cookies/", "/accounts/register/", "/cookies.json", "/nowhere/"])
def test_a_page_for_a_visitor_without_a_session_is_compressed(client: Client, path: str) -> None:
    plain = client.get(path)
    response = client.get(path, headers=TAKES_GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(response.content) < len(plain.content) / 2
    assert gzip.decompress(response.content) == plain.content
    assert "Content-Encoding" not in plain.headers
    for each in (plain, response):
        assert "Accept-Encoding" in each.headers["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/books/?q=guess", "/cookies/", "/preferences/", "/privacy/"])
def test_a_page_of_a_session_is_never_compressed(reader: Client, path: str) -> None:
    response = reader.get(path, headers=TAKES_GZIP)
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers


@pytest.mark.django_db
def test_the_page_that_begins_a_session_is_not_compressed(client: Client, grant: Callable[..., None]) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    response = client.get("/", headers=TAKES_GZIP)
    assert site_settings.SESSION_COOKIE_NAME in response.cookies
    assert "Content-Encoding" not in response.headers


@pytest.mark.django_db
def test_what_must_not_be_stored_is_not_compressed(client: Client) -> None:
    pages = [client.get(path, headers=TAKES_GZIP) for path in ("/privacy/", "/accounts/sign-in/")]
    for response in (*pages, client.post("/privacy/export/", headers=TAKES_GZIP | FROM_HERE)):
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert "Content-Encoding" not in response.headers


def test_a_stream_is_compressed_or_left_alone_like_a_page() -> None:
    def answer(request: HttpRequest) -> HttpResponseBase:
        return StreamingHttpResponse(iter([LONG.encode()]))

    def never_stored(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        add_never_cache_headers(response)
        return response

    request = RequestFactory().get("/", headers=TAKES_GZIP)
    assert gzip.decompress(sent(CompressionMiddleware(answer)(request))).decode() == LONG
    assert sent(CompressionMiddleware(never_stored)(request)).decode() == LONG


def sent(response: object) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    chunks: Iterator[bytes] = iter(response)
    return b"".join(chunks)


def test_an_entity_tag_of_a_compressed_page_is_a_weak_one() -> None:
    """Compressed bytes differ each time, by Django's random ones (RFC 9110, section 8.8.1)."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        return HttpResponse(LONG, headers={"ETag": '"one"'})

    response = CompressionMiddleware(answer)(RequestFactory().get("/", headers=TAKES_GZIP))
    assert isinstance(response, HttpResponse)
    assert response.headers["ETag"] == 'W/"one"'


@pytest.mark.django_db
def test_two_answers_to_one_request_differ_in_length_once_compressed(client: Client) -> None:
    """Random bytes: what a listener learns of a page's length is blurred (Django ticket 34170's mitigation)."""
    lengths = {len(client.get("/cookies.json", headers=TAKES_GZIP).content) for _time in range(30)}
    assert len(lengths) > 1
    assert json.loads(client.get("/cookies.json").content)["version"] == 1
