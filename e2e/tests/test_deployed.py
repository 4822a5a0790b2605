"""The same tests against a site that the run did not start: `--base-url`, in a run of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from library_suite.deployed import (
    LOOKS_INSIDE,
    OWN_SETTINGS,
    SITE_OF_ITS_OWN,
    NotThisSite,
    at_host,
    origin_of,
    other_host_name,
    prove_this_site,
)
from library_suite.fixtures import SharedSite
from library_suite.site import Site

pytestmark = [pytest.mark.promise("U7"), pytest.mark.timeout(360)]

ROOT = Path(__file__).resolve().parents[2]
FILES = ("test_counters.py", "test_consent.py", "test_cookie_check.py", "test_lifetimes.py", "test_hostile_requests.py")
# Of each kind one: passing ones about banner, attributes, counters, check and the close; and what must be left out.
CHOSEN = (
    "first_visit_counts_one or row_in or key_of_a_row or nothing_is_ticked or interval_has_gone or test_cookie_worked"
    " or changed_setting or with_cookies_the_check or second_profile_never or broken_upload"
)


def run_against(
    base_url: str, folder: Path, config: pytest.Config, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run tests of this suite in one of this run's browsers, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--base-url", base_url),
            *("--browser", config.option.browser[0], "--output", str(folder / "browsers"), *arguments),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_same_tests_run_against_a_deployed_site_and_say_what_they_leave_out(
    library_with: SharedSite, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    deployed = library_with()
    sessions = deployed.session_count()
    junit = tmp_path / "junit.xml"
    files = (f"e2e/tests/{name}" for name in FILES)
    done = run_against(f"{deployed.url}/", tmp_path, pytestconfig, *files, "-k", CHOSEN, "--junitxml", str(junit))
    assert done.returncode == 0, done.stdout + done.stderr
    suite = ElementTree.parse(junit).find("testsuite")
    assert suite is not None
    cases = list(suite.iter("testcase"))
    left_out = {case.attrib["name"]: skip.attrib["message"] for case in cases for skip in case.findall("skipped")}
    assert [suite.attrib[outcome] for outcome in ("failures", "errors")] == ["0", "0"]
    assert len(cases) - len(left_out) == 4, done.stdout
    assert set(left_out.values()) == {LOOKS_INSIDE, OWN_SETTINGS, SITE_OF_ITS_OWN}
    assert all(reason in done.stdout for reason in left_out.values())
    assert deployed.session_count() > sessions, "it was this site that the tests visited"


def test_a_base_url_where_nobody_answers_ends_the_run_with_one_sentence(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    done = run_against("http://127.0.0.1:1", tmp_path, pytestconfig, "e2e/tests/test_counters.py")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    [line] = done.stderr.strip().splitlines()
    assert "http://127.0.0.1:1 does not answer" in line


@pytest.mark.parametrize("address", ["library.example", "ftp://library.example", "https://library.example/a/path"])
def test_a_base_url_is_a_scheme_and_a_host_and_nothing_else(address: str) -> None:
    with pytest.raises(NotThisSite, match=re.escape(f"and not “{address}”.")):
        origin_of(address)


def test_another_site_is_not_taken_for_this_one(library: Site) -> None:
    with pytest.raises(NotThisSite, match=r"answers GET /cookies\.json with 404"):
        prove_this_site(f"{library.url}/books")


@pytest.mark.parametrize("url", ["https://library.example", "http://127.0.0.1:8000", "https://[::1]:8443"])
def test_an_address_is_taken_with_or_without_a_slash(url: str) -> None:
    assert origin_of(url) == origin_of(f"{url}/") == url


def test_only_a_site_on_this_machine_has_a_second_host_name() -> None:
    assert other_host_name("http://127.0.0.1:8000") == "localhost"
    assert other_host_name("http://localhost") == "127.0.0.1"
    assert other_host_name("https://library.example") is None
    assert at_host("http://127.0.0.1:8000", "localhost") == "http://localhost:8000"
    assert at_host("https://localhost", "127.0.0.1") == "https://127.0.0.1"
