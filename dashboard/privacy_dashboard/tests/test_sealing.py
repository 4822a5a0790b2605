"""What is sealed in the database opens with a key of this site, for good, and with no other."""

import pytest
from pytest_django import Settings

from privacy_dashboard.sealing import seal, unseal

# One token of Fernet, which a line holds whole.
SEALED_EARLIER = "gAAAAABlU_EAkuWUSt9JuYRuqL6mlgx3baO6HcYbqYs7SUQ8bJUVzTXCPYOMBjZF-qcCM1h-f-FATn7VfB1RxwF1sxAEI_T42w=="


def test_what_was_sealed_earlier_opens_for_good(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = ["a key of earlier days"]
    assert unseal(SEALED_EARLIER) == "a session's key"


def test_the_present_key_seals_and_an_earlier_one_opens(settings: Settings) -> None:
    sealed = seal("secret")
    assert "secret" not in sealed
    assert sealed != seal("secret"), "nobody sees which rows hold the same"
    old_key, settings.SECRET_KEY = settings.SECRET_KEY, "another key, as after a rotation"
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert unseal(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None


@pytest.mark.parametrize("damaged", ["", "x", SEALED_EARLIER[:-4], SEALED_EARLIER.replace("A", "B", 1)])
def test_what_is_damaged_opens_with_no_key(settings: Settings, damaged: str) -> None:
    settings.SECRET_KEY_FALLBACKS = ["a key of earlier days"]
    assert unseal(damaged) is None
