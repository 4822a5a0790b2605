"""The gate and the dashboard in a German project, whose pages stand in a frame of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from cookie_harness import ServerProcess
from cookie_harness.plugin import VisitorFactory
from tests.foreign import shop
from tests.foreign.conftest import ProjectFactory
from tests.foreign.installation import THE_DASHBOARD, THE_GATE
from tests.foreign.project import SETTINGS, Step
from tests.foreign.visit import Visit

pytestmark = pytest.mark.promise("S8")

FRAME = """\
{% load consent_gate %}
<!DOCTYPE html>
<html lang="de">
  <head><meta charset="utf-8"><title>{% block titel %}Laden{% endblock %}</title>{% block kopf %}{% endblock %}</head>
  <body>
    {% cookie_banner %}
    <h1>Ein Laden</h1>
    <main>{% block inhalt %}{% endblock %}</main>
  </body>
</html>
"""
OURS_IN_IT = """\
{% extends "rahmen.html" %}
{% block titel %}{% block title %}{% endblock %}{% endblock %}
{% block kopf %}{% block head %}{% endblock %}{% endblock %}
{% block inhalt %}{% block content %}{% endblock %}{% endblock %}
"""
TEMPLATES = Step(SETTINGS, "'DIRS': [],", "'DIRS': [BASE_DIR / 'templates'],")
GERMAN = Step(SETTINGS, "LANGUAGE_CODE = 'en-us'", "LANGUAGE_CODE = 'de'")


@pytest.fixture(scope="module")
def site(new_project: ProjectFactory) -> Iterator[ServerProcess]:
    """The shop, running."""
    project = new_project()
    project.take(*THE_GATE, *THE_DASHBOARD, *shop.THE_SHOP, TEMPLATES, GERMAN)
    project.write(shop.FILES | {"templates/rahmen.html": FRAME, "templates/consent_gate/base.html": OURS_IN_IT})
    with project.server() as server:
        yield server


@pytest.mark.parametrize(
    ("path", "heading"), [("/cookies/", "Cookies und was sich die Website merkt"), ("/privacy/", "Was über Sie")]
)
def test_its_pages_speak_german_inside_the_projects_frame(
    path: str, heading: str, site: ServerProcess, new_visitor: VisitorFactory
) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open(path)
    expect(visit.page.get_by_role("heading", name="Ein Laden")).to_be_visible()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text(["Ein Laden", heading])


def test_the_banner_asks_in_german_and_its_answer_counts(site: ServerProcess, new_visitor: VisitorFactory) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open()
    expect(visit.banner).to_contain_text("Alle ablehnen")
    assert visit.kept() == set()
    visit.answer("accept")
    visit.open()
    assert visit.kept() == {"cookie_choice", "sessionid"}
    visit.withdraw()
    assert visit.kept() == {"cookie_choice"}
