"""How passwords are hashed, and that old hashes are replaced."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from locallibrary import settings as shipped

PASSWORD = "correct horse battery"
OWASP_NUMBERS = "argon2$argon2id$v=19$m=19456,t=2,p=1$"


@pytest.fixture(autouse=True)
def shipped_hashers(settings: Settings) -> None:
    """Tests usually do with a quicker one."""
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS


@pytest.mark.django_db
def test_a_password_is_hashed_with_the_numbers_of_owasp() -> None:
    assert User.objects.create_user("reader", password=PASSWORD).password.startswith(OWASP_NUMBERS)


@pytest.mark.django_db
def test_signing_in_replaces_a_hash_that_has_other_numbers() -> None:
    old = Argon2PasswordHasher().encode(PASSWORD, "a salt of some length")
    assert not old.startswith(OWASP_NUMBERS)
    reader = User.objects.create(username="reader", password=old)
    answer = Client().post("/accounts/sign-in/", {"username": "reader", "password": PASSWORD})
    assert answer.status_code == 302
    reader.refresh_from_db()
    assert reader.password.startswith(OWASP_NUMBERS)
    assert check_password(PASSWORD, reader.password)


def test_hashes_of_the_other_scheme_are_still_read() -> None:
    assert identify_hasher("pbkdf2_sha256$1000000$salt$hash").algorithm == "pbkdf2_sha256"
