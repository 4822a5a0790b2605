"""The limit on guessing passwords and names: who is held up, for how long, and who is not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import cast

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Tries, User
from accounts.tries import FROM_ANYWHERE, REGISTRATION, SIGN_IN, Counted, TooManyTries
from accounts.tries_page import wait_in_words
from accounts.visitor_address import visitor_address

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
LIMIT = 3


@pytest.fixture(autouse=True)
def few_tries(settings: Settings) -> None:
    settings.TRIES_LIMIT = settings.REGISTRATIONS_LIMIT = LIMIT


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("reader", password=PASSWORD)


def sign_in(client: Client, password: str, *, name: str = "reader", address: str = "192.0.2.1") -> HttpResponse:
    answer = client.post(
        "/accounts/sign-in/",
        {"username": name, "password": password},
        REMOTE_ADDR=address,
    )
    return cast("HttpResponse", answer)


def guess(times: int, *, name: str = "reader", address: str = "192.0.2.1") -> list[int]:
    """Wrong passwords, each from a browser without cookies; gives back the statuses."""
    return [sign_in(Client(), f"wrong {number}", name=name, address=address).status_code for number in range(times)]


def let_the_window_pass() -> None:
    Tries.objects.update(ends_at=timezone.now())


def test_the_right_password_is_refused_in_words_after_too_many_tries(client: Client, reader: User) -> None:
    assert guess(LIMIT + 1) == [200] * LIMIT + [429]
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    page = answer.content.decode()
    assert "Too many tries" in page
    assert "this site looks at none for 15 minutes" in page
    assert "_auth_user_id" not in client.session


def test_the_right_password_works_again_when_the_tries_are_forgotten(client: Client, reader: User) -> None:
    guess(LIMIT + 1)
    let_the_window_pass()
    assert sign_in(client, PASSWORD).status_code == 302


@contextmanager
def another_before(statement: int, comes_in: Callable[[], object]) -> Iterator[list[str]]:
    """Have somebody come in before the database gets that statement, counted from 0; gives all that it gets."""
    seen: list[str] = []

    def wrapper(execute: Callable[..., object], sql: str, *rest: object) -> object:
        is_it = len(seen) == statement
        seen.append(sql)
        if is_it:
            comes_in()
        return execute(sql, *rest)

    with connection.execute_wrapper(wrapper):
        yield seen


@pytest.mark.parametrize("earlier", [0, 1], ids=["the first one", "a later one"])
def test_no_guess_is_lost_wherever_another_one_comes_in(reader: User, earlier: int) -> None:
    """What another process does between two statements, at each place in turn: nothing that was read may be believed.

    SQLite locks itself before the first of them, and PostgreSQL the row: there fewer of these orders can happen.
    """
    guess(earlier)
    with another_before(-1, lambda: None) as statements:
        guess(1)
    assert len(statements) > 4
    for statement in range(len(statements)):
        Tries.objects.all().delete()
        guess(earlier)
        with another_before(statement, lambda: guess(1)):
            guess(1)
        assert set(Tries.objects.values_list("number", flat=True)) == {earlier + 2}, statements[statement]


def test_tries_that_are_refused_hold_nobody_up_for_longer(reader: User) -> None:
    guess(1)
    before = set(Tries.objects.values_list("mark", "ends_at"))
    guess(LIMIT * 3)
    assert set(Tries.objects.values_list("mark", "ends_at")) == before


def test_a_right_password_forgets_the_wrong_ones_before_it(client: Client, reader: User) -> None:
    guess(LIMIT - 1)
    assert sign_in(client, PASSWORD).status_code == 302
    assert not Tries.objects.exists()
    assert guess(LIMIT) == [200] * LIMIT


def test_a_name_that_nobody_has_is_held_up_like_any_other() -> None:
    assert guess(LIMIT + 1, name="nobody") == [200] * LIMIT + [429]


def test_strangers_guesses_keep_the_owner_out_of_no_other_network(client: Client, reader: User) -> None:
    for number in range(FROM_ANYWHERE + 5):
        guess(LIMIT, address=f"192.0.2.{number + 10}")
    assert sign_in(client, PASSWORD, address="198.51.100.7").status_code == 302


def test_all_networks_together_have_a_limit_at_one_name(reader: User) -> None:
    for number in range(FROM_ANYWHERE):
        assert guess(LIMIT, address=f"192.0.2.{number + 10}") == [200] * LIMIT
    assert guess(2, address="198.51.100.7") == [200, 429]


def test_refused_tries_of_one_network_use_up_nothing_of_the_others(reader: User) -> None:
    guess(LIMIT * FROM_ANYWHERE * 2)
    assert guess(LIMIT, address="198.51.100.7") == [200] * LIMIT


def test_one_name_being_held_up_holds_up_no_other(client: Client, reader: User) -> None:
    guess(LIMIT + 1, name="librarian")
    assert sign_in(client, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/accounts/password/", {"old_password": "wrong", "new_password1": "x", "new_password2": "x"}),
        ("/privacy/account/delete/", {"password": "wrong"}),
    ],
)
def test_the_present_password_can_be_guessed_no_further(
    client: Client, reader: User, address: str, form: dict[str, str]
) -> None:
    client.force_login(reader)
    assert [client.post(address, form).status_code for _ in range(LIMIT + 1)] == [200] * LIMIT + [429]
    right = {name: PASSWORD if value == "wrong" else "another good one" for name, value in form.items()}
    answer = client.post(address, right)
    assert answer.status_code == 429
    assert "You stay signed in" in answer.content.decode()
    let_the_window_pass()
    assert client.post(address, right).status_code == 302


def test_strangers_guesses_do_not_keep_the_owner_from_a_new_password(client: Client, reader: User) -> None:
    client.force_login(reader)
    guess(LIMIT + 1, address="127.0.0.1")
    answer = client.post(
        "/accounts/password/",
        {"old_password": PASSWORD, "new_password1": "another good one", "new_password2": "another good one"},
    )
    assert answer.status_code == 302


def test_accounts_are_not_opened_and_names_not_tried_out_without_end(client: Client, reader: User) -> None:
    forms = [
        {"username": "reader", "password1": PASSWORD, "password2": PASSWORD},
        {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD},
        {"username": "newcomer", "password1": PASSWORD, "password2": "another"},
        {"username": "latecomer", "password1": PASSWORD, "password2": PASSWORD},
    ]
    answers = [Client().post("/accounts/register/", form) for form in forms]
    assert [answer.status_code for answer in answers] == [200, 302, 200, 429]
    assert "this site opens none for 15 minutes" in answers[-1].content.decode()
    assert not User.objects.filter(username="latecomer").exists()
    assert Client().post("/accounts/register/", forms[-1], REMOTE_ADDR="198.51.100.7").status_code == 302


def test_opening_the_forms_counts_for_nothing(client: Client) -> None:
    for address in ("/accounts/sign-in/", "/accounts/register/"):
        client.get(address)
    assert not Tries.objects.exists()


def test_a_command_may_look_at_passwords_without_a_limit(reader: User) -> None:
    assert [authenticate(username="reader", password=word) for word in ["wrong"] * LIMIT + [PASSWORD]][-1] == reader


def test_counts_that_have_ended_are_pruned_and_the_others_kept(reader: User) -> None:
    guess(1)
    let_the_window_pass()
    guess(1, name="librarian")
    said = StringIO()
    call_command("prune_tries", stdout=said)
    assert said.getvalue() == "Deleted 2 counts of tries.\n"
    assert Tries.objects.count() == 2


def test_marks_tell_nothing_and_differ_by_day_subject_and_key(settings: Settings) -> None:
    today = datetime(2026, 11, 25, tzinfo=UTC)
    marks: list[Callable[[], str]] = [
        lambda: Counted(SIGN_IN, ("reader", "192.0.2.1")).mark(today),
        lambda: Counted(SIGN_IN, ("reader192.0.2.1",)).mark(today),
        lambda: Counted(REGISTRATION, ("reader", "192.0.2.1")).mark(today),
        lambda: Counted(SIGN_IN, ("reader", "192.0.2.1")).mark(today + timedelta(days=1)),
    ]
    before = [mark() for mark in marks]
    settings.SECRET_KEY = "another key of the site, for this test"
    assert len({*before, *(mark() for mark in marks)}) == 2 * len(marks)
    assert "reader" not in str(TooManyTries(SIGN_IN, timedelta()))


@pytest.mark.parametrize(
    ("forwarded", "trusted", "address"),
    [
        ("203.0.113.9", 0, "192.0.2.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
        ("made up", 1, "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", 1, "203.0.113.9"),
    ],
)
def test_only_what_trusted_proxies_say_of_an_address_is_believed(forwarded: str, trusted: int, address: str) -> None:
    assert visitor_address({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}, trusted) == address


def test_a_server_behind_a_socket_file_knows_no_address() -> None:
    assert visitor_address({"REMOTE_ADDR": ""}, 0) == ""


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 second"), (59.1, "1 minute"), (61, "2 minutes")])
def test_the_wait_is_never_said_too_short(seconds: float, words: str) -> None:
    assert wait_in_words(timedelta(seconds=seconds)) == words
