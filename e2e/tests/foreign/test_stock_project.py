"""The gate and the dashboard in a project fresh from `startproject`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from cookie_harness import ServerProcess
from cookie_harness.plugin import VisitorFactory
from tests.foreign import shop
from tests.foreign.conftest import ProjectFactory
from tests.foreign.environment import Environment, run
from tests.foreign.installation import THE_DASHBOARD, THE_GATE
from tests.foreign.project import SETTINGS, URLS, Project
from tests.foreign.visit import Visit

pytestmark = pytest.mark.promise("S8")


@pytest.fixture(scope="module")
def installed(new_project: ProjectFactory) -> Project:
    """A project with the gate and the dashboard, and nothing of its own yet."""
    project = new_project()
    project.take(*THE_GATE, *THE_DASHBOARD)
    return project


@pytest.fixture(scope="module")
def site(new_project: ProjectFactory) -> Iterator[ServerProcess]:
    """The shop, running."""
    project = new_project()
    project.take(*THE_GATE, *THE_DASHBOARD, *shop.THE_SHOP)
    project.write(shop.FILES)
    with project.server() as server:
        yield server


@pytest.mark.parametrize("package", ["consent_gate", "privacy_dashboard", "django"])
def test_packages_come_from_the_new_environment_alone(package: str, environment: Environment) -> None:
    where = run([str(environment.python), "-c", f"import {package}; print({package}.__file__)"])
    assert where.startswith(str(environment.site_packages))


@pytest.mark.parametrize("package", ["debug_toolbar", "locallibrary", "cookie_harness"])
def test_packages_that_nobody_asked_for_are_not_there(package: str, environment: Environment) -> None:
    assert "ModuleNotFoundError" in run([str(environment.python), "-c", f"import {package}"], accept=(1,))


def test_the_installation_takes_ten_lines_and_leaves_no_complaint(installed: Project) -> None:
    assert len(installed.lines_added(SETTINGS)) <= 10
    assert len(installed.lines_added(URLS)) <= 3
    assert "no issues" in installed.manage("check")
    assert "No changes detected" in installed.manage("makemigrations", "--check", "--dry-run")


def test_nothing_is_kept_before_an_answer(site: ServerProcess, new_visitor: VisitorFactory) -> None:
    visit = Visit(new_visitor(), site.url)
    for path in ("/", "/paint/", "/cookies/", "/privacy/", "/admin/login/", "/"):
        visit.open(path)
    assert visit.kept() == set()
    assert (visit.shown("visits"), visit.shown("colour")) == ("1", "no colour")
    expect(visit.banner).to_be_visible()


def test_after_a_yes_it_counts_and_after_a_withdrawal_it_forgets(
    site: ServerProcess, new_visitor: VisitorFactory
) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open()
    visit.answer("accept")
    visit.open()
    visit.open("/paint/")
    assert visit.kept() == {"cookie_choice", "sessionid", "colour"}
    assert (visit.shown("visits"), visit.shown("colour")) == ("2", "red")
    visit.open("/privacy/")
    main = visit.page.get_by_role("main")
    expect(main).to_contain_text("The colour that you chose.")
    expect(main).to_contain_text("How often you came.")
    visit.withdraw()
    assert visit.kept() == {"cookie_choice"}
    visit.open()
    assert (visit.shown("visits"), visit.shown("colour")) == ("1", "no colour")


def test_after_a_no_only_the_answer_is_kept(site: ServerProcess, new_visitor: VisitorFactory) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open()
    visit.answer("refuse")
    visit.open("/paint/")
    visit.open()
    assert visit.kept() == {"cookie_choice"}
    assert (visit.shown("visits"), visit.shown("colour")) == ("1", "no colour")
    expect(visit.banner).to_be_hidden()
