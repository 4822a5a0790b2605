"""What the buttons of banners are called, in each language of the data file."""

import pytest

from cookie_audit.words import (
    ButtonMeaning,
    accepts_all,
    leads_to_settings,
    meaning_of,
    phrases_by_language,
    purpose_of,
    speaks_of_cookies,
)

pytestmark = pytest.mark.promise("U8")

# Purposes are also words of other meanings in some languages: these are what a button with the name alone does.
_TABLES = {each.value for each in ButtonMeaning} | {"necessary", "statistics", "marketing", "preferences", "cookies"}


def test_each_of_many_languages_has_every_table() -> None:
    languages = phrases_by_language()
    assert len(languages) >= 12
    for language, tables in languages.items():
        assert set(tables) == _TABLES, language
        assert all(tables.values()), language


@pytest.mark.parametrize("language", sorted(phrases_by_language()))
def test_each_phrase_alone_means_what_its_table_says(language: str) -> None:
    for meaning in ButtonMeaning:
        for phrase in phrases_by_language()[language][meaning.value]:
            assert meaning_of(phrase.removeprefix("=")) is meaning, phrase


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Accept all cookies", ButtonMeaning.ACCEPT),
        ("✓ OK, accept all", ButtonMeaning.ACCEPT),
        ("Continue without accepting", ButtonMeaning.REFUSE),
        ("Nur notwendige Cookies", ButtonMeaning.REFUSE),
        ("Accept only necessary", ButtonMeaning.REFUSE),
        ("Je n’accepte pas : tout refuser", ButtonMeaning.REFUSE),
        ("Accept selected", ButtonMeaning.SAVE),
        ("Save settings", ButtonMeaning.SAVE),
        ("Cookie-Einstellungen", ButtonMeaning.SETTINGS),
        ("Withdraw my consent to cookies", ButtonMeaning.WITHDRAW),
        ("すべて拒否", ButtonMeaning.REFUSE),
        ("Home", None),
        ("Your account", None),
        ("Accept the terms of our newsletter and all that comes with it, every week", None),
        ("", None),
    ],
)
def test_a_name_is_understood_as_a_person_would(name: str, meaning: ButtonMeaning | None) -> None:
    assert meaning_of(name) is meaning


def test_boxes_and_texts_are_understood_too() -> None:
    assert purpose_of("Audience measurement") == "statistics"
    assert purpose_of("Unbedingt erforderliche Cookies") == "necessary"
    assert purpose_of("Birds") is None
    assert speaks_of_cookies("Wir verwenden Cookies.")
    assert not speaks_of_cookies("Our cookery books")
    assert accepts_all("Tout accepter")
    assert not accepts_all("Accepter")
    assert leads_to_settings("Cookies")
    assert leads_to_settings("Your privacy choices")
    assert not leads_to_settings("Settings")
