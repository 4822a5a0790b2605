"""What declarations are, and that a cookie is sent as it is declared."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.utils.translation import gettext_lazy
from pytest_django import Settings

from consent_gate.cookies import MESSAGES, UNCONFIRMED_KEY, _attributes
from consent_gate.declarations.declaration import (
    CookieDeclaration,
    Registry,
    SameSite,
    SessionKeyDeclaration,
    registry,
)
from consent_gate.declarations.description import described
from consent_gate.declarations.fingerprints import fingerprint_of
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.judgement import faults_of
from consent_gate.headers.set_cookie import from_morsel

SITE = Path(__file__).resolve().parents[2]

COUNTER = CookieDeclaration(
    name="counter", purpose=Purpose.STATISTICS, reason="Counts.", lifetime=timedelta(days=1), secure=True
)


@pytest.mark.parametrize("prefix", ["SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE"])
def test_the_frameworks_cookies_are_declared_with_the_settings_own_values(prefix: str) -> None:
    declared = registry.cookies.find(getattr(settings, f"{prefix}_NAME"))
    assert declared is not None
    facts, of_settings = described(declared), {"lifetime": f"{prefix}_AGE", "http_only": f"{prefix}_HTTPONLY"}
    assert {name: facts[name] for name in of_settings} == {
        name: getattr(settings, setting) for name, setting in of_settings.items()
    }
    assert (facts["same_site"], facts["path"], facts["domain"]) == (
        getattr(settings, f"{prefix}_SAMESITE") or "", getattr(settings, f"{prefix}_PATH"), None,
    )  # fmt: skip


def test_what_opens_an_account_or_a_session_is_declared_as_a_secret() -> None:
    assert {each.name for each in registry if each.secret} == {
        settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, auth.HASH_SESSION_KEY, INTERNAL_RESET_SESSION_TOKEN,
    }  # fmt: skip


def test_all_that_djangos_own_parts_keep_in_a_session_is_declared() -> None:
    names = {
        auth.SESSION_KEY, auth.BACKEND_SESSION_KEY, auth.HASH_SESSION_KEY, INTERNAL_RESET_SESSION_TOKEN,
        SessionStorage.session_key, SessionBase.TEST_COOKIE_NAME, "_session_expiry",
    }  # fmt: skip
    keys = {each.name: each for each in registry.session_keys}
    assert names < keys.keys()
    assert not any(keys[name].auxiliary for name in names), "each is a reason to keep the session"
    assert keys[UNCONFIRMED_KEY.name].auxiliary, "which keeps none alive"


def test_a_message_for_the_next_page_is_declared_as_django_sends_it() -> None:
    response = HttpResponse()
    storage = CookieStorage(RequestFactory().get("/"))
    storage.add(messages.INFO, "You are signed out.")
    storage.update(response)
    [sent] = response.cookies.values()
    assert faults_of(from_morsel(sent, 0), MESSAGES) == ()


def test_a_cookie_of_django_has_each_attribute_from_its_own_settings(settings: Settings) -> None:
    settings.LANGUAGE_COOKIE_HTTPONLY = settings.LANGUAGE_COOKIE_SECURE = True
    settings.LANGUAGE_COOKIE_SAMESITE, settings.LANGUAGE_COOKIE_PATH = "Strict", "/books/"
    settings.LANGUAGE_COOKIE_DOMAIN = "library.example"
    assert _attributes("LANGUAGE_COOKIE") == {
        "http_only": True,
        "secure": True,
        "same_site": "Strict",
        "path": "/books/",
        "domain": "library.example",
    }
    settings.LANGUAGE_COOKIE_SAMESITE = False
    assert _attributes("LANGUAGE_COOKIE")["same_site"] == ""


def test_a_cookie_is_sent_with_its_declared_attributes() -> None:
    response = HttpResponse()
    CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r", lifetime=timedelta(hours=1), secure=True).send(
        response, "1"
    )
    sent = response.cookies["x"].OutputString()
    assert sent.startswith("x=1;")
    assert all(part in sent for part in ("HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Lax", "Secure"))


def test_an_attribute_that_is_declared_otherwise_is_sent_otherwise() -> None:
    response = HttpResponse()
    CookieDeclaration(
        name="x",
        purpose=Purpose.STATISTICS,
        reason="r",
        http_only=False,
        secure=False,
        same_site="",
        path="/books",
        domain="library.example",
    ).send(response, "1")
    assert response.cookies["x"].OutputString() == "x=1; Domain=library.example; Path=/books"


@pytest.mark.parametrize(("same_site", "sent"), [("Strict", "; SameSite=Strict"), ("", "")])
def test_a_cookie_is_deleted_where_it_lies(same_site: SameSite, sent: str) -> None:
    response = HttpResponse()
    CookieDeclaration(
        name="x",
        purpose=Purpose.STATISTICS,
        reason="r",
        path="/books",
        domain="library.example",
        same_site=same_site,
        secure=False,
    ).delete(response)
    assert response.cookies["x"].OutputString() == (
        f'x=""; Domain=library.example; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/books{sent}'
    )


def test_of_several_declarations_that_fit_a_name_its_own_counts_then_the_first() -> None:
    some = Registry()
    families = [SessionKeyDeclaration(name=name, purpose=Purpose.STATISTICS, reason="r") for name in ("a?", "a*")]
    own, second = (SessionKeyDeclaration(name="ab", purpose=Purpose.STATISTICS, reason=each) for each in "xy")
    for each in (*families, own, second):
        some.declare(each)
    assert [some.session_keys.find(name) for name in ("ab", "ac", "acc", "b")] == [own, *families, None]
    assert list(some) == [*families, own, second]


def test_what_is_declared_for_a_purpose_is_listed_cookies_first() -> None:
    some = Registry()
    key = some.declare(SessionKeyDeclaration(name="key", purpose=Purpose.STATISTICS, reason="r"))
    some.declare(SessionKeyDeclaration(name="other", purpose=Purpose.PREFERENCES, reason="r"))
    some.declare(COUNTER)
    assert some.of(Purpose.STATISTICS) == (COUNTER, key)


def test_a_description_holds_all_that_is_declared() -> None:
    key = SessionKeyDeclaration(name="key", purpose=Purpose.NECESSARY, reason="Keeps.", ground="Asked for.")
    common = {"lifetime": None, "set_by": "this site", "shared_with": "nobody"}
    assert described(key) == common | {
        "kind": "session key",
        "name": "key",
        "purpose": "necessary",
        "reason": "Keeps.",
        "ground": "Asked for.",
    }
    assert described(COUNTER) == common | {
        "kind": "cookie",
        "name": "counter",
        "purpose": "statistics",
        "reason": "Counts.",
        "ground": None,
        "lifetime": 86_400,
        "http_only": True,
        "secure": True,
        "same_site": "Lax",
        "path": "/",
        "domain": None,
    }


def test_a_pattern_declares_a_family_of_names_and_no_more() -> None:
    some = Registry()
    some.declare(SessionKeyDeclaration(name="_auth_user_*", purpose=Purpose.NECESSARY, reason="r", ground="g"))
    assert some.session_keys.find("_auth_user_id") is not None
    assert some.session_keys.find("x_auth_user_id") is None
    assert some.cookies.find("_auth_user_id") is None


@pytest.mark.parametrize(
    "change",
    [
        {"name": "counter2"},
        {"reason": "Counts more."},
        {"lifetime": timedelta(days=2)},
        {"lifetime": None},
        {"set_by": "somebody else"},
        {"shared_with": "an advertiser"},
    ],
    ids=["name", "reason", "longer", "until close", "set by", "shared with"],
)
def test_a_yes_was_given_to_each_thing_that_a_visitor_is_told(change: dict[str, Any]) -> None:
    changed = replace(COUNTER, **change)
    assert fingerprint_of((changed,)) != fingerprint_of((COUNTER,))
    assert described(changed) != described(COUNTER)


def test_a_declaration_reads_well_in_a_terminal() -> None:
    key = SessionKeyDeclaration(name="basket", purpose=Purpose.NECESSARY, reason=gettext_lazy("Books."), ground="g")
    assert (str(COUNTER), str(key)) == ("cookie “counter”", "session key “basket”")
    assert repr(COUNTER) == "CookieDeclaration(name='counter', purpose='statistics')"
    assert repr(key) == "SessionKeyDeclaration(name='basket', purpose='necessary')"


def test_another_version_of_the_gate_makes_no_answer_stale() -> None:
    """The text stands in visitors' cookies: what hashes to it today has to do so for good."""
    key = SessionKeyDeclaration(name="count", purpose=Purpose.STATISTICS, reason=gettext_lazy("Necessary"))
    assert fingerprint_of((COUNTER, key)) == "46970050aa6f"
    with translation.override("de"):
        assert fingerprint_of((key, COUNTER)) == "46970050aa6f"


