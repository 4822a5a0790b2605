"""The gate without the dashboard, in a project that keeps its sessions in cookies and has habits of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cookie_harness import ServerProcess
from cookie_harness.plugin import VisitorFactory
from tests.foreign import shop
from tests.foreign.conftest import ProjectFactory
from tests.foreign.environment import GATE, Environment, run
from tests.foreign.installation import THE_GATE
from tests.foreign.project import SETTINGS, URLS, Step
from tests.foreign.visit import Visit

pytestmark = pytest.mark.promise("S8")

TRACKER = """\
from django.contrib import messages
from django.shortcuts import redirect, render


class Tracker:
    \"\"\"Somebody's middleware, which writes its header by hand.\"\"\"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Set-Cookie"] = "_tracker=42; Max-Age=31536000; Path=/"
        return response


def greet(request):
    if request.method == "POST":
        messages.success(request, "Hello there.")
        return redirect("greet")
    return render(request, "shop/greet.html")
"""
FORM = """\
<!DOCTYPE html>
<title>Greetings</title>
<form method="post">{% csrf_token %}<button>Greet</button></form>
{% for message in messages %}<p>{{ message }}</p>{% endfor %}
"""
HABITS = (
    Step(SETTINGS, "ROOT_URLCONF", "SESSION_ENGINE = 'django.contrib.sessions.backends.signed_cookies'\nROOT_URLCONF"),
    Step(SETTINGS, "DEBUG = True", "DEBUG = False"),
    Step(SETTINGS, "ALLOWED_HOSTS = []", "ALLOWED_HOSTS = ['*']"),
    Step(
        SETTINGS,
        "    'django.middleware.clickjacking.XFrameOptionsMiddleware',\n",
        "    'django.middleware.clickjacking.XFrameOptionsMiddleware',\n    'shop.tracker.Tracker',\n",
    ),
    Step(
        URLS,
        "    path('paint/', views.paint, name='paint'),\n",
        "    path('paint/', views.paint, name='paint'),\n    path('greet/', tracker.greet, name='greet'),\n",
    ),
    Step(URLS, "from shop import views\n", "from shop import tracker, views\n"),
)
USER = "from django.contrib.auth.models import User; User.objects.create_superuser('ann', password='a good book')"


@pytest.fixture(scope="module")
def gate_alone(tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, Path]) -> Environment:
    """An environment with the gate, and without the dashboard."""
    return Environment(tmp_path_factory.mktemp("gate-alone"), [wheels[GATE]], beside=["gunicorn"])


@pytest.fixture(scope="module")
def site(new_project: ProjectFactory, gate_alone: Environment) -> Iterator[ServerProcess]:
    """The shop with its habits, running."""
    project = new_project(gate_alone)
    project.take(*THE_GATE, *shop.THE_SHOP, *HABITS)
    project.write(shop.FILES | {"shop/tracker.py": TRACKER, "shop/templates/shop/greet.html": FORM})
    with project.server() as server:
        project.manage("shell", "--command", USER)
        yield server


@pytest.mark.parametrize("package", ["privacy_dashboard", "cryptography"])
def test_the_gate_comes_without_the_dashboard(package: str, gate_alone: Environment) -> None:
    assert "ModuleNotFoundError" in run([str(gate_alone.python), "-c", f"import {package}"], accept=(1,))


def test_a_header_that_somebody_writes_by_hand_never_leaves(site: ServerProcess, new_visitor: VisitorFactory) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open()
    assert visit.kept() == set()
    visit.answer("accept")
    visit.open()
    visit.open()
    assert visit.kept() == {"cookie_choice", "sessionid"}
    assert visit.shown("visits") == "2"
    visit.withdraw()
    assert visit.kept() == {"cookie_choice"}
    assert "_tracker" in site.log_text


def test_a_message_reaches_the_next_page_and_leaves_nothing(site: ServerProcess, new_visitor: VisitorFactory) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open("/greet/")
    visit.page.get_by_role("button", name="Greet").click()
    expect(visit.page.get_by_text("Hello there.")).to_be_visible()
    assert visit.kept() == set()


def test_a_form_of_somebody_elses_works_before_an_answer(site: ServerProcess, new_visitor: VisitorFactory) -> None:
    visit = Visit(new_visitor(), site.url)
    visit.open("/admin/login/?next=/admin/")
    assert visit.kept() == set()
    visit.page.locator("input[name=username]").fill("ann")
    visit.page.locator("input[name=password]").fill("a good book")
    visit.page.locator("input[type=submit]").click()
    expect(visit.page.get_by_role("heading", name="Site administration")).to_be_visible()
    assert visit.kept() == {"csrftoken", "sessionid"}
    visit.page.locator("#logout-form button").click()
    expect(visit.page.get_by_text("Logged out")).to_be_visible()
    assert "sessionid" not in visit.kept()
