"""The session engine alone in a stock project: two lines of settings, and nothing gets lost."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.foreign.conftest import ProjectFactory
from tests.foreign.environment import SESSIONS, Environment
from tests.foreign.project import SETTINGS, URLS, Step

pytestmark = pytest.mark.promise("S8")

ENGINE = (
    Step(SETTINGS, "INSTALLED_APPS = [\n", "INSTALLED_APPS = [\n    'exact_sessions',\n"),
    Step(SETTINGS, "ROOT_URLCONF", "SESSION_ENGINE = 'exact_sessions.db'\nROOT_URLCONF"),
)
VIEWS = """\
from django.http import HttpResponse


def count(request):
    return HttpResponse(request.session.increment("openings"))
"""
ADDRESS = (
    Step(URLS, "from django.urls import path\n", "from django.urls import path\nfrom counting import count\n"),
    Step(URLS, "urlpatterns = [\n", "urlpatterns = [\n    path('count/', count),\n"),
)
AT_ONCE = 40


def test_forty_openings_at_once_are_forty_in_a_stock_project(
    new_project: ProjectFactory, tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, Path]
) -> None:
    environment = Environment(tmp_path_factory.mktemp("sessions-alone"), [wheels[SESSIONS]], beside=["gunicorn"])
    project = new_project(environment)
    project.take(*ENGINE, *ADDRESS)
    project.write({"counting.py": VIEWS})
    with project.server() as server:
        address = f"{server.url}/count/"
        with urllib.request.urlopen(address) as response:
            cookie = response.headers["Set-Cookie"].partition(";")[0]
        visitor = urllib.request.Request(address, headers={"Cookie": cookie})
        gate = Barrier(AT_ONCE)

        def visit(_number: int) -> int:
            gate.wait(60)
            with urllib.request.urlopen(visitor) as response:
                return int(response.status)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert set(pool.map(visit, range(AT_ONCE))) == {200}
        with urllib.request.urlopen(visitor) as response:
            assert response.read() == b"42"
    assert project.manage("clearsessions") == ""
