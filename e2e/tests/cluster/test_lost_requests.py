"""What becomes of a form whose node dies before it has answered: without a browser."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from library_suite.cluster.cluster import Cluster
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


def wait_for_a_registration(cluster: Cluster) -> None:
    """Wait until one has got as far as the count."""
    deadline = time.monotonic() + PATIENCE
    with cluster.postgresql.connect() as database:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'accounts_tries'::regclass"
        while database.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def wait_until_it_takes_requests(cluster: Cluster, port: int) -> None:
    """Wait until nginx deals out requests to a node."""
    deadline = time.monotonic() + PATIENCE
    before = len(cluster.nginx.answered_by())
    while port not in cluster.nginx.answered_by()[before:]:
        assert time.monotonic() < deadline
        cluster.get("/healthz")


@pytest.mark.promise("M3")
def test_a_form_whose_node_dies_is_refused_and_not_taken_in_twice(cluster: Cluster) -> None:
    """The first node may have taken it in: so the other one, which is up, is not asked."""
    other, dying = cluster.nodes
    with cluster.postgresql.connect() as database, ThreadPoolExecutor(1) as visitor:
        with registrations_wait(database):
            other.kill()  # so that the form goes to the one that will die
            sent = visitor.submit(cluster.post, "/accounts/register/", FORM)
            wait_for_a_registration(cluster)
            other.start()
            wait_until_it_takes_requests(cluster, other.port)
            dying.kill()
            asked = len(cluster.nginx.answered_by())
        try:
            answer = sent.result(PATIENCE)
        finally:
            dying.start()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        assert other.port not in cluster.nginx.answered_by()[asked:]
        accounts = database.execute("SELECT count(*) FROM accounts_user WHERE username = %s", (NAME,)).fetchone()
        assert accounts == (0,)
    cluster.wait_until_up()
    assert cluster.post("/accounts/register/", FORM).status == 302, "sent once more, it is taken in"
