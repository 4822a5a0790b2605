"""What a page says was done: only what this site did, to whoever asked for it, and not for long."""

import time

import pytest
from django.core import signing
from django.test import Client

from privacy_dashboard.confirmation import LIFETIME, Done, back_to_the_dashboard

pytestmark = pytest.mark.django_db

SAYS_SO = b'data-testid="done"'


def address_of(done: Done) -> str:
    return back_to_the_dashboard(done).headers["Location"]


def says_so(client: Client, address: str, **headers: str) -> bool:
    response = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert response.status_code == 200
    return SAYS_SO in response.content


@pytest.mark.parametrize("done", Done)
def test_a_made_up_address_makes_the_page_claim_nothing(client: Client, done: Done) -> None:
    foreign = signing.dumps([done.value, None], salt="another use")
    altered = address_of(done).replace("%3A", "%3Ax", 1)
    for address in (f"/privacy/?done={done}", f"/privacy/?done={foreign}", altered, "/privacy/?done=%00", "/privacy/"):
        assert not says_so(client, address)


@pytest.mark.parametrize("done", Done)
def test_whoever_pressed_the_button_is_told(client: Client, done: Done) -> None:
    assert says_so(client, address_of(done), sec_fetch_site="same-origin")
    assert says_so(client, address_of(done)), "a browser that does not say where it comes from"


@pytest.mark.parametrize("done", Done)
def test_a_right_of_which_nothing_was_noted_is_said_to_leave_no_trace(client: Client, done: Done) -> None:
    page = client.get(address_of(done)).content
    assert (b'data-testid="no-trace"' in page) is (done is Done.EVERYTHING_ERASED)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_link_from_elsewhere_makes_the_page_claim_nothing(client: Client, site: str) -> None:
    """Anybody can have this site sign that everything is erased, and pass the address on within the minute."""
    assert not says_so(client, address_of(Done.EVERYTHING_ERASED), sec_fetch_site=site)


@pytest.mark.parametrize("done", [Done.SESSION_ENDED, Done.EVERYTHING_ERASED, Done.ACCOUNT_DELETED])
def test_whoever_is_signed_in_is_not_told_that_their_account_is_gone(reader: Client, done: Done) -> None:
    """As a sign-in leads on to any address of this site."""
    assert not says_so(reader, address_of(done), sec_fetch_site="same-origin")


def test_an_old_address_makes_the_page_claim_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = address_of(Done.EVERYTHING_ERASED)
    later = time.time() + LIFETIME + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert not says_so(client, address)
