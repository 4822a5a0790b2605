"""What can be forgotten around the dashboard is named, with the line to write."""

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from pytest_django import Settings

from privacy_dashboard.apps import DashboardConfig
from privacy_dashboard.checks import AUTHENTICATION, CONTEXT_PROCESSORS, check_dashboard, leads_to_a_page
from privacy_dashboard.overview import user_of

urlpatterns: list[object] = []
"""Of a project that forgot the dashboard's."""


def found() -> list[tuple[str | None, str]]:
    return [(message.id, message.hint or message.msg) for message in check_dashboard(None)]


def test_this_project_has_all_that_the_dashboard_needs() -> None:
    assert found() == []


def test_the_checks_run_with_all_others(settings: Settings) -> None:
    settings.PRIVACY_DASHBOARD_IDLE_LIMIT = 0
    assert "privacy_dashboard.E003" in {message.id for message in checks.run_checks(tags=[checks.Tags.urls])}


def test_forgotten_addresses_are_named_with_their_line(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.PRIVACY_DASHBOARD_PASSWORD_CHANGE_URL = ""
    settings.LOGIN_URL = "https://login.example/"
    assert found() == [
        ("privacy_dashboard.E001", 'Write in urls.py: path("privacy/", include("privacy_dashboard.urls")),')
    ]


@pytest.mark.parametrize("url", ["/accounts/nowhere/", "nowhere"])
def test_a_login_url_that_leads_nowhere_is_named_with_its_line(url: str, settings: Settings) -> None:
    settings.LOGIN_URL = url
    [(number, hint)] = found()
    assert number == "privacy_dashboard.W002"
    assert hint.endswith('LOGIN_URL = "admin:login"')


@pytest.mark.parametrize("url", ["/privacy/", "privacy:overview", "https://login.example/", "/privacy/?with=this"])
def test_a_login_url_that_leads_somewhere_is_fine(url: str, settings: Settings) -> None:
    settings.LOGIN_URL = url
    assert found() == []


def test_an_address_that_begins_with_the_language_is_found_without_it(settings: Settings) -> None:
    settings.ROOT_URLCONF = "privacy_dashboard.tests.addresses_by_language"
    assert leads_to_a_page("/pages/login/")
    assert not leads_to_a_page("/pages/logout/")


def test_a_forgotten_middleware_is_named_with_its_line(settings: Settings) -> None:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != AUTHENTICATION]
    assert found() == [
        ("privacy_dashboard.W001", f'Write in MIDDLEWARE, after the session\'s: "{AUTHENTICATION}",'),
    ]


def test_without_that_middleware_nobody_is_signed_in() -> None:
    assert user_of(HttpRequest()) is None


def test_forgotten_context_processors_are_named_with_their_lines(settings: Settings) -> None:
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
    assert found() == [
        ("privacy_dashboard.E002", f'Write in the context_processors of TEMPLATES: "{name}",')
        for name in CONTEXT_PROCESSORS
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("IDLE_LIMIT", "an hour", "PRIVACY_DASHBOARD_IDLE_LIMIT can't be 'an hour'. It takes a whole number"),
        ("IDLE_LIMIT", 0, "PRIVACY_DASHBOARD_IDLE_LIMIT can't be 0. It takes a whole number"),
        ("PASSWORD_CHANGE_URL", "nowhere", "PRIVACY_DASHBOARD_PASSWORD_CHANGE_URL can't be 'nowhere'. It takes an"),
    ],
)
def test_a_wrong_setting_is_named(settings: Settings, name: str, value: object, said: str) -> None:
    setattr(settings, f"PRIVACY_DASHBOARD_{name}", value)
    [(number, message)] = found()
    assert number == "privacy_dashboard.E003"
    assert message.startswith(said)


def test_a_missing_consent_gate_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("privacy_dashboard.apps.apps.is_installed", lambda _name: False)
    config = DashboardConfig.create("privacy_dashboard")
    with pytest.raises(ImproperlyConfigured, match='Write in INSTALLED_APPS: "consent_gate",'):
        config.ready()
