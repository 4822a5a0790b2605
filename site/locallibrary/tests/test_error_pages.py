"""There is a page for every error, whatever else is broken; it looks like the site where it can."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import path
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from locallibrary.urls import handler400, handler403, handler404, handler500
from locallibrary.urls import urlpatterns as own_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500"]

pytestmark = pytest.mark.django_db

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def fails(request: HttpRequest) -> HttpResponse:
    raise KeyError("the visitor's secret")


urlpatterns = [path("fails/", fails), *own_addresses]


def broken(*args: object, **kwargs: object) -> object:
    raise RuntimeError("broken")


@pytest.fixture
def visitor(settings: Settings) -> Iterator[Client]:
    settings.ROOT_URLCONF = __name__
    with translation.override("en"):
        yield Client(raise_request_exception=False)


@pytest.fixture
def assets(settings: Settings, tmp_path: Path) -> Path:
    """The folder of a manifest that lists nothing."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = django_settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}
    write_manifest(tmp_path, {})
    return tmp_path


def write_manifest(folder: Path, paths: dict[str, str]) -> None:
    (folder / "staticfiles.json").write_text(json.dumps({"version": "1.1", "paths": paths, "hash": ""}))


def bad_request(visitor: Client) -> HttpResponseBase:
    return visitor.get("/about/", headers={"host": "evil.example"})


def forbidden(visitor: Client) -> HttpResponseBase:
    visitor.force_login(User.objects.create_user("reader"))
    return visitor.get("/admin/login/")


ERRORS: dict[int, Callable[[Client], Any]] = {
    400: bad_request,
    403: forbidden,
    404: lambda visitor: visitor.get("/there-is-no-such-page/"),
    500: lambda visitor: visitor.get("/fails/"),
}
HEADINGS = {
    400: "We could not read that request",
    403: "This page is not for everybody",
    404: "Nothing on this shelf",
    500: "Something broke on our side",
}


def is_the_page(response: HttpResponseBase, status: int) -> bool:
    assert isinstance(response, HttpResponse)
    return (
        response.status_code == status
        and f"<h1>{HEADINGS[status]}</h1>" in response.content.decode()
        and "default-src 'none'" in response.headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_looks_like_the_site(visitor: Client, status: int) -> None:
    response = ERRORS[status](visitor)
    assert is_the_page(response, status)
    assert b'class="site-nav"' in response.content


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_needs_no_list_of_assets(visitor: Client, assets: Path, status: int) -> None:
    response = ERRORS[status](visitor)
    assert is_the_page(response, status)
    assert b"stylesheet" not in response.content


def test_an_error_page_has_the_style_that_is_left(visitor: Client, assets: Path) -> None:
    write_manifest(assets, {"locallibrary/site.css": "locallibrary/site.0.css"})
    response = ERRORS[404](visitor)
    assert is_the_page(response, 404)
    assert b'<link rel="stylesheet" href="/static/locallibrary/site.0.css">' in response.content


@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_error_page_that_a_context_processor_breaks_is_made_without_it(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("preferences.context_processors.preferences", broken)
    response = ERRORS[status](visitor)
    assert is_the_page(response, status)
    assert b'class="site-nav"' in response.content


@pytest.mark.parametrize(
    "part",
    [
        "django.template.loader.get_template",
        "locallibrary.error_pages.gettext",
        "django.template.defaulttags.reverse",
    ],
)
@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_needs_no_other_part_of_the_site(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, status: int, part: str
) -> None:
    monkeypatch.setattr(part, broken, raising=False)
    assert is_the_page(ERRORS[status](visitor), status)


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_needs_no_session(visitor: Client, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    visitor.cookies["__Host-sessionid"] = "a" * 32
    monkeypatch.setattr("exact_sessions.db.SessionStore.load", broken)
    assert HEADINGS[500] in ERRORS[status](visitor).content.decode()


def test_what_kept_an_error_page_from_its_shape_is_logged(
    visitor: Client, assets: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        ERRORS[404](visitor)
    assert "An error page could not be made as it should be." in caplog.text


@pytest.mark.parametrize("whole", [True, False])
def test_the_number_on_the_page_is_the_one_in_the_log(
    visitor: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    if not whole:
        monkeypatch.setattr("django.template.loader.get_template", broken)
    with caplog.at_level(logging.ERROR, logger="django.request"):
        page = ERRORS[500](visitor).content.decode()
    (record,) = (each for each in caplog.records if each.name == "django.request")
    request = vars(record)["request"]
    assert f"Number of this error: <code>{request.error_id}</code>" in page
    assert len(request.error_id) == 8


def test_no_number_is_made_where_nothing_broke(visitor: Client) -> None:
    assert "Number of this error" not in ERRORS[404](visitor).content.decode()
