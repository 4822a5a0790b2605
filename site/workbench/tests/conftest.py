import pytest
from pytest_django import Settings

ENGINES = ["db", "cached_db", "cache", "file", "signed_cookies", "exact_sessions.db", "exact_sessions.cached_db"]
EACH_ENGINE = pytest.mark.parametrize("engine", ENGINES, indirect=True)
"""Runs a test in each of the session stores; it needs `engine` among its fixtures."""


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The session store in use, by the last part of its module's name: Django's default, or the test's parameter."""
    name: str = getattr(request, "param", "db")
    settings.SESSION_ENGINE = name if "." in name else f"django.contrib.sessions.backends.{name}"
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    return name.rpartition(".")[2]
