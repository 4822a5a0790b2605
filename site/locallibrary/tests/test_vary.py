"""What differs from visitor to visitor says so: else a shared cache gives one visitor's answer to another."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client

from consent_gate.api import Purpose
from locallibrary.tests.test_other_sites import ADDRESSES


def varies_by(response: HttpResponseBase) -> set[str]:
    return {each.strip() for each in response.headers.get("Vary", "").split(",")}


@pytest.mark.django_db
def test_what_is_in_a_chosen_language_varies_by_the_languages_cookie(
    grant: Callable[..., None],
) -> None:
    english, german = Client(), Client()
    for each in (english, german):
        grant(each, Purpose.PREFERENCES)
    german.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    differing = {}
    for address in ADDRESSES:
        answers = [each.get(address) for each in (english, german)]
        if answers[0].content != answers[1].content:
            differing[address] = [varies_by(each) for each in answers]
    assert {"/", "/cookies.json", "/cookies/receipt.json"} <= set(differing)
    assert [
        address for address, vary in differing.items() if not all({"Cookie", "Sec-GPC"} <= each for each in vary)
    ] == []
