"""A forgotten password: Django's own pages, on a visitor's very first request, which the link in a mail leads to."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN
from django.core import mail
from django.test import Client
from django.urls import include, path

from consent_gate.cookies import PASSWORD_RESET_KEY, SESSION
from consent_gate.tests.test_sessions import kept

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("django.contrib.auth.urls")),
    path("", include("consent_gate.urls")),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def link() -> str:
    """The link in the mail, which was asked for in another browser."""
    User.objects.create_user("ann", "ann@library.example", "a good book")
    Client().post("/accounts/password_reset/", {"email": "ann@library.example"})
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    return found[1]


def test_the_declared_key_is_the_one_that_django_uses() -> None:
    assert PASSWORD_RESET_KEY.name == INTERNAL_RESET_SESSION_TOKEN


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("signal", [{}, {"Sec-GPC": "1"}], ids=["undecided", "signalled"])
def test_the_link_in_the_mail_sets_a_new_password_on_a_first_visit(link: str, signal: dict[str, str]) -> None:
    visitor = Client(headers=signal)
    opened = visitor.get(link)
    assert kept(visitor).keys() == {SESSION.name}
    assert "max-age" in opened.cookies[SESSION.name]
    visitor.post(opened["Location"], {"new_password1": "another good book", "new_password2": "another good book"})
    assert User.objects.get().check_password("another good book")


def test_a_link_that_proves_nothing_stores_nothing(link: str) -> None:
    visitor = Client()
    assert "invalid" in visitor.get(f"{link.rstrip('/')}x/").content.decode()
    assert kept(visitor) == {}
