"""What `scripts/hostile` makes of answers, and that its requests can be sent again."""

from collections import Counter

import pytest

from library_suite.hostile.findings import Asked, Findings, slow_answers
from library_suite.hostile.report import HostileRun, as_json, lines_of, sentence_for_the_docs
from library_suite.hostile.requests import HostileRequest, hostile_request
from library_suite.hostile.wire import PATIENCE, WireAnswer, status_in

pytestmark = pytest.mark.promise("N5")

JAR = (b"sessionid=abc", b"visits=1")


def asked(number: int = 0, status: int = 200, seconds: float = 0.1) -> Asked:
    return Asked(HostileRequest(number, "GET /", b"GET / HTTP/1.1\r\n\r\n"), WireAnswer(status, seconds))


def findings(*errors: Asked, memory: tuple[int, ...] = (90, 100, 100, 100), has_failed: bool = False) -> Findings:
    return Findings("db", Counter({200: 3}), errors, (), memory, has_failed)


def test_the_same_seed_and_number_make_the_same_request() -> None:
    assert hostile_request(7, 12, JAR) == hostile_request(7, 12, JAR)
    assert hostile_request(7, 12, JAR).sent != hostile_request(8, 12, JAR).sent


def test_a_thousand_requests_hold_each_kind_of_hostility() -> None:
    sent = [hostile_request(1, number, JAR).sent for number in range(1000)]
    for part in (b"Cookie: ", b"Accept-Language: ", b"Origin: ", b"charset=hex", b"\xff", b"%ED%A0%80", b"multipart"):
        assert any(part in each for each in sent), part
    assert any(each.count(b"; ") >= 199 for each in sent), "200 cookies"
    assert max(map(len, sent)) > 8000


@pytest.mark.parametrize("status", [500, 502, 599])
def test_an_answer_from_500_on_is_an_error(status: int) -> None:
    assert asked(status=status).is_error
    assert not findings(asked(status=status)).held


def test_an_answer_that_does_not_come_is_an_error() -> None:
    assert asked(status=0, seconds=PATIENCE).is_error
    assert not asked(status=0).is_error, "a connection that is closed at once is an answer, too"


def test_an_answer_is_slow_if_it_is_so_each_time() -> None:
    usual = [asked(number) for number in range(9)]
    slow = asked(9, seconds=1.1)
    assert slow_answers([*usual, slow], 0.5, lambda _request: WireAnswer(200, 1.2)) == (slow,)
    assert slow_answers([*usual, slow], 0.5, lambda _request: WireAnswer(200, 0.1)) == ()
    assert slow_answers(usual, 0.5, lambda _request: WireAnswer(200, 0.1)) == ()


def test_an_answer_is_measured_against_those_of_its_size() -> None:
    large = Asked(HostileRequest(9, "GET /", b"x" * 5000), WireAnswer(200, 1.1))
    assert slow_answers([*[asked()] * 9, large], 0.5, lambda _request: WireAnswer(200, 1.1)) == ()


def test_hashing_a_password_is_not_slow() -> None:
    usual = [Asked(HostileRequest(each, "POST /accounts/sign-in/", b""), WireAnswer(200, 0.01)) for each in range(9)]
    hashed = Asked(HostileRequest(9, "POST /accounts/sign-in/", b""), WireAnswer(200, 1.2))
    assert slow_answers([*usual, hashed], 0.5, lambda _request: WireAnswer(200, 1.2)) == ()
    assert slow_answers([*usual, hashed], 0.1, lambda _request: WireAnswer(200, 1.2)) == (hashed,)


def test_memory_that_grows_after_the_first_quarter_is_found() -> None:
    assert findings(memory=(50, 100, 105, 109)).held
    assert not findings(memory=(50, 100, 105, 111)).held


def test_an_error_on_the_console_is_found() -> None:
    assert not findings(has_failed=True).held


def test_what_failed_is_told_with_the_way_to_send_it_again() -> None:
    told = "\n".join(lines_of(findings(asked(41, 500)), seed=7))
    assert "ERROR 500" in told
    assert "scripts/hostile --seed 7 --stores db --only 41" in told
    assert r"b'GET / HTTP/1.1\r\n\r\n'" in told


def test_the_docs_get_count_date_and_commit() -> None:
    run = HostileRun("abc1234", "2026-11-25", 7, [findings()])
    assert sentence_for_the_docs(run).startswith(
        "3 hostile requests to 1 session stores on 2026-11-25 at abc1234, seed 7: 0 answers of 500 or above"
    )
    assert '"held": true' in as_json(run)


@pytest.mark.parametrize(("answer", "status"), [(b"HTTP/1.1 404 Not Found\r\n", 404), (b"", 0), (b"SSH-2.0", 0)])
def test_the_status_is_read_off_the_first_line(answer: bytes, status: int) -> None:
    assert status_in(answer) == status
