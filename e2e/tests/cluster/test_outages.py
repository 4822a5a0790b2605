"""What visitors notice when a part of the cluster goes away: a node, Redis, the database, its disk."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from library_suite.cluster.cluster import Cluster
from library_suite.cluster.small_disk import NoDisk, sessions_on_a_small_disk
from library_suite.cookie_names import CHOICE, CSRF, SESSION
from library_suite.site import TRACE
from library_suite.visitor import Visitor
from tests.cluster.conftest import ClusterVisitor

pytestmark = pytest.mark.timeout(300)

PATHS = ("/", "/books/1/", "/privacy/")
"""Pages that ask the database."""


@contextmanager
def other_engine(cluster: Cluster, engine: str) -> Iterator[None]:
    """Have the nodes keep sessions elsewhere for a while."""
    before = cluster.settings["SESSION_ENGINE"]
    for node in cluster.nodes:
        node.restart(SESSION_ENGINE=engine)
    try:
        yield
    finally:
        for node in cluster.nodes:
            node.restart(SESSION_ENGINE=before)


def says_back_in_a_moment(visitor: Visitor, path: str) -> None:
    """Open a page, and see that it asks for patience, looks like the site and says nothing of its inside."""
    response = visitor.open(path)
    assert (response.status, response.headers.get("retry-after")) == (503, "10"), path
    expect(visitor.page.get_by_role("heading", name="Back in a moment")).to_be_visible()
    assert visitor.page.evaluate("document.styleSheets.length") > 0
    text = visitor.page.content()
    assert TRACE not in text
    assert "psycopg" not in text


@pytest.mark.promise("M3")
def test_no_visitor_notices_that_a_node_was_killed(cluster: Cluster, cluster_visitor: ClusterVisitor) -> None:
    visitor = cluster_visitor()
    count, key = visitor.visit(), visitor.session_id()
    killed, left = cluster.nodes
    killed.kill()
    try:
        before = len(cluster.nginx.answered_by())
        assert [visitor.visit() for _ in range(4)] == [count + more for more in range(1, 5)]
        assert visitor.session_id() == key
        assert visitor.register() in visitor.page.content(), "forms are taken, too"
    finally:
        killed.start()
    assert left.port in cluster.nginx.answered_by()[before:]


@pytest.mark.promise("M3")
def test_when_no_node_is_left_a_page_says_when_to_come_back(cluster: Cluster, cluster_visitor: ClusterVisitor) -> None:
    visitor = cluster_visitor()
    count = visitor.visit()
    for node in cluster.nodes:
        node.kill()
    try:
        says_back_in_a_moment(visitor, "/")
        expect(visitor.page.get_by_role("heading", name="Gleich wieder da")).to_be_visible()
    finally:
        for node in cluster.nodes:
            node.start()
    cluster.wait_until_up()
    assert visitor.visit() == count + 1


@pytest.mark.promise("M4")
def test_sessions_go_on_from_the_database_when_redis_is_killed(
    cluster: Cluster, cluster_visitor: ClusterVisitor
) -> None:
    visitor = cluster_visitor()
    count = visitor.visit()
    cluster.redis.kill()
    try:
        assert [visitor.visit() for _ in range(4)] == [count + more for more in range(1, 5)]
        name = visitor.register()
        assert cluster.get("/healthz").json() == {"status": "degraded", "database": "up", "cache": "down"}
    finally:
        cluster.redis.start()
    cluster.wait_until_up()
    assert visitor.visit() == count + 6, "registering led to the home page, too"
    assert name in visitor.page.content()


@pytest.mark.promise("M4")
def test_sessions_in_redis_alone_begin_afresh_and_the_page_says_so(
    cluster: Cluster, cluster_visitor: ClusterVisitor
) -> None:
    with other_engine(cluster, "cache"):
        visitor = cluster_visitor()
        assert [visitor.visit(), visitor.visit()] == [1, 2]
        gone = visitor.page.get_by_test_id("session-is-lost")
        expect(gone).to_have_count(0)
        cluster.redis.kill()
        try:
            for _ in range(3):
                assert visitor.open().status == 200
                expect(gone).to_be_visible()
                assert visitor.count() == 1
        finally:
            cluster.redis.start()
        cluster.wait_until_up()
        visitor.open("/about/")  # brings the session that Redis never had
        assert [visitor.visit(), visitor.visit()] == [1, 2]
        expect(gone).to_have_count(0)


@pytest.mark.promise("M5")
def test_a_restart_of_the_database_costs_patience_and_no_session(
    cluster: Cluster, cluster_visitor: ClusterVisitor
) -> None:
    visitor = cluster_visitor()
    name = visitor.register()
    count, key = visitor.visit(), visitor.session_id()
    cluster.postgresql.stop()
    try:
        for path in PATHS:
            says_back_in_a_moment(visitor, path)
        health = cluster.get("/healthz")
        assert (health.status, health.json()) == (503, {"status": "down", "database": "down", "cache": "up"})
    finally:
        cluster.postgresql.start()
    cluster.wait_until_up()
    assert visitor.visit() == count + 1
    assert name in visitor.page.content()
    assert visitor.session_id() == key
    assert not any(node.has_failed for node in cluster.nodes), "an outage is a line in the log, and no stack"


@contextmanager
def read_only(cluster: Cluster) -> Iterator[None]:
    """As after a switch to a server that only follows another one."""
    set_read_only(cluster, "on")
    try:
        yield
    finally:
        set_read_only(cluster, "off")


def set_read_only(cluster: Cluster, value: str) -> None:
    with cluster.postgresql.connect() as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        connection.execute("SELECT pg_reload_conf()")
    # Each process of the server reads the new value in its own time.
    for _ in range(1000):
        with cluster.postgresql.connect() as connection:
            if connection.execute("SHOW default_transaction_read_only").fetchone() == (value,):
                return


@pytest.mark.promise("M5")
def test_a_database_that_only_reads_shows_pages_and_loses_nothing(
    cluster: Cluster, cluster_visitor: ClusterVisitor
) -> None:
    visitor, stranger = cluster_visitor(), cluster_visitor(consents=False)
    count, key = visitor.visit(), visitor.session_id()
    with read_only(cluster):
        assert stranger.open("/books/").status == 200, "who only reads can go on"
        says_back_in_a_moment(visitor, "/")
        health = cluster.get("/healthz")
        assert (health.status, health.json()["database"]) == (200, "read-only")
    assert visitor.visit() == count + 1
    assert visitor.session_id() == key
    assert not any(node.has_failed for node in cluster.nodes)


@pytest.mark.promise("M5")
def test_a_full_disk_under_the_database_costs_patience_and_no_session(
    cluster: Cluster, cluster_visitor: ClusterVisitor
) -> None:
    visitor, stranger = cluster_visitor(), cluster_visitor(consents=False)
    name = visitor.register()
    count, key = visitor.visit(), visitor.session_id()
    try:
        with sessions_on_a_small_disk(cluster) as disk:
            assert visitor.visit() == count + 1
            disk.fill()
            for _ in cluster.nodes:
                says_back_in_a_moment(visitor, "/")
            assert stranger.open("/books/").status == 200, "who only reads can go on"
            disk.free()
            assert visitor.visit() == count + 2
    except NoDisk as error:
        pytest.skip(str(error))
    assert visitor.visit() == count + 3
    assert name in visitor.page.content()
    assert visitor.session_id() == key
    assert not any(node.has_failed for node in cluster.nodes)


@contextmanager
def database_away(cluster: Cluster) -> Iterator[None]:
    """While it is restarted."""
    cluster.postgresql.stop()
    try:
        yield
    finally:
        cluster.postgresql.start()
    cluster.wait_until_up()


@pytest.mark.promise("M10")
def test_cookies_can_be_refused_while_the_database_is_away(cluster: Cluster, cluster_visitor: ClusterVisitor) -> None:
    visitor = cluster_visitor()
    name = visitor.register()
    visitor.visit()
    page = visitor.page
    page.set_default_timeout(60_000)  # milliseconds: each of three pages waits for the database until it gives up
    with database_away(cluster):
        assert visitor.open("/cookies/").status == 200
        page.get_by_role("button", name="Refuse all").click()
        page.get_by_test_id("receipts-are-away").wait_for()
        expect(page.get_by_test_id("decision")).to_have_attribute("data-state", "refused")
        assert set(visitor.jar()) == {CHOICE, SESSION, CSRF}
    assert [visitor.visit(), visitor.visit()] == [1, 1], "nothing is counted"
    assert name in page.content(), "the session goes on"
    assert not any(node.has_failed for node in cluster.nodes)


@pytest.mark.promise("M10")
def test_what_is_allowed_while_the_database_is_away_is_asked_again(
    cluster: Cluster, cluster_visitor: ClusterVisitor
) -> None:
    stranger = cluster_visitor(consents=False)
    stranger.open("/about/")
    with database_away(cluster):
        stranger.banner.get_by_role("button", name="Accept all").click()
        expect(stranger.page.get_by_role("heading", name="Back in a moment")).to_be_visible()
        assert stranger.jar() == {}
    stranger.open()
    expect(stranger.banner).to_be_visible()
    stranger.answer_banner("Accept all")
    stranger.open("/cookies/")
    expect(stranger.page.get_by_role("link", name="Download your receipt")).to_be_visible()
