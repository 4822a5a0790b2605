"""The files that a visitor takes home."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from consent_gate.api import CHOICE, OPTIONAL_PURPOSES, SESSION, CookieDeclaration, Declarations, Purpose
from privacy_dashboard.browser_cookies import Selection, browser_cookies
from privacy_dashboard.export import as_table

pytestmark = pytest.mark.django_db


def test_the_document_holds_everything_on_the_page_and_no_secret(reader: Client, user: AbstractUser) -> None:
    secrets = [reader.cookies[SESSION.name].value, reader.session["_auth_user_hash"], user.password]
    response = reader.post("/privacy/export/", {"format": "json"})
    text = response.content.decode()
    document = json.loads(text)
    assert document["format"] == "privacy-export/1"
    assert {cookie["name"] for cookie in document["cookies"]} == set(reader.cookies) - {"messages"}
    kept = {key["key"]: key["value"] for key in document["session"]["keys"]}
    assert kept["num_visits"] == reader.session["num_visits"]
    assert document["session"]["ends_when_unused_for_seconds"] is None
    assert document["account"]["fields"]["username"] == user.get_username()
    assert document["decision"]["state"] == "granted"
    answers = {each["purpose"]: each["granted"] for each in document["decision"]["answers"]}
    assert answers == dict.fromkeys(OPTIONAL_PURPOSES, True)
    assert not any(secret in text for secret in secrets)
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]


def test_the_document_says_of_the_session_what_its_visitor_may_know(reader: Client) -> None:
    document = reader.post("/privacy/export/", {"format": "json"}).json()
    session = document["session"]
    assert set(session) == {
        "engine", "id_begins_with", "bytes", "ends", "ends_on_the_server", "ends_when_unused_for_seconds", "keys",
    }  # fmt: skip
    assert session["id_begins_with"] == reader.cookies[SESSION.name].value[:6]
    [listed] = document["account_sessions"]
    ends = datetime.fromisoformat(listed.pop("ends_at"))
    assert abs(ends - reader.session.get_expiry_date()) < timedelta(minutes=5)
    assert listed == {"began_at": None, "until_browser_closes": False, "this_one": True}


def test_the_document_says_when_the_answer_is_forgotten(visitor: Client) -> None:
    document = visitor.post("/privacy/export/", {"format": "json"}).json()
    [answer] = [each for each in document["cookies"] if each["name"] == CHOICE.name]
    made_at = datetime.fromisoformat(document["decision"]["made_at"])
    assert answer["ends"]["known"] == "exactly"
    assert datetime.fromisoformat(answer["ends"]["at"]) == made_at + timedelta(days=180)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_file_is_named_by_its_day(visitor: Client, form: str) -> None:
    sent = visitor.post("/privacy/export/", {"format": form}).headers["Content-Disposition"]
    assert re.search(rf"{datetime.now(UTC):%Y-%m-%d}\.{form}\"?$", sent)


def test_somebody_without_anything_gets_a_document_that_says_so(client: Client) -> None:
    document = client.post("/privacy/export/", headers={"sec-fetch-site": "same-origin"}).json()
    assert document["cookies"] == []
    assert document["session"] is document["receipt"] is document["account"] is None


def test_the_table_holds_the_cookies(visitor: Client) -> None:
    response = visitor.post("/privacy/export/", {"format": "csv"})
    rows = list(csv.DictReader(StringIO(response.content.decode())))
    assert list(rows[0]) == ["name", "value", "bytes", "purpose", "state", "ends"]
    assert {row["name"] for row in rows} == set(visitor.cookies)
    [visits] = [row for row in rows if row["name"] == "visits"]
    assert (visits["bytes"], visits["purpose"], visits["state"]) == ("7", "statistics", "in order")
    assert all(row["ends"] for row in rows)
    assert {row["name"]: row["value"] for row in rows}["visits"] == visitor.cookies["visits"].value
    assert {row["name"]: row["value"] for row in rows}[SESSION.name] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    declarations: Declarations[CookieDeclaration] = Declarations()
    declarations.add(CookieDeclaration(name="a", purpose=Purpose.STATISTICS, reason="Whose value is shown."))
    [cookie] = browser_cookies("a=b", declarations, (), {})
    formula = replace(cookie, sent=replace(cookie.sent, name=f"{start}1+1", value=f"{start}SUM(A1)"))
    table = as_table(Selection(shown=(formula,), others=(formula,)))
    [_heading, *rows] = list(csv.reader(StringIO(table, newline="")))
    assert [row[:2] for row in rows] == 2 * [[f"'{start}1+1", f"'{start}SUM(A1)"]], "a text, whatever it begins with"


def test_the_export_tells_the_browsers_end_from_the_servers(reader: Client) -> None:
    session = reader.session
    session.set_expiry(0)
    session.save()
    exported = reader.post("/privacy/export/", {"format": "json"}).json()["session"]
    assert exported["ends"] == {"known": "browser close", "at": None, "within_seconds": None}
    assert exported["ends_on_the_server"]["known"] == "exactly"
    at = datetime.fromisoformat(exported["ends_on_the_server"]["at"])
    assert at - datetime.now(UTC) > timedelta(days=13), "as long as SESSION_COOKIE_AGE"
