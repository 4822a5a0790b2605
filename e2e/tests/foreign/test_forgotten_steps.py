"""A step of the installation that was forgotten is named by `manage.py check`, with the line to write."""

import pytest

from tests.foreign import shop
from tests.foreign.conftest import ProjectFactory
from tests.foreign.installation import (
    ADDRESSES,
    APP,
    CONTEXT,
    DASHBOARD_ADDRESSES,
    FORMS,
    GATE,
    LOGIN,
    SESSIONS,
    THE_DASHBOARD,
    THE_GATE,
)
from tests.foreign.project import SETTINGS, Project, Step

pytestmark = pytest.mark.promise("S9")

LINES = [
    pytest.param(GATE, "consent_gate.middleware.ConsentGateMiddleware", id="gate"),
    pytest.param(SESSIONS, "consent_gate.middleware.SessionGateMiddleware", id="sessions"),
    pytest.param(FORMS, "consent_gate.middleware.CsrfMiddleware", id="forms"),
    pytest.param(CONTEXT, "consent_gate.context_processors.consent", id="context"),
    pytest.param(ADDRESSES, 'path("", include("consent_gate.urls"))', id="addresses"),
]


NO_SESSIONS = Step(SETTINGS, "    'django.contrib.sessions',\n", "")
NO_STORE = Step(SETTINGS, "ROOT_URLCONF =", "SESSION_ENGINE = 'db'\nROOT_URLCONF =")


def complaint(project: Project) -> str:
    """What `manage.py check` says; it has to find something."""
    return project.manage("check", accept=(1,))


@pytest.mark.parametrize(("forgotten", "line"), LINES)
def test_check_names_the_step_and_the_line_to_write(forgotten: Step, line: str, new_project: ProjectFactory) -> None:
    project = new_project()
    project.take(*(step for step in THE_GATE if step is not forgotten))
    said = complaint(project)
    assert "HINT" in said
    assert line in said
    assert "Traceback" not in said


def test_check_names_the_dashboards_addresses(new_project: ProjectFactory) -> None:
    project = new_project()
    project.take(*THE_GATE, *(step for step in THE_DASHBOARD if step is not DASHBOARD_ADDRESSES))
    assert 'include("privacy_dashboard.urls")' in complaint(project)


def test_check_warns_of_a_login_page_that_is_not_there(new_project: ProjectFactory) -> None:
    project = new_project()
    project.take(*THE_GATE, *(step for step in THE_DASHBOARD if step is not LOGIN))
    assert 'LOGIN_URL = "admin:login"' in project.manage("check")


@pytest.mark.parametrize(
    ("step", "line"),
    [
        pytest.param(NO_SESSIONS, '"django.contrib.sessions",', id="table"),
        pytest.param(NO_STORE, 'SESSION_ENGINE = "django.contrib.sessions.backends.db"', id="store"),
    ],
)
def test_check_names_what_sessions_need(step: Step, line: str, new_project: ProjectFactory) -> None:
    project = new_project()
    project.take(*THE_GATE, step)
    assert line in complaint(project)


def test_check_warns_of_pages_without_the_banner(new_project: ProjectFactory) -> None:
    project = new_project()
    project.take(*THE_GATE, *shop.THE_SHOP)
    project.write(shop.FILES)
    assert "no issues" in project.manage("check")
    project.write({name: text.replace("{% cookie_banner %}", "") for name, text in shop.FILES.items()})
    assert "{% cookie_banner %}" in project.manage("check")


def test_without_the_app_the_settings_line_is_named(new_project: ProjectFactory) -> None:
    project = new_project()
    project.take(*(step for step in THE_GATE if step is not APP))
    assert "INSTALLED_APPS" in complaint(project)
