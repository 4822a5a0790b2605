"""A form is believed to come from here only if the browser says so itself."""

import pytest
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client, RequestFactory

from consent_gate.headers.origin import comes_from
from consent_gate.tests.made_up import guarded

pytestmark = pytest.mark.usefixtures("made_up_site")

OWN = "https://library.example"


@pytest.mark.parametrize(
    ("fetch_site", "origin", "believed"),
    [
        ("same-origin", None, True),
        ("same-origin", OWN, True),
        ("same-origin", "null", True),
        ("same-site", OWN, False),
        ("cross-site", OWN, False),
        ("none", OWN, False),
        ("", OWN, False),
        ("Same-Origin", OWN, False),
        (None, OWN, True),
        (None, "http://library.example", False),
        (None, "https://library.example:8443", False),
        (None, "https://evil.library.example", False),
        (None, "https://library.example.evil", False),
        (None, "null", False),
        (None, "", False),
        (None, None, False),
    ],
)
def test_a_forms_headers_tell_whether_it_comes_from_this_site(
    fetch_site: str | None, origin: str | None, *, believed: bool
) -> None:
    assert comes_from(OWN, fetch_site=fetch_site, origin=origin) is believed


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "https://testserver"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({}, 403),
    ],
)
def test_a_guarded_view_takes_forms_of_this_site_only_and_needs_no_token(headers: dict[str, str], status: int) -> None:
    response = Client(enforce_csrf_checks=True).post("/guarded/", headers=headers)
    assert response.status_code == status
    assert not response.cookies


def test_djangos_own_protection_asks_no_token_of_a_guarded_view() -> None:
    request = RequestFactory().post("/guarded/")
    protection = CsrfViewMiddleware(HttpResponse)
    assert protection.process_view(request, guarded, (), {}) is None
    refused = protection.process_view(request, HttpResponse, (), {})
    assert refused is not None
    assert refused.status_code == 403


def test_a_port_belongs_to_the_origin() -> None:
    client = Client()
    for origin, status in (("http://localhost:8000", 200), ("http://localhost", 403)):
        response = client.post("/guarded/", headers={"Origin": origin, "Host": "localhost:8000"})
        assert response.status_code == status
