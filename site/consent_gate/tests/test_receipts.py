"""Receipts: written once, signed, verifiable, and without anybody's name."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from consent_gate.decision.choice import Answer, Choice
from consent_gate.declarations.declaration import CookieDeclaration, Registry, SessionKeyDeclaration
from consent_gate.declarations.fingerprints import current_fingerprints
from consent_gate.declarations.purposes import PURPOSES, Purpose
from consent_gate.models import Receipt, ShownText
from consent_gate.receipts.banner_texts import BANNER
from consent_gate.receipts.receipts import Place, Verification, changes_since, export, find, keep, propose, verify
from consent_gate.receipts.shown_texts import Change, change_in, source_facts

pytestmark = pytest.mark.django_db

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def make_choice(*, granted: bool = True) -> Choice:
    now = datetime.now(UTC).replace(microsecond=0)
    answers = {purpose: Answer(granted, fingerprint, now) for purpose, fingerprint in current_fingerprints().items()}
    return Choice(now, uuid4().hex, answers)


def token_for(choice: Choice, place: Place = Place.BANNER, *, gpc: bool = False) -> str:
    return propose(choice, choice.answers, place, "en", gpc=gpc)


def kept_receipt(choice: Choice | None = None) -> Receipt:
    choice = choice or make_choice()
    receipt = keep(token_for(choice), choice)
    assert receipt is not None
    return receipt


def test_a_receipt_holds_the_answer_the_place_and_the_words_and_nobodys_name() -> None:
    choice = make_choice(granted=False)
    receipt = keep(token_for(choice, Place.GPC, gpc=True), choice)
    assert receipt is not None
    assert set(receipt.answers.values()) == {"no"}
    assert (receipt.place, receipt.gpc) == ("signal", True)
    assert receipt.text.body["banner"]["refuse"] == "Refuse all"
    assert {field.name for field in Receipt._meta.get_fields()} == {
        "id", "made_at", "answers", "fingerprints", "text", "place", "gpc",
    }  # fmt: skip


def test_proposing_writes_nothing_and_keeping_twice_writes_once() -> None:
    choice = make_choice()
    token = token_for(choice)
    assert not Receipt.objects.exists()
    assert keep(token, choice) == keep(token, choice)
    assert Receipt.objects.count() == 1


def test_a_text_is_kept_once_however_often_it_is_shown() -> None:
    for _ in range(3):
        kept_receipt()
    assert (Receipt.objects.count(), ShownText.objects.count()) == (3, 1)


def test_a_receipt_says_nothing_of_what_was_not_asked() -> None:
    choice = make_choice()
    receipt = keep(propose(choice, [Purpose.STATISTICS], Place.PAGE, "de", gpc=False), choice)
    assert receipt is not None
    assert receipt.answers == {"statistics": "yes"}
    assert receipt.fingerprints == {"statistics": current_fingerprints()[Purpose.STATISTICS]}
    assert (receipt.place, receipt.gpc, receipt.made_at) == ("page", False, choice.made_at)
    assert (receipt.text.language, receipt.text.body["banner"]["refuse"]) == ("de", "Alle ablehnen")


def test_each_choice_finds_its_own_receipt() -> None:
    first, second = make_choice(), make_choice()
    receipts = [kept_receipt(first), kept_receipt(second)]
    assert [find(first), find(second)] == receipts


def test_a_receipt_is_that_of_an_answer_at_its_very_second() -> None:
    choice = make_choice()
    kept_receipt(choice)
    assert find(choice._replace(made_at=choice.made_at - timedelta(seconds=1))) is None


def test_each_language_has_a_text_of_its_own() -> None:
    for language in ("en", "de", "en"):
        choice = make_choice()
        receipt = keep(propose(choice, choice.answers, Place.BANNER, language, gpc=False), choice)
        assert receipt is not None
        assert receipt.text.language == language
    assert ShownText.objects.count() == 2


def test_a_token_is_good_for_its_own_choice_alone() -> None:
    assert keep(token_for(make_choice()), make_choice()) is None
    granted = make_choice(granted=False)
    forged = Choice(granted.made_at, granted.receipt_hex, make_choice().answers)
    assert keep(token_for(granted), forged) is None
    assert not Receipt.objects.exists()


def test_a_token_is_good_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = make_choice()
    token = token_for(choice)
    later = timezone.now().timestamp() + 601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert keep(token, choice) is None


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_string_at_all_passes_for_a_token(token: str) -> None:
    assert keep(token, make_choice()) is None


def test_an_exported_receipt_is_genuine_also_after_a_trip_through_a_file() -> None:
    document = json.loads(json.dumps(export(kept_receipt()), indent=2, ensure_ascii=False))
    assert verify(document) is Verification.GENUINE_AND_KEPT
    assert document["shown"]["banner"]["accept"] == "Accept all"
    assert any(each["name"] == "visits" for each in document["shown"]["declarations"])


def test_a_document_says_all_that_is_kept() -> None:
    receipt = kept_receipt()
    document = export(receipt)
    body = receipt.text.body
    assert {name: value for name, value in document.items() if name not in {"key", "signature"}} == {
        "format": "cookie-receipt/1",
        "id": str(receipt.id),
        "made_at": receipt.made_at.isoformat(),
        "answers": dict.fromkeys(current_fingerprints(), "yes"),
        "fingerprints": dict(current_fingerprints()),
        "place": "banner",
        "global_privacy_control": False,
        "shown": {name: body[name] for name in ("language", "banner", "purposes", "declarations")},
    }


def test_a_receipt_that_a_visitor_took_home_earlier_is_genuine_for_good(settings: Settings) -> None:
    """Signed by an earlier version of this module, with a key of earlier days."""
    settings.SECRET_KEY_FALLBACKS = ["a key of earlier days"]
    document = {
        "format": "cookie-receipt/1",
        "id": "01234567-89ab-cdef-0123-456789abcdef",
        "answers": {"statistics": "no", "preferences": "yes"},
        "shown": {"heading": "Grüße"},
        "key": "f0b6e69e8c8e",
        "signature": "f1228c90e838a724bb5c5a63eca44c353289cb7cac60e0f191e67f532112835e",
    }
    assert verify(document) is Verification.GENUINE_AND_PRUNED


def test_every_alteration_is_noticed() -> None:
    document = export(kept_receipt())
    for name in document.keys() - {"format", "key"}:
        assert verify(document | {name: "another"}) is Verification.ALTERED, name
        assert verify({key: value for key, value in document.items() if key != name}) is Verification.ALTERED, name
    assert verify(document | {"more": 1}) is Verification.ALTERED


def test_a_pruned_receipt_is_still_genuine() -> None:
    document = export(kept_receipt())
    Receipt.objects.all().delete()
    assert verify(document) is Verification.GENUINE_AND_PRUNED


def test_genuine_is_what_says_what_was_signed_whether_it_is_kept_or_not() -> None:
    assert {each for each in Verification if each.is_genuine} == {
        Verification.GENUINE_AND_KEPT,
        Verification.GENUINE_AND_PRUNED,
    }


@pytest.mark.parametrize(("name", "heading"), [("", "Cookies"), ("Reading Room", "Cookies on Reading Room")])
def test_the_words_that_are_kept_name_the_site_where_it_has_a_name(settings: Settings, name: str, heading: str) -> None:
    settings.CONSENT_SITE_NAME = name
    assert kept_receipt().text.body["banner"]["heading"] == heading


def test_a_rotated_key_verifies_as_fallback_and_a_lost_one_is_called_lost(
    settings: Settings,
) -> None:
    document = export(kept_receipt())
    old_key, settings.SECRET_KEY = settings.SECRET_KEY, "another key, as after a rotation"
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert verify(document) is Verification.GENUINE_AND_KEPT
    settings.SECRET_KEY_FALLBACKS = []
    assert verify(document) is Verification.KEY_LOST


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_any_document_at_all_is_judged_without_an_error(document: Any) -> None:
    assert not verify(document).is_genuine
    genuine = export(kept_receipt())
    assert not verify(genuine | {"signature": document}).is_genuine
    assert not verify(genuine | {"key": document}).is_genuine


def test_what_changed_is_told_by_name_whatever_the_language_was() -> None:
    before, now = Registry(), Registry()
    for registry, reason in ((before, "Counts visits."), (now, "Counts visits, and where from.")):
        registry.declare(CookieDeclaration(name="visits", purpose=Purpose.STATISTICS, reason=reason))
        registry.declare(CookieDeclaration(name="theme", purpose=Purpose.PREFERENCES, reason="r"))
    before.declare(SessionKeyDeclaration(name="visits", purpose=Purpose.STATISTICS, reason="r"))
    now.declare(CookieDeclaration(name="referrer", purpose=Purpose.STATISTICS, reason="r"))
    assert change_in(Purpose.STATISTICS, source_facts(before), source_facts(now)) == Change(
        Purpose.STATISTICS, added=("referrer",), removed=("visits (session)",), changed=("visits",)
    )
    assert change_in(Purpose.PREFERENCES, source_facts(before), source_facts(now)) == Change(
        Purpose.PREFERENCES, known=False
    )


@pytest.mark.parametrize(
    "expected",
    [
        Change(Purpose.STATISTICS, added=("visits",)),
        Change(Purpose.STATISTICS, removed=("visits",)),
        Change(Purpose.STATISTICS, changed=("visits",)),
    ],
    ids=["added", "removed", "changed"],
)
def test_one_difference_is_enough_to_know_what_changed(expected: Change) -> None:
    counter = CookieDeclaration(name="visits", purpose=Purpose.STATISTICS, reason="Counts visits.")
    before, now = Registry(), Registry()
    if not expected.added:
        before.declare(counter)
    if not expected.removed:
        now.declare(replace(counter, reason="Counts visits, and where from.") if expected.changed else counter)
    change = change_in(Purpose.STATISTICS, source_facts(before), source_facts(now))
    assert change == expected
    assert change.known


def test_changes_since_a_choice_come_from_its_receipt_and_a_pruned_one_is_no_error() -> None:
    choice = make_choice()
    other = make_choice()._replace(made_at=choice.made_at + timedelta(seconds=1))
    assert keep(propose(other, other.answers, Place.BANNER, "de", gpc=False), other), "which was told other words"
    receipt = kept_receipt(choice)
    text = receipt.text
    text.body["source"] = [each for each in text.body["source"] if each["name"] != "views"]
    text.save()
    assert changes_since(choice, [Purpose.STATISTICS])[0].added == ("views (session)",)
    Receipt.objects.all().delete()
    assert changes_since(choice, [Purpose.STATISTICS]) == [Change(Purpose.STATISTICS, known=False)]
    assert find(choice) is None
    assert changes_since(choice._replace(answers={}), [Purpose.STATISTICS])[0].added, "never answered: all is new"


def test_an_answer_older_than_the_receipt_is_not_compared_with_its_words() -> None:
    choice = make_choice()
    kept_receipt(choice)
    older = {**choice.answers, Purpose.STATISTICS: Answer(True, "0" * 12, choice.made_at)}
    assert changes_since(choice._replace(answers=older), [Purpose.STATISTICS])[0].known is False


def test_an_answer_that_counts_no_more_is_no_change_of_what_is_declared() -> None:
    choice = make_choice()
    kept_receipt(choice)
    void = choice._replace(void=frozenset({Purpose.STATISTICS}))
    assert changes_since(void, [Purpose.STATISTICS]) == [Change(Purpose.STATISTICS, is_void=True)]


def test_a_receipt_never_claims_words_that_came_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = make_choice()
    token = token_for(choice)
    monkeypatch.setitem(BANNER, "heading", "Something that nobody saw")
    assert keep(token, choice) is None


def test_a_cookie_that_was_edited_by_hand_has_no_receipt() -> None:
    choice = make_choice(granted=False)
    kept_receipt(choice)
    assert find(choice._replace(answers=make_choice().answers)) is None


def test_a_row_that_was_changed_behind_the_sites_back_is_noticed() -> None:
    document = export(kept_receipt())
    Receipt.objects.update(answers={"statistics": "no"})
    assert verify(document) is Verification.GENUINE_BUT_DIFFERS


def test_the_words_about_each_purpose_are_kept() -> None:
    assert export(kept_receipt())["shown"]["purposes"] == {
        str(each): {"label": str(each.label), "summary": str(each.summary)} for each in PURPOSES
    }


def test_texts_that_no_encoding_can_write_are_judged_too() -> None:
    key = export(kept_receipt())["key"]
    assert verify({"format": "cookie-receipt/1", "key": key, "signature": "\ud800"}) is Verification.ALTERED
    assert keep("\ud800:a:b", make_choice()) is None


def test_the_command_takes_a_receipt_from_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(export(kept_receipt()))))
    said = StringIO()
    call_command("verify_receipt", "-", stdout=said)
    assert "genuine, and kept here too" in said.getvalue()


def test_the_command_says_whether_a_receipt_is_genuine(tmp_path: Path) -> None:
    document = export(kept_receipt())
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    said = StringIO()
    call_command("verify_receipt", str(file), stdout=said)
    assert "genuine, and kept here too" in said.getvalue()
    file.write_text(json.dumps(document), encoding="utf-8-sig")
    call_command("verify_receipt", str(file), stdout=said)
    file.write_text(json.dumps(document | {"place": "page"}), encoding="utf-8")
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_receipt", str(file))


def test_a_receipt_that_says_something_twice_is_taken_for_none(tmp_path: Path) -> None:
    """Of two readers each may see another one, and only one of them was signed."""
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(export(kept_receipt())).replace("{", '{"place": "page", ', 1), encoding="utf-8")
    with pytest.raises(CommandError, match="says something twice"):
        call_command("verify_receipt", str(file))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b'{"format": "cookie-receipt/1"}', b'{"a": 1, "a": 2}']
)
def test_the_command_answers_any_file_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "receipt.json"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("verify_receipt", str(file))


def test_a_file_that_is_not_there_is_said_in_a_sentence() -> None:
    for path in ("/nowhere/receipt.json", "a\0b"):
        with pytest.raises(CommandError, match="can't be read"):
            call_command("verify_receipt", path)


def test_pruning_deletes_old_receipts_and_texts_that_nobody_needs() -> None:
    old, new = kept_receipt(), kept_receipt()
    Receipt.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=366))
    said = StringIO()
    call_command("prune_receipts", stdout=said)
    assert said.getvalue() == "Deleted 1 receipts and 0 texts.\n"
    Receipt.objects.filter(pk=new.pk).update(made_at=timezone.now() - timedelta(days=200))
    call_command("prune_receipts", "--older-than", "190", stdout=said)
    assert not ShownText.objects.exists()


def test_pruning_never_takes_the_receipt_of_a_choice_that_still_counts() -> None:
    with pytest.raises(CommandError, match="180 days or more"):
        call_command("prune_receipts", "--older-than=179")
    call_command("prune_receipts", "--older-than=180", stdout=StringIO())
    with pytest.raises(CommandError, match="at most"):
        call_command("prune_receipts", older_than=10**11)


def test_a_document_nested_deeper_than_any_receipt_is_judged_too() -> None:
    nested: list[Any] = []
    for _ in range(sys.getrecursionlimit()):
        nested = [nested]
    assert verify(export(kept_receipt()) | {"shown": nested}) is Verification.ALTERED


def test_receipts_and_texts_are_listed_by_when_and_which() -> None:
    receipt = kept_receipt()
    assert str(receipt) == f"{receipt.made_at:%Y-%m-%d %H:%M} {receipt.id}"
    assert str(receipt.text) == f"en {receipt.text.digest[:12]}"
