"""Over real HTTPS, from an authority that the browser trusts, and from one node to the other with each request."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from library_suite.cluster.cluster import Cluster
from tests.cluster.conftest import ClusterVisitor

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).resolve().parents[3]
NAMED = "library.test"
"""Browsers leave HSTS out on localhost."""

CORE = {
    "test_counters.py": "one_session_cookie or worded_rightly or signing_in_keeps or scripts_see_no_cookie",
    "test_consent.py": "needs_no_reload or withdrawn_with_one_click",
    "test_privacy.py": "shown_is_true",
    "test_cleared.py": "tells_the_browser_to_clear_itself",
    "test_cookie_check.py": "with_cookies_the_check",
}
"""The suite's core: by file, what of it."""


@pytest.mark.promise("M1")
def test_a_session_goes_on_from_node_to_node(cluster: Cluster, cluster_visitor: ClusterVisitor) -> None:
    visitor = cluster_visitor()
    before = len(cluster.nginx.answered_by())
    first = visitor.visit()
    assert [visitor.visit() for _ in range(5)] == [first + more for more in range(1, 6)]
    assert set(cluster.nginx.answered_by()[before:]) == {node.port for node in cluster.nodes}
    jar = visitor.jar()
    assert {"__Host-sessionid", "__Host-cookie_choice"} <= jar.keys()
    assert all(cookie.secure for cookie in jar.values())


@pytest.mark.promise("M2")
def test_after_one_page_the_browser_comes_by_https_alone(cluster_visitor: ClusterVisitor) -> None:
    visitor = cluster_visitor(consents=False, host=NAMED)
    visitor.open("/about/")
    insecure = visitor.address.replace("https://", "http://")
    # Not `goto`: to Firefox the step to HTTPS is another navigation, and over BiDi it may fail the first one.
    with visitor.page.expect_response(f"{visitor.address}/cookies/") as answer:
        visitor.page.evaluate("address => location.assign(address)", f"{insecure}/cookies/")
    assert answer.value.status == 200


@pytest.mark.promise("M2")
def test_erasing_everything_over_https_has_the_browser_clear_its_stores(cluster_visitor: ClusterVisitor) -> None:
    visitor = cluster_visitor()
    visitor.open("/privacy/")
    visitor.page.evaluate("localStorage.setItem('left', 'behind')")
    with visitor.page.expect_response("**/privacy/erase/") as erased:
        visitor.page.get_by_role("button", name="Erase everything").click()
    assert '"storage"' in erased.value.all_headers()["clear-site-data"]
    visitor.page.get_by_test_id("done").wait_for()
    assert visitor.page.evaluate("localStorage.length") == 0
    assert visitor.jar() == {}


@pytest.mark.promise("M1")
def test_the_core_of_the_suite_holds_on_the_cluster(cluster: Cluster, tmp_path: Path, browser_name: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--base-url", cluster.url),
            *("--authority", cluster.credentials.authority, "--browser", browser_name),
            *("--output", tmp_path / "browsers", "-k", " or ".join(CORE.values())),
            *(ROOT / "e2e" / "tests" / file for file in CORE),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) >= len(CORE)
    assert "skipped" not in done.stdout
