"""`manage.py check --tag consent_gate` says what is wrong and what to do."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.checks import CheckMessage
from django.core.management import call_command
from pytest_django import Settings

from consent_gate.checks import (
    CONTEXT,
    CSRF,
    DJANGOS_TEMPLATES,
    GATE,
    SESSION_GATE,
    check_addresses,
    check_banner,
    check_consent,
    check_cookie,
    check_declaration,
    check_frameworks_cookies,
    check_middleware,
    check_names,
    check_session_engine,
    check_settings,
    check_templates,
    check_token,
    frameworks_cookies,
    template_folders,
)
from consent_gate.declarations.declaration import CookieDeclaration, Registry, SameSite
from consent_gate.declarations.purposes import Purpose
from consent_gate.tests.made_up import COLOUR, COUNT_KEY, COUNTER, TOUR, made_up_registry

SECURITY = "django.middleware.security.SecurityMiddleware"
STOCK_SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
STOCK_CSRF = "django.middleware.csrf.CsrfViewMiddleware"
HARMLESS = [
    "csp.middleware.CSPMiddleware",
    "debug_toolbar.middleware.DebugToolbarMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
"""What projects put there, as the documentation of each says, and what keeps nothing."""
LOCALE = "django.middleware.locale.LocaleMiddleware"


def ids(messages: list[CheckMessage]) -> list[str | None]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def cookie(
    *,
    purpose: Purpose = Purpose.STATISTICS,
    ground: str = "",
    days: int | None = None,
    same_site: SameSite = "Lax",
    secure: bool = False,
) -> CookieDeclaration:
    lifetime = None if days is None else timedelta(days=days)
    return CookieDeclaration(
        name="x", purpose=purpose, reason="r", ground=ground, lifetime=lifetime, same_site=same_site, secure=secure
    )


def test_there_is_nothing_to_complain_about_a_fresh_installation() -> None:
    call_command("check", tags=["consent_gate"], fail_level="WARNING")
    call_command("check", tags=["consent_gate"], fail_level="ERROR", deploy=True)


def test_forms_need_the_context_processor_in_some_template_engine() -> None:
    assert ids(list(check_templates([{"OPTIONS": {"context_processors": [CONTEXT]}}]))) == []
    assert ids(list(check_templates([{"OPTIONS": {}}, {}]))) == ["consent_gate.E012"]


STORES = "django.contrib.sessions.backends"


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        *((f"{STORES}.{name}", []) for name in ("db", "cached_db", "cache", "file", "signed_cookies")),
        ("nowhere.to.be.found", ["consent_gate.E014"]),
        ("db", ["consent_gate.E014"]),
        ("django.contrib.sessions", ["consent_gate.E014"]),
    ],
)
def test_the_session_engine_has_to_hold_a_store(engine: str, found: list[str]) -> None:
    assert ids(list(check_session_engine([SESSION_GATE], engine))) == found
    assert ids(list(check_session_engine([GATE], engine))) == []


def test_a_store_that_is_no_class_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "odd_sessions", SimpleNamespace(SessionStore="db"))
    assert ids(list(check_session_engine([SESSION_GATE], "odd_sessions"))) == ["consent_gate.E014"]


@pytest.mark.parametrize(("store", "found"), [("db", ["consent_gate.E015"]), ("signed_cookies", [])])
def test_sessions_in_the_database_need_their_table(store: str, found: list[str]) -> None:
    """In a process of its own: the table of an app is imported once, and then stays."""
    program = (
        "from django.conf import settings; settings.configure(INSTALLED_APPS=['consent_gate']);"
        "import django; django.setup();"
        "from consent_gate.checks import SESSION_GATE, check_session_engine as check;"
        f"print([each.id for each in check([SESSION_GATE], '{STORES}.{store}')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(found)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, []),
        ({"mail.html": "<p>No page.</p>"}, []),
        ({"base.html": "<body>", "page.html": "<p>"}, ["consent_gate.W005"]),
        ({"deeper/base.html": "<body class=wide>"}, ["consent_gate.W005"]),
        ({"admin.html": "<body>", "base.html": "<body>{% cookie_banner %}"}, []),
        ({"base.html": "<body>{% include 'top.html' %}", "top.html": "{% cookie_banner next_page='/' %}"}, []),
    ],
)
def test_a_project_with_pages_of_its_own_shows_the_banner_on_them(
    files: dict[str, str], found: list[str], tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert ids(list(check_banner([tmp_path]))) == found


def test_a_template_in_another_encoding_is_looked_through_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_bytes("<body><p>Bücher".encode("latin-1"))
    assert ids(list(check_banner([tmp_path]))) == ["consent_gate.W005"]


def test_the_banner_is_looked_for_in_the_projects_templates_alone() -> None:
    project = Path(__file__).parent / "project" / "templates"
    assert template_folders(settings.TEMPLATES) == []  # as it lies in the package's own folder here
    assert list(check_banner([project])) == []


def test_templates_with_loaders_of_their_own_are_not_looked_through(settings: Settings, tmp_path: Path) -> None:
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path]}]
    assert template_folders(settings.TEMPLATES) == [tmp_path]
    loaders = {"loaders": ["django.template.loaders.filesystem.Loader"], **engine["OPTIONS"]}
    assert template_folders([engine | {"DIRS": [tmp_path], "OPTIONS": loaders}]) == []
    other = {"BACKEND": "django.template.backends.jinja2.Jinja2"}
    assert template_folders([other, *settings.TEMPLATES]) == template_folders([other]) == []


def test_where_pages_come_from_elsewhere_nothing_is_said_about_the_banner() -> None:
    assert template_folders([{"BACKEND": "django.template.backends.jinja2.Jinja2"}]) == []
    assert template_folders([{"BACKEND": DJANGOS_TEMPLATES, "OPTIONS": {"loaders": []}}]) == []


@pytest.mark.urls("consent_gate.tests.no_addresses")
def test_the_pages_of_the_gate_need_an_address() -> None:
    assert ids(list(check_addresses())) == ["consent_gate.E013"]


@pytest.mark.parametrize(
    ("middleware", "found"),
    [
        ([GATE, SECURITY, SESSION_GATE, CSRF], []),
        ([GATE], []),
        ([], ["consent_gate.E001"]),
        ([SESSION_GATE, CSRF], ["consent_gate.E001"]),
        ([SECURITY, GATE, SESSION_GATE, CSRF], ["consent_gate.E001"]),
        ([SESSION_GATE, GATE, CSRF], ["consent_gate.E001"]),
        ([GATE, STOCK_SESSION, CSRF], ["consent_gate.E002"]),
        ([GATE, SESSION_GATE, STOCK_CSRF], ["consent_gate.E002"]),
        ([GATE, LOCALE, SESSION_GATE, CSRF], ["consent_gate.E003"]),
        ([GATE, SESSION_GATE], ["consent_gate.E009"]),
        ([GATE, *HARMLESS, SESSION_GATE, CSRF], []),
        ([GATE, "nowhere.to.be.Found", SESSION_GATE, CSRF], ["consent_gate.E003"]),
        ([GATE, "consent_gate.tests.made_up.UsesNoSession", SESSION_GATE, CSRF], []),
    ],
)
def test_the_gates_have_to_stand_where_they_see_everything(middleware: list[str], found: list[str]) -> None:
    assert ids(list(check_middleware(middleware))) == found


@pytest.mark.parametrize(
    ("middleware", "secure", "in_session", "found"),
    [
        ([CSRF], True, False, []),
        ([CSRF], False, False, ["consent_gate.W003"]),
        ([CSRF], False, True, []),
        ([STOCK_CSRF], False, False, []),
    ],
)
def test_in_production_the_token_of_forms_travels_encrypted(
    middleware: list[str], found: list[str], *, secure: bool, in_session: bool
) -> None:
    settings = SimpleNamespace(MIDDLEWARE=middleware, CSRF_COOKIE_SECURE=secure, CSRF_USE_SESSIONS=in_session)
    assert ids(list(check_token(settings))) == found


def installation(middleware: list[str], *apps: str, csrf_in_session: bool = False) -> SimpleNamespace:
    return SimpleNamespace(
        MIDDLEWARE=middleware,
        INSTALLED_APPS=apps,
        SESSION_COOKIE_NAME="s",
        CSRF_COOKIE_NAME="c",
        CSRF_USE_SESSIONS=csrf_in_session,
        LANGUAGE_COOKIE_NAME="l",
    )


@pytest.mark.parametrize(
    ("values", "cookies"),
    [
        (installation([GATE]), {}),
        (installation([SESSION_GATE]), {"s": "SESSION_COOKIE_NAME"}),
        (installation([STOCK_SESSION]), {"s": "SESSION_COOKIE_NAME"}),
        (installation([CSRF]), {"c": "CSRF_COOKIE_NAME"}),
        (installation([STOCK_CSRF]), {"c": "CSRF_COOKIE_NAME"}),
        (installation([CSRF], csrf_in_session=True), {}),
        (installation([], "django.contrib.messages"), {"messages": "django.contrib.messages"}),
        (installation([LOCALE]), {"l": "LANGUAGE_COOKIE_NAME"}),
    ],
)
def test_the_cookies_that_django_itself_sets_are_known(values: object, cookies: dict[str, str]) -> None:
    assert frameworks_cookies(values) == cookies


def test_a_site_with_all_of_django_has_four_cookies_of_it() -> None:
    assert set(frameworks_cookies(settings)) == {"sessionid", "csrftoken", "messages", "django_language"}


def test_what_django_itself_sets_has_to_be_declared() -> None:
    cookies = {"sessionid": "SESSION_COOKIE_NAME", "l": "LANGUAGE_COOKIE_NAME"}
    [message] = check_frameworks_cookies(made_up_registry(), cookies)
    assert message.id == "consent_gate.E004"
    assert message.msg == "The cookie “l” (LANGUAGE_COOKIE_NAME) is not declared, so the gate stops it."
    assert len(list(check_frameworks_cookies(Registry(), cookies))) == 2


def test_a_name_may_be_declared_once() -> None:
    member = CookieDeclaration(name="colour_page", purpose=Purpose.PREFERENCES, reason="r")
    assert ids(list(check_names("cookie", [COUNTER, COLOUR, member]))) == []
    assert ids(list(check_names("cookie", [COUNTER, TOUR, COUNTER, COUNTER]))) == ["consent_gate.E005"]


@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        (cookie(purpose=Purpose.NECESSARY, ground="Asked for."), []),
        (cookie(purpose=Purpose.NECESSARY), ["consent_gate.E006"]),
        (cookie(purpose=Purpose.PREFERENCES), []),
        (cookie(purpose=Purpose.PREFERENCES, ground="Asked for."), ["consent_gate.E007"]),
    ],
)
def test_what_is_necessary_has_a_ground_and_nothing_else_has(declaration: CookieDeclaration, found: list[str]) -> None:
    assert ids(list(check_declaration(declaration))) == found


@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        (cookie(), []),
        (cookie(days=365), []),
        (cookie(days=396), []),
        (cookie(days=397), ["consent_gate.W002"]),
        (cookie(purpose=Purpose.PREFERENCES, days=400), []),
        (cookie(purpose=Purpose.PREFERENCES, days=401), ["consent_gate.W001"]),
        (cookie(days=401), ["consent_gate.W001", "consent_gate.W002"]),
        (cookie(same_site="None", secure=True), []),
        (cookie(same_site="None"), ["consent_gate.E008"]),
    ],
)
def test_a_cookie_is_declared_so_that_browsers_and_rules_take_it(
    declaration: CookieDeclaration, found: list[str]
) -> None:
    assert ids(list(check_cookie(declaration))) == found


def test_django_is_told_of_everything_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    faulty = Registry()
    for each in (COUNTER, COUNTER, replace(COUNTER, purpose=Purpose.NECESSARY), replace(COUNTER, same_site="None")):
        faulty.declare(each)
    for _ in range(2):
        faulty.declare(COUNT_KEY)
    (tmp_path / "base.html").write_text("<body>")
    monkeypatch.setattr("consent_gate.checks.registry", faulty)
    settings.MIDDLEWARE = [SESSION_GATE]
    settings.SESSION_ENGINE = "nowhere"
    settings.ROOT_URLCONF = "consent_gate.tests.no_addresses"
    settings.CONSENT_HELP_URL = "no-such-page"
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path], "OPTIONS": {}}]
    messages = check_consent(None)
    found = [str(each).removeprefix("consent_gate.") for each in ids(messages)]
    of_cookies_and_keys = ["E004", "E004", "E005", "E005", "E006", "E008"]
    assert sorted(found) == ["E001", *of_cookies_and_keys, "E009", "E011", "E012", "E013", "E014", "W005"]
    declared_often = [each.msg.partition(" is declared")[0] for each in messages if each.id == "consent_gate.E005"]
    assert declared_often == ["The cookie “counter”", "The session key “count”"]


def test_a_longest_session_that_is_none_is_an_error(settings: Settings) -> None:
    settings.CONSENT_LONGEST_SESSION = settings.SESSION_COOKIE_AGE - 1
    assert ids(list(check_settings())) == ["consent_gate.E010"]
