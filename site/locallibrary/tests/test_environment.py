"""Settings from the environment: good values are taken, bad ones stop the start with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from locallibrary.environment import CHECKOUT, VARIABLES, SessionEngine, read_environment

KEY = "a secret key of fifty characters or more, as it should be"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return monkeypatch


def test_the_defaults_are_safe(environment: pytest.MonkeyPatch) -> None:
    values = read_environment()
    assert not values.debug
    assert values.session_engine is SessionEngine.DB
    assert values.session_cookie_age == 1_209_600
    assert not values.session_expire_at_browser_close
    assert values.session_idle_limit == 7200
    assert values.anonymous_session_age == 14_400
    assert (values.tries_limit, values.registrations_limit, values.tries_window) == (10, 60, 900)
    assert values.trusted_proxies == 0
    assert values.visit_interval == 86_400


@pytest.mark.parametrize("engine", list(SessionEngine))
def test_all_five_engines_can_be_chosen(environment: pytest.MonkeyPatch, engine: SessionEngine) -> None:
    environment.setenv("SESSION_ENGINE", engine)
    assert read_environment().session_engine is engine


def test_lists_are_separated_by_commas(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ALLOWED_HOSTS", "library.example, www.library.example,")
    assert read_environment().allowed_hosts == ("library.example", "www.library.example")


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("DEBUG", "perhaps", "true or false"),
        ("SECRET_KEY", "short", "secrets.token_urlsafe(50)"),
        ("SECRET_KEY", KEY[:49], "at least 50 random characters"),
        ("SECRET_KEY", "abcd" * 20, "at least 50 random characters"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "at least 50 random characters"),
        ("SESSION_ENGINE", "ram", "db, cached_db, cache, file, signed_cookies"),
        ("SESSION_COOKIE_AGE", "-1", "a whole number of seconds"),
        ("SESSION_COOKIE_AGE", "two weeks", "a whole number of seconds"),
        ("SESSION_EXPIRE_AT_BROWSER_CLOSE", "2", "true or false"),
        ("SESSION_IDLE_LIMIT", "0", "a whole number of seconds"),
        ("ANONYMOUS_SESSION_AGE", "0", "a whole number of seconds"),
        ("TRUSTED_PROXIES", "-1", "a whole number, 0 to 10"),
        ("TRIES_LIMIT", "0", "a whole number, 1 to 1000"),
        ("REGISTRATIONS_LIMIT", "none", "a whole number, 1 to 100000"),
        ("TRIES_WINDOW", "a day", "a whole number of seconds"),
        ("SESSION_SAVE_EVERY_REQUEST", "always", "true or false"),
        ("VISIT_INTERVAL", "0", "a whole number of seconds"),
        ("DATABASE_URL", "banana", "sqlite:///"),
        ("DATABASE_URL", "mysql://somewhere/db", "sqlite:///"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("DATA_DIR", "/dev/null/folder", "a folder that can be written"),
        ("WEB_CONCURRENCY", "0", "1 to 64"),
        ("SESSION_COOKIE_NAME", "a name", "a name of letters"),
        ("SESSION_COOKIE_PATH", "shop", "a path that begins with /"),
        ("SESSION_COOKIE_DOMAIN", "a b", "a domain whose hosts"),
        ("SESSION_COOKIE_SAMESITE", "lax", "Lax, Strict or None"),
        ("HSTS_SECONDS", "0", "a whole number of seconds"),
        ("HSTS_INCLUDE_SUBDOMAINS", "some", "true or false"),
        ("HSTS_PRELOAD", "list", "true or false"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_with_what_it_takes(
    environment: pytest.MonkeyPatch, name: str, value: str, takes: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_environment()
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} can't be ")
    assert takes in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_refusal_does_not_give_a_secret_away(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, "x:hunter2@")
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_environment()
    assert "hunter2" not in str(refusal.value)


def test_production_does_not_start_without_a_secret_key(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        read_environment()
    environment.setenv("DEBUG", "true")
    assert read_environment().secret_key == ""


@pytest.mark.parametrize(
    "more", [{}, {"HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_SECONDS": "86400"}, {"HSTS_SECONDS": "63072000"}]
)
def test_a_host_that_the_browsers_list_would_not_take_is_not_promised(
    environment: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    for name, value in {"HSTS_PRELOAD": "true", **more}.items():
        environment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match="HSTS_PRELOAD=true needs"):
        read_environment()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SESSION_COOKIE_SAMESITE": "None", "SECURE_COOKIES": "false"}, "SESSION_COOKIE_SAMESITE=None needs"),
        ({"SESSION_COOKIE_NAME": "__Host-s", "SECURE_COOKIES": "false"}, "__Host-s needs SECURE_COOKIES"),
        ({"SESSION_COOKIE_NAME": "__Host-s", "SESSION_COOKIE_PATH": "/a/"}, "goes with no SESSION_COOKIE_PATH"),
        ({"SESSION_COOKIE_NAME": "__Host-s", "SESSION_COOKIE_DOMAIN": "a.example"}, "and no SESSION_COOKIE_DOMAIN"),
    ],
)
def test_a_session_cookie_that_every_browser_refuses_stops_the_start(
    environment: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=words):
        read_environment()


def test_several_processes_need_a_shared_cache_for_sessions_in_it(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SESSION_ENGINE", "cache")
    environment.setenv("WEB_CONCURRENCY", "2")
    with pytest.raises(ImproperlyConfigured, match="needs REDIS_URL"):
        read_environment()
    environment.setenv("REDIS_URL", "redis://localhost:6379/0")
    assert read_environment().server_processes == 2


def test_there_is_a_process_for_each_processor(environment: pytest.MonkeyPatch) -> None:
    environment.setattr("os.cpu_count", lambda: 6)
    assert read_environment().server_processes == 6
    environment.setenv("SESSION_ENGINE", "cache")
    assert read_environment().server_processes == 1, "sessions are in its memory"
    environment.setenv("REDIS_URL", "redis://localhost:6379/0")
    assert read_environment().server_processes == 6


@pytest.mark.parametrize(
    "command",
    [("manage.py", "check"), ("-m", "gunicorn", "--check-config", "--config", "gunicorn.conf.py")],
    ids=["manage.py", "gunicorn"],
)
def test_a_bad_value_stops_the_start_with_one_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    variables = os.environ | {"SECRET_KEY": KEY, "DATA_DIR": str(tmp_path), "SESSION_ENGINE": "ram"}
    run = subprocess.run(
        [sys.executable, *command], cwd=CHECKOUT / "site", env=variables, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert run.stderr.strip() == (
        "SESSION_ENGINE can't be 'ram'. It takes one of db, cached_db, cache, file, signed_cookies."
    )
