"""Many visitors at once, without a browser: the site answers each of them, and loses no view of a book."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from library_suite.fixtures import OwnSite
from library_suite.site import LibrarySite

pytestmark = pytest.mark.promise("N2")

VISITORS = 12
VISITS = 10


def consent(site: LibrarySite) -> str:
    """Allow everything, as the banner's button does, and give back the cookie that says so."""
    connection = HTTPConnection("127.0.0.1", int(site.url.rpartition(":")[2]))
    headers = {"Origin": site.url, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/cookies/choice/", "answer=accept", headers)
    cookie = connection.getresponse().headers["Set-Cookie"].partition(";")[0]
    connection.close()
    return cookie


def test_parallel_visitors_are_all_answered_and_every_view_counts(own_library: OwnSite) -> None:
    site = own_library(WEB_CONCURRENCY="2")
    before = site.views_of_book(1)
    choice = consent(site)

    def visit(_number: int) -> set[int]:
        # The home page writes a session, a book its number of views: writers that compete for one SQLite file.
        paths = ["/", "/books/1/"] * VISITS
        requests = (urllib.request.Request(site.url + path, headers={"Cookie": choice}) for path in paths)
        return {urllib.request.urlopen(request).status for request in requests}

    with ThreadPoolExecutor(VISITORS) as visitors:
        statuses = set().union(*visitors.map(visit, range(VISITORS)))
    assert statuses == {200}
    assert site.views_of_book(1) == before + VISITORS * VISITS
    assert site.session_count() == VISITORS * VISITS * 2
    assert "locked" not in site.console
