"""The app's settings: what they are where a project says nothing, and what a project hears that says it wrong."""

from datetime import date, datetime

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from consent_gate.checks import check_settings
from consent_gate.conf import SETTINGS, configuration
from consent_gate.receipts.banner_texts import BANNER


@pytest.fixture
def nothing_set(settings: Settings) -> Settings:
    """A project that says nothing about consent."""
    for name in SETTINGS:
        if hasattr(settings, name):
            delattr(settings, name)
    settings.ROOT_URLCONF = "consent_gate.urls"
    return settings


def test_every_setting_has_a_default_that_it_would_take(nothing_set: Settings) -> None:
    current = configuration()
    for name, setting in SETTINGS.items():
        value = getattr(current, name.removeprefix("CONSENT_").lower())
        assert setting.is_right(value), name


def test_a_project_that_says_nothing_has_no_name_no_help_and_no_review(nothing_set: Settings) -> None:
    current = configuration()
    assert (current.site_name, current.help_url, current.gpc_reviewed, current.purposes) == ("", "", None, {})
    assert current.anonymous_session_age == 4 * 60 * 60


@pytest.mark.parametrize("debug", [True, False])
def test_the_gate_is_strict_where_debug_is_on(nothing_set: Settings, debug: bool) -> None:
    nothing_set.DEBUG = debug
    assert configuration().strict is debug


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-cookie_choice"), (False, "cookie_choice")])
def test_cookies_are_as_secure_as_the_session(nothing_set: Settings, secure: bool, name: str) -> None:
    nothing_set.SESSION_COOKIE_SECURE = secure
    assert (configuration().secure_cookies, configuration().cookie_name) == (secure, name)


def test_the_longest_session_is_djangos_own(nothing_set: Settings) -> None:
    nothing_set.SESSION_COOKIE_AGE = 77
    assert configuration().longest_session == 77


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSENT_STRICT", "yes"),
        ("CONSENT_SECURE_COOKIES", 1),
        ("CONSENT_COOKIE_NAME", "has space"),
        ("CONSENT_COOKIE_NAME", ""),
        ("CONSENT_LONGEST_SESSION", 0),
        ("CONSENT_LONGEST_SESSION", "3600"),
        ("CONSENT_LONGEST_SESSION", 3600.0),
        ("CONSENT_ANONYMOUS_SESSION_AGE", True),
        ("CONSENT_SITE_NAME", 3),
        ("CONSENT_HELP_URL", 3),
        ("CONSENT_GPC_REVIEWED", "2026-11-22"),
        ("CONSENT_GPC_REVIEWED", datetime(2026, 11, 22)),  # noqa: DTZ001 -- the wrong kind, whatever its zone
        ("CONSENT_PURPOSES", ["statistics"]),
    ],
)
def test_a_wrong_value_is_named_with_what_it_takes(settings: Settings, name: str, value: object) -> None:
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured) as raised:
        configuration()
    assert str(raised.value).startswith(f"{name} can't be {value!r}. It takes ")


def test_a_wrong_value_is_said_when_the_site_starts(settings: Settings) -> None:
    settings.CONSENT_STRICT = "yes"
    with pytest.raises(ImproperlyConfigured, match="CONSENT_STRICT can't be"):
        apps.get_app_config("consent_gate").ready()


@pytest.mark.parametrize("seconds", [1, 10**9])
def test_any_number_of_seconds_is_a_length_of_sessions(settings: Settings, seconds: int) -> None:
    settings.CONSENT_ANONYMOUS_SESSION_AGE = seconds
    assert configuration().anonymous_session_age == seconds


def test_all_wrong_values_are_named_at_once(settings: Settings) -> None:
    settings.CONSENT_STRICT, settings.CONSENT_SITE_NAME = "yes", 3
    with pytest.raises(ImproperlyConfigured, match=r"CONSENT_STRICT can't be.*\nCONSENT_SITE_NAME can't be"):
        configuration()


def test_a_wrong_value_that_another_setting_goes_by_is_named_once(settings: Settings) -> None:
    del settings.CONSENT_COOKIE_NAME
    settings.CONSENT_SECURE_COOKIES = "yes"
    with pytest.raises(ImproperlyConfigured) as raised:
        configuration()
    assert str(raised.value).count("CONSENT_SECURE_COOKIES can't be") == 1


def test_a_fresh_installation_gets_no_complaint(settings: Settings) -> None:
    assert list(check_settings()) == []


def test_a_misspelt_setting_is_named_with_the_right_one(settings: Settings) -> None:
    settings.CONSENT_STRIKT = True
    (warning,) = check_settings()
    assert warning.id == "consent_gate.W004"
    assert "CONSENT_STRIKT" in warning.msg
    assert "Did you mean CONSENT_STRICT?" in str(warning.hint)


def test_a_setting_like_no_other_is_named_without_a_guess(settings: Settings) -> None:
    settings.CONSENT_ZZZZZZZZZZZZZZZZZZZZZZ = True
    (warning,) = check_settings()
    assert str(warning.hint).startswith("There are: CONSENT_STRICT, ")


def test_visitors_are_not_told_less_than_sessions_last(settings: Settings) -> None:
    settings.CONSENT_LONGEST_SESSION = settings.SESSION_COOKIE_AGE - 1
    assert [message.id for message in check_settings()] == ["consent_gate.E010"]


def test_a_missing_help_page_is_named(settings: Settings) -> None:
    settings.CONSENT_HELP_URL = "no-such-page"
    (error,) = check_settings()
    assert (error.id, "no-such-page" in error.msg, bool(error.hint)) == ("consent_gate.E011", True, True)


@pytest.mark.parametrize(("name", "heading"), [("", "Cookies"), ("Bookshop", "Cookies on Bookshop")])
def test_the_banner_names_the_site(settings: Settings, name: str, heading: str) -> None:
    settings.CONSENT_SITE_NAME = name
    assert str(BANNER["heading"]) == heading


def test_gpc_json_says_when_it_was_reviewed(client: Client, settings: Settings) -> None:
    settings.CONSENT_GPC_REVIEWED = date(2026, 1, 2)
    assert client.get("/.well-known/gpc.json").json() == {"gpc": True, "lastUpdate": "2026-01-02"}
    settings.CONSENT_GPC_REVIEWED = None
    assert client.get("/.well-known/gpc.json").json() == {"gpc": True}
