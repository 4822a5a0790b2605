"""What a page of another site can make a browser send here: whatever the address, it changes nothing."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {"<int:pk>": "1", "<slug:slug>": "fiction"}
"""What stands in an address for a part that varies."""


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """One address for each of the site's own views; the administration's are made by Django, and one stands for all."""
    for each in resolver.url_patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLPattern):
            for part, sample in SAMPLES.items():
                address = address.replace(part, sample)
            yield address
        elif each.app_name == "admin":
            yield address
        else:
            yield from addresses(each, address)


ADDRESSES = sorted(set(addresses(get_resolver())))


def test_the_walk_finds_the_sites_addresses() -> None:
    assert {"/", "/cookie-check/start/", "/genres/fiction/like/", "/admin/", "/privacy/erase/"} <= set(ADDRESSES)
    assert not [address for address in ADDRESSES if "<" in address]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_takes_a_form_of_another_site(address: str) -> None:
    """Without cookies, as browsers send such a form: a cookie in the answer would replace the visitor's own."""
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    response = Client(enforce_csrf_checks=True).post(address, {"answer": "accept", "liked": "yes"}, headers=headers)
    assert response.status_code == 403
    assert not response.cookies
