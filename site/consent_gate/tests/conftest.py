import pytest
from pytest_django import Settings

from consent_gate.declarations.declaration import Registry
from consent_gate.tests.made_up import FINGERPRINTS, made_up_registry

ENGINES = ["db", "cached_db", "cache", "file", "signed_cookies", "exact_sessions.db", "exact_sessions.cached_db"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Each session store in turn, by the last part of its module's name."""
    name: str = request.param
    settings.SESSION_ENGINE = name if "." in name else f"django.contrib.sessions.backends.{name}"
    # The same folder for all tests: Django's file store looks at this setting once in a process.
    settings.SESSION_FILE_PATH = tmp_path_factory.getbasetemp() / "sessions"
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    return name.rpartition(".")[2]


@pytest.fixture
def made_up_site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A site with declarations and addresses of its own, in production mode: defects are stopped and logged."""
    made_up = made_up_registry()
    for module in ("admission", "release", "erasure", "sessions"):
        monkeypatch.setattr(f"consent_gate.gate.{module}.registry", made_up)
    monkeypatch.setattr("consent_gate.gate.admission.current_fingerprints", lambda: FINGERPRINTS)
    settings.ROOT_URLCONF = "consent_gate.tests.made_up"
    settings.CSRF_FAILURE_VIEW = "consent_gate.tests.made_up.refuses"
    settings.CONSENT_STRICT = False
    return made_up