VISITS = 'CookieDeclaration(name="x", purpose="statistics"'
BASKET = 'SessionKeyDeclaration(name="x", purpose="statistics"'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            'CookieDeclaration(name="x", purpose="sales", reason="r")',
            "The cookie “x” .* no purpose 'sales'. Write one of",
        ),
        ('CookieDeclaration(name="x", purpose=None, reason="r")', "The cookie “x” .* no purpose None. Write one of"),
        ('CookieDeclaration(name="x", purpose=[], reason="r")', r"The cookie “x” .* no purpose \[\]. Write one of"),
        (
            'CookieDeclaration(name="", purpose="statistics", reason="r")',
            "A cookie has name=''. Write its name as text",
        ),
        ('SessionKeyDeclaration(name=7, purpose="statistics", reason="r")', "A session key has name=7. Write"),
        (
            f'{VISITS}, reason="r", lifetime=60)',
            "“x” has lifetime=60. Write a time",
        ),
        (f"{VISITS}, reason=None)", "“x” has reason=None. Write a text"),
        (f'{VISITS}, reason="r", ground=None)', "“x” has ground=None. Write a text"),
        (f'{VISITS}, reason="r", set_by=None)', "“x” has set_by=None. Write a text"),
        (f'{VISITS}, reason="r", shared_with=None)', "“x” has shared_with=None. Write a text"),
        (f'{VISITS}, reason="r", same_site="loose")', "same_site='loose'. Write one of 'Lax'"),
        (
            f'{VISITS}, reason="r", same_site=False)',
            "same_site=False. Write one of 'Lax'",
        ),
        (
            f'{VISITS}, reason="r", httponly=True)',
            "'httponly'. It takes.* http_only, ",
        ),
        (
            f"{VISITS})",
            "'reason'. It takes, each by its name: name, purpose, reason",
        ),
        ('CookieDeclaration("x")', "It takes, each by its name: name, purpose, reason"),
        (f'{BASKET}, reason="r", path="/")', "'path'. It takes.* auxiliary"),
        ('declare("x")', r"declare\(\) takes a CookieDeclaration or a SessionKeyDeclaration, and got 'x'"),
    ],
)
def test_what_can_not_be_declared_is_said_with_its_app_and_what_to_write(
    written: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = f"shop_{abs(hash(written))}"
    package = tmp_path / app
    package.mkdir()
    (package / "__init__.py").touch()
    imports = "from consent_gate.api import CookieDeclaration, SessionKeyDeclaration, declare"
    (package / "cookies.py").write_text(f"{imports}\n{written}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    installed = override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, app])
    with (
        pytest.raises(ImproperlyConfigured, match=f"The cookies.py of the app '{app}' can't be used. .*{said}"),
        installed,
    ):
        pytest.fail("The site started.")


def test_what_django_stores_is_declared_as_the_settings_say(tmp_path: Path) -> None:
    """In a process of its own: declarations are read once, when Django starts."""
    (tmp_path / "other_settings.py").write_text(
        dedent("""
            from locallibrary.settings_for_tests import *
            CSRF_USE_SESSIONS = True
            SESSION_COOKIE_PATH = "/books/"
            MIDDLEWARE = [each for each in MIDDLEWARE if each != "django.middleware.locale.LocaleMiddleware"]
        """)
    )
    (tmp_path / "look.py").write_text(
        dedent("""
            import django
            django.setup()
            from django.conf import settings
            from django.middleware.csrf import CSRF_SESSION_KEY
            from consent_gate.api import registry
            assert registry.session_keys.find(CSRF_SESSION_KEY).secret
            assert registry.cookies.find(settings.LANGUAGE_COOKIE_NAME) is None
            assert registry.cookies.find(settings.SESSION_COOKIE_NAME).path == "/books/"
            assert registry.cookies.find("messages").path == "/", "as Django sends it"
        """)
    )
    done = subprocess.run(
        [sys.executable, "look.py"],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "other_settings", "PYTHONPATH": f"{tmp_path}:{SITE}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
