"""Deleting by the thousand: in portions, so that others get their turn, and right wherever it stops."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.backends.file import SessionStore as FileStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from consent_gate.gate.ended_sessions import AT_ONCE, LEFT_BEHIND, delete_ended_sessions
from consent_gate.gate.sessions import gated
from consent_gate.housekeeping.batches import HELD, LONGEST_PAUSE, SIZES, Batch, _next_size, delete_in_batches
from consent_gate.housekeeping.progress import run
from exact_sessions.db import SessionStore as ExactStore
from exact_sessions.models import ExactSession

pytestmark = pytest.mark.django_db

ENDED, LIVE = 3_000, 500


class Terminal(StringIO):
    """What a person sees, and sees at once."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        self.seen.append(self.getvalue())


def write_sessions(ended: int = ENDED, live: int = LIVE) -> None:
    now = timezone.now()
    data = DatabaseStore().encode({"views": 1})
    ends = [now - timedelta(seconds=1 + each // 3) for each in range(ended)]  # some at the same moment
    ends += [now + timedelta(hours=1 + each) for each in range(live)]
    Session.objects.bulk_create(Session(f"{number:032}", data, end) for number, end in enumerate(ends))


def ended() -> Any:
    return Session.objects.filter(expire_date__lt=timezone.now())


def test_only_what_the_query_names_is_deleted_and_all_of_it() -> None:
    write_sessions()
    batches = list(delete_in_batches(ended(), by="expire_date"))
    assert sum(each.number for each in batches) == ENDED
    assert Session.objects.count() == LIVE
    assert max(each.number for each in batches) <= max(SIZES)


def test_the_share_that_is_done_grows_to_the_whole() -> None:
    write_sessions()
    shares = [each.share or 0 for each in delete_in_batches(ended(), by="expire_date")]
    assert shares == sorted(shares)
    assert shares[0] < 0.5
    assert shares[-1] == 1


def test_what_ends_in_the_meantime_makes_the_share_no_more_than_the_whole() -> None:
    write_sessions()
    batches = delete_in_batches(ended(), by="expire_date")
    next(batches)
    last = ended().order_by("expire_date").last()
    Session(f"{'x':0>32}", last.session_data, last.expire_date + timedelta(milliseconds=500)).save()
    assert [each.share for each in batches][-1] == 1


@pytest.mark.parametrize(
    ("size", "held", "following"),
    [
        (80, HELD, 80),
        (80, HELD / 2, 160),
        (80, HELD / 100, 160),
        (320, HELD / 4, 640),
        (640, HELD / 100, 640),
        (640, HELD * 2, 320),
        (640, HELD * 3, 160),
        (80, 1.0, 80),
    ],
)
def test_a_batch_is_as_large_as_others_can_bear_and_at_most_twice_the_last(
    size: int, held: float, following: int
) -> None:
    assert _next_size(size, held) == following


def test_after_each_batch_comes_a_pause_in_which_others_write(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("consent_gate.housekeeping.batches.time.sleep", pauses.append)
    write_sessions()
    batches = list(delete_in_batches(ended(), by="expire_date"))
    assert len(pauses) == len(batches) > 1
    assert all(HELD <= pause <= LONGEST_PAUSE for pause in pauses)


def test_nothing_to_delete_makes_no_batch() -> None:
    write_sessions(ended=0)
    assert list(delete_in_batches(ended(), by="expire_date")) == []


@pytest.mark.django_db(transaction=True)
def test_between_two_batches_no_transaction_is_open() -> None:
    write_sessions()
    for _batch in delete_in_batches(ended(), by="expire_date"):
        assert not connection.in_atomic_block


def test_deleting_can_stop_after_any_batch_and_the_next_run_goes_on() -> None:
    write_sessions()
    stopped = delete_in_batches(ended(), by="expire_date")
    number = next(stopped).number + next(stopped).number
    stopped.close()
    assert Session.objects.count() == ENDED + LIVE - number
    assert sum(each.number for each in delete_in_batches(ended(), by="expire_date")) == ENDED - number
    assert Session.objects.count() == LIVE


def test_a_session_that_is_renewed_in_the_meantime_stays() -> None:
    write_sessions()
    batches = delete_in_batches(ended(), by="expire_date")
    number = next(batches).number
    renewed = ended().order_by("-expire_date").first().pk
    Session.objects.filter(pk=renewed).update(expire_date=timezone.now() + timedelta(days=1))
    assert number + sum(each.number for each in batches) == ENDED - 1
    assert Session.objects.filter(pk=renewed).exists()
    assert Session.objects.count() == LIVE + 1


def test_batches_that_can_not_be_deleted_are_left_and_the_others_go() -> None:
    """As rows that another process holds locked, where a database locks rows."""
    write_sessions(ended=300)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER held BEFORE DELETE ON django_session WHEN OLD.session_key > '{99:032}' "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
    numbers = [each.number for each in delete_in_batches(ended(), by="expire_date")]
    assert numbers[0] == 0, "the oldest are held"
    assert sum(numbers) == 100
    assert Session.objects.count() == LIVE + 200


def test_two_that_delete_in_turns_delete_each_row_once() -> None:
    write_sessions()
    pair = [delete_in_batches(ended(), by="expire_date"), delete_in_batches(ended(), by="expire_date")]
    number = 0
    while pair:
        for each in list(pair):
            if batch := next(each, None):
                number += batch.number
            else:
                pair.remove(each)
    assert number == ENDED
    assert Session.objects.count() == LIVE


def test_rows_that_others_depend_on_count_without_their_dependants() -> None:
    people = User.objects.bulk_create(User(username=str(number)) for number in range(100))
    for each in people:
        each.user_permissions.add(1)
    assert sum(each.number for each in delete_in_batches(User.objects.filter(is_staff=False), by="date_joined")) == 100
    assert not User.user_permissions.through.objects.exists()


def test_a_long_run_in_development_remembers_no_statements(settings: Settings) -> None:
    settings.DEBUG = True
    write_sessions()
    call_command("clearsessions", stdout=StringIO())
    assert len(connection.queries_log) < 5


def test_each_statement_of_clearing_finds_its_rows_by_an_index() -> None:
    write_sessions()
    with CaptureQueriesContext(connection) as queries:
        call_command("clearsessions", stdout=StringIO())
    asked = [each["sql"] for each in queries if each["sql"].startswith(("SELECT", "DELETE"))]
    assert len(asked) > 4
    with connection.cursor() as cursor:
        for each in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {each}")
            assert all("USING" in row[-1] and "INDEX" in row[-1] for row in cursor.fetchall()), each


def test_a_terminal_shows_how_far_a_run_has_come() -> None:
    shown = Terminal()
    assert run([Batch(400, 0.25), Batch(1_200, 1.0)], OutputWrapper(shown)) == 1_600
    assert shown.getvalue().split("\r") == [
        "",
        "[#######.......................]  25%  400 deleted",
        "[##############################] 100%  1,600 deleted\n",
    ]


def test_each_batch_is_shown_as_soon_as_it_is_done() -> None:
    shown = Terminal()
    batches = [Batch(1_400, None), Batch(100, None)]
    run((batch for batch in batches), OutputWrapper(shown))
    assert shown.seen == ["\r1,400 deleted", "\r1,400 deleted\r1,500 deleted"]


def test_a_terminal_on_which_nothing_was_shown_gets_no_empty_line() -> None:
    shown = Terminal()
    assert run([], OutputWrapper(shown)) == 0
    assert shown.getvalue() == ""


def test_a_log_file_gets_no_progress() -> None:
    log = StringIO()
    assert run([Batch(400, 0.25), Batch(1, None)], OutputWrapper(log)) == 401
    assert log.getvalue() == ""


def test_ctrl_c_says_that_nothing_is_half_done() -> None:
    def stopped() -> Iterator[Batch]:
        yield Batch(1_400, 0.5)
        raise KeyboardInterrupt

    with pytest.raises(CommandError, match="1,400 were deleted") as raised:
        run(stopped(), OutputWrapper(Terminal()))
    assert raised.value.returncode == 130


@pytest.fixture
def files(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Django's store in files, over a folder of its own."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.file"
    for store in (FileStore, gated(FileStore)):  # each notes the folder once in a process
        monkeypatch.setattr(store, "_storage_path", str(tmp_path), raising=False)
    return FileStore


def write_files(store: Any, number: int, *, days_old: int) -> None:
    for _ in range(number):
        session = store()
        session["views"] = 1
        session.save()
        age(Path(session._key_to_file()), days_old)


def age(path: Path, days: int) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_files_of_ended_sessions_go_and_the_others_stay(files: Any, tmp_path: Path) -> None:
    write_files(files, 3 * AT_ONCE, days_old=15)
    write_files(files, AT_ONCE, days_old=1)
    said = StringIO()
    call_command("clearsessions", stdout=said)
    assert said.getvalue() == f"Deleted {3 * AT_ONCE} sessions that had ended.\n"
    assert len(list(tmp_path.iterdir())) == AT_ONCE


def test_what_else_lies_in_the_folder_is_passed_over(files: Any, tmp_path: Path) -> None:
    write_files(files, 50, days_old=15)
    others = {tmp_path / f"others{number}" for number in range(50)}
    for each in others:
        each.touch()
    call_command("clearsessions", stdout=StringIO())
    assert set(tmp_path.iterdir()) == others


@pytest.mark.parametrize("content", [b"", b"\xff\xfe damaged"])
def test_a_file_that_holds_nothing_is_no_news(files: Any, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = Path(files().storage_path) / f"sessionid{'a' * 32}"
    path.write_bytes(content)
    call_command("clearsessions", stdout=StringIO())
    assert path.exists()
    assert not caplog.records


def test_a_few_files_are_counted_too(files: Any) -> None:
    write_files(files, 3, days_old=15)
    said = StringIO()
    call_command("clearsessions", stdout=said)
    assert said.getvalue() == "Deleted 3 sessions that had ended.\n"


def test_clearing_files_can_stop_and_the_next_run_goes_on(files: Any, tmp_path: Path) -> None:
    write_files(files, 3 * AT_ONCE, days_old=15)
    stopped = delete_ended_sessions(files)
    next(stopped)
    stopped.close()
    assert len(list(tmp_path.iterdir())) == 2 * AT_ONCE
    call_command("clearsessions", stdout=StringIO())
    assert not list(tmp_path.iterdir())


def test_two_that_clear_the_same_folder_delete_each_file_once(files: Any, tmp_path: Path) -> None:
    write_files(files, 3 * AT_ONCE, days_old=15)
    one, other = delete_ended_sessions(files), delete_ended_sessions(files)
    number = next(one).number
    number += sum(each.number for each in other) + sum(each.number for each in one)
    assert number == 3 * AT_ONCE
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_written_while_it_is_judged_stays(
    files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(files, 1, days_old=15)
    (path,) = tmp_path.iterdir()

    def judged(_session: Any, path: Path) -> bool:
        path.touch()
        return True

    monkeypatch.setattr("consent_gate.gate.ended_sessions._has_ended", judged)
    call_command("clearsessions")
    assert path.exists()


@pytest.mark.parametrize(
    ("name", "content", "days", "is_kept"),
    [
        ("sessionid" + "a" * 32, b"", 0, True),
        ("sessionid" + "a" * 32, b"", 15, False),
        ("sessionid" + "a" * 32, b"\xff\xfe damaged", 15, False),
        ("sessionid" + "a" * 32, b"damaged too", 15, False),
        ("sessionid" + "a" * 32 + "_out_x7f3k2ab", b"cut off", LEFT_BEHIND.days + 1, False),
        ("sessionid" + "a" * 32 + "_out_x7f3k2ab", b"cut off", 0, True),
        ("sessionid-notes.txt", b"somebody else's", 99, True),
        ("unrelated", b"somebody else's", 99, True),
        ("othersite" + "a" * 32 + "_out_x7f3k2ab", b"another site's in this folder", 99, True),
    ],
)
def test_files_that_hold_no_session_go_by_their_age(
    files: Any, name: str, content: bytes, days: int, is_kept: bool
) -> None:
    path = Path(files().storage_path) / name
    path.write_bytes(content)
    age(path, days)
    call_command("clearsessions", stdout=StringIO())
    assert path.exists() is is_kept


def test_another_package_with_a_table_of_sessions_clears_in_batches_too() -> None:
    for hours in (-1, -1, -1, 1, 1):
        ExactSession.objects.create(
            key_hash=str(ExactSession.objects.count()), expire_date=timezone.now() + timedelta(hours=hours)
        )
    assert [batch.number for batch in delete_ended_sessions(ExactStore)] == [3]
    assert ExactSession.objects.count() == 2


class KeepsAll(DatabaseStore):
    """A store that deletes by a rule of its own."""

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(session_key__endswith="0").delete()


def test_a_store_with_a_rule_of_its_own_deletes_by_that() -> None:
    write_sessions(ended=20, live=0)
    assert list(delete_ended_sessions(KeepsAll)) == []
    assert Session.objects.count() == 18
