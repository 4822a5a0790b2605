"""One cluster for all tests in this folder; each leaves it as it found it."""

import os
from collections.abc import Callable, Iterator

import pytest

from cookie_harness.plugin import VisitorFactory
from library_suite.cluster.cluster import Cluster
from library_suite.cluster.programs import PROGRAMS, TEST_PROGRAMS, ProgramsMissing, find_programs
from library_suite.deployed import SITE_OF_ITS_OWN, DeployedSite
from library_suite.visitor import Visitor

ClusterVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session")
def cluster(base_url: str | None) -> Iterator[Cluster]:
    """The library on two nodes; left out, in words, where a program is missing, but never in CI."""
    if base_url:
        pytest.skip(SITE_OF_ITS_OWN)
    if reason := cluster_or_reason():
        pytest.skip(reason)
    with Cluster() as cluster:
        yield cluster


def cluster_or_reason() -> str:
    """Why there can be no cluster here; "" where there can. In CI that is an error."""
    try:
        find_programs(PROGRAMS | TEST_PROGRAMS)
    except ProgramsMissing as error:
        if os.environ.get("CI") == "true":
            raise
        return str(error)
    return ""


@pytest.fixture
def cluster_visitor(cluster: Cluster, new_visitor: VisitorFactory) -> ClusterVisitor:
    """Somebody whose browser trusts the cluster's authority: ``cluster_visitor(consents=True, host=None)``."""

    def make(*, consents: bool = True, host: str | None = None) -> Visitor:
        hosts = (host,) if host else ()
        context = new_visitor(authority=cluster.credentials.authority, hosts=hosts)
        visitor = Visitor(context, DeployedSite(cluster.url), host)
        if consents:
            visitor.open("/about/")
            visitor.answer_banner("Accept all")
        return visitor

    return make
