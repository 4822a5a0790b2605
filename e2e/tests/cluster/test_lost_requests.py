"""What becomes of a form whose node dies before it has answered: without a browser."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from library_suite.cluster.cluster import Cluster, Node
from library_suite.visitor import PASSWORD

pytestmark = pytest.mark.timeout(300)

PATIENCE = 60.0
"""Seconds."""
NAME = "reader-of-two-nodes"
FORM = {"username": NAME, "password1": PASSWORD, "password2": PASSWORD}


@contextmanager
def registrations_wait(database: psycopg.Connection) -> Iterator[None]:
    """Keep every registration from going on: each is counted first."""
    with database.transaction():
        database.execute("LOCK TABLE accounts_tries IN ACCESS EXCLUSIVE MODE")
        yield


def waiting(cluster: Cluster) -> int:
    """How many registrations have got as far as the count."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'accounts_tries'::regclass"
    with cluster.postgresql.connect() as database:
        (number,) = database.execute(query).fetchone() or (0,)
    return int(number)


def next_node(cluster: Cluster) -> tuple[Node, Node]:
    """The node that the next request goes to, and the other one: nginx asks them in turn."""
    before = len(cluster.nginx.answered_by())
    cluster.get("/healthz")
    while len(cluster.nginx.answered_by()) == before:  # the line comes after the answer
        pass
    last = cluster.nginx.answered_by()[-1]
    first, second = cluster.nodes
    return (second, first) if first.port == last else (first, second)


@pytest.mark.promise("M3")
def test_a_form_whose_node_dies_is_refused_and_not_taken_in_twice(cluster: Cluster) -> None:
    """The first node may have taken it in: so the other one, which is up, is not asked."""
    deadline = time.monotonic() + PATIENCE
    cluster.wait_until_up()
    with cluster.postgresql.connect() as database, ThreadPoolExecutor(1) as visitor:
        with registrations_wait(database):
            dying, _other = next_node(cluster)
            sent = visitor.submit(cluster.post, "/accounts/register/", FORM)
            while not waiting(cluster):
                assert time.monotonic() < deadline
            dying.kill()
            try:
                while not sent.done():
                    assert waiting(cluster) == 1, "the other node was asked, too"
                    assert time.monotonic() < deadline
            finally:
                dying.start()
        answer = sent.result()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        accounts = database.execute("SELECT count(*) FROM accounts_user WHERE username = %s", (NAME,)).fetchone()
        assert accounts == (0,)
    cluster.wait_until_up()
    assert cluster.post("/accounts/register/", FORM).status == 302, "sent once more, it is taken in"
