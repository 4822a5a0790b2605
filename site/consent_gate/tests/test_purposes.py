"""Purposes are data: a project changes their words, adds its own, and hears what it got wrong."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from consent_gate.declarations.declaration import CookieDeclaration
from consent_gate.declarations.purposes import LONGEST_KEY, MOST_OPTIONAL, STANDARD, Purpose, purposes_from

WORDS = {"label": "Marketing", "summary": "Show advertisements."}
SITE = Path(__file__).resolve().parents[2]


def test_a_project_that_says_nothing_has_the_four_standard_purposes() -> None:
    assert purposes_from({}) == STANDARD == ("necessary", "preferences", "statistics", "personalisation")


def test_a_new_purpose_stands_before_those_that_a_project_does_not_name() -> None:
    found = purposes_from({"statistics": {}, "marketing": WORDS})
    assert found == ("necessary", "statistics", "marketing", "preferences", "personalisation")
    assert (found[2].label, found[2].summary) == ("Marketing", "Show advertisements.")


def test_there_is_room_for_eight_purposes_that_need_a_yes() -> None:
    own = {chr(ord("a") + number): WORDS for number in range(MOST_OPTIONAL - 3)}
    assert len(purposes_from(own)) == 1 + MOST_OPTIONAL == 9


def test_one_of_two_words_can_be_changed() -> None:
    necessary, statistics, *_others = purposes_from({"statistics": {"label": "Counting"}, "necessary": {"label": "!"}})
    assert (statistics.label, statistics.summary) == ("Counting", STANDARD[2].summary)
    assert (necessary, necessary.label) == ("necessary", "!")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"Marketing": WORDS}, "'Marketing'"),
        ({"ad-s": WORDS}, "'ad-s'"),
        ({"": WORDS}, "''"),
        ({"a" * (LONGEST_KEY + 1): WORDS}, "1 to 20 small letters"),
        ({"answer": WORDS}, "none of answer, asked"),
        ({3: WORDS}, "3"),
        ({"marketing": {}}, r"CONSENT_PURPOSES\['marketing'\] can't be {}"),
        ({"marketing": {"label": "Marketing"}}, "`label` and `summary`"),
        ({"marketing": WORDS | {"text": "x"}}, "`label` and `summary`"),
        ({"marketing": "Marketing"}, "can't be 'Marketing'"),
        ({"marketing": WORDS | {"label": 3}}, "`label` and `summary`"),
        ({"statistics": "Counting"}, "can't be 'Counting'"),
        ({chr(ord("a") + i): WORDS for i in range(MOST_OPTIONAL - 2)}, "there is room for 8"),
    ],
)
def test_words_that_can_not_be_used_are_named(words: dict[str, dict[str, str]], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        purposes_from(words)


def test_a_purpose_is_its_key() -> None:
    purpose = Purpose("marketing", gettext_lazy("Cookies"), "")
    assert json.dumps({purpose: purpose}) == '{"marketing": "marketing"}'
    assert {purpose} == {"marketing"}
    assert copy.deepcopy(purpose).label == purpose.label


def test_a_declaration_may_name_its_purpose_by_the_key() -> None:
    declared = CookieDeclaration(name="seen", purpose="statistics", reason="Counts.")  # type: ignore[arg-type]
    assert declared.purpose is Purpose.STATISTICS


def test_a_declaration_with_an_unknown_purpose_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match=r"no purpose 'marketing'.*'necessary', 'preferences'.*CONSENT_PURPOSES"):
        CookieDeclaration(name="seen", purpose="marketing", reason="Shows.")  # type: ignore[arg-type]


WALK = """
    import django
    from django.core.management import call_command
    django.setup()
    call_command("migrate", verbosity=0)
    from consent_gate.api import CookieDeclaration, Decision, Purpose, consent_of, declare
    from django.test import Client

    declare(CookieDeclaration(name="campaign", purpose=Purpose.named("marketing"), reason="Which one brought you."))
    browser = Client(headers={"sec-fetch-site": "same-origin"})
    page = browser.get("/about/").content.decode()
    assert "<strong>Marketing</strong>: Show what is new." in page, "the banner asks about it"
    assert '<input type="hidden" name="asked" value="marketing">' in page
    page = browser.get("/cookies/").content.decode()
    assert 'id="marketing"' in page and "campaign" in page, "the page about cookies lists it"
    assert 'name="marketing" value="yes"' in page

    browser.post("/cookies/choice/", {"answer": "choose", "marketing": "yes", "next": "/about/"}, follow=True)
    assert consent_of(browser.get("/about/").wsgi_request).decision.granted == {"necessary", "marketing"}
    assert "Allowed: Marketing." in browser.get("/privacy/").content.decode()
    receipt = browser.get("/cookies/receipt.json").json()
    assert receipt["answers"]["marketing"] == "yes" and receipt["answers"]["statistics"] == "no"
    assert receipt["shown"]["purposes"]["marketing"]["label"] == "Marketing"

    browser.post("/cookies/choice/", {"answer": "accept", "next": "/about/"}, follow=True)
    assert {"marketing", "statistics"} <= consent_of(browser.get("/about/").wsgi_request).decision.granted
    assert "Everything is allowed." in browser.get("/privacy/").content.decode()
"""


def test_a_fifth_purpose_goes_wherever_the_four_go(tmp_path: Path) -> None:
    """In a process of its own: purposes are read once, when Django starts."""
    (tmp_path / "five_purposes.py").write_text(
        dedent("""
            from locallibrary.settings_for_tests import *
            DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
            ALLOWED_HOSTS = ["testserver"]
            CONSENT_PURPOSES |= {"marketing": {"label": "Marketing", "summary": "Show what is new."}}
        """)
    )
    (tmp_path / "walk.py").write_text(dedent(WALK))
    done = subprocess.run(
        [sys.executable, "walk.py"],
        cwd=tmp_path,
        env={"DJANGO_SETTINGS_MODULE": "five_purposes", "PYTHONPATH": f"{tmp_path}:{SITE}", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
