"""A short run of what `scripts/hostile` sends for long."""

import subprocess
from pathlib import Path

import pytest

from library_suite.fixtures import OwnSite
from library_suite.hostile.run import ENGINES, attack

pytestmark = pytest.mark.promise("N1", "N5")

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "hostile"
SEED, REQUESTS = 20_261_125, 150


@pytest.mark.parametrize("store", ENGINES)
def test_a_stretch_of_hostile_requests_is_answered_without_an_error(own_library: OwnSite, store: str) -> None:
    site = own_library(SESSION_ENGINE=store)
    found = attack(site, SEED, range(REQUESTS), store)
    assert found.statuses.total() == REQUESTS
    assert {200, 302, 400, 403, 404} <= set(found.statuses), "they come past gunicorn, into the site"
    assert [(each.request.number, each.answer, each.request.sent) for each in found.errors] == []
    assert not found.has_failed


def test_a_site_that_fails_is_found_out(own_library: OwnSite) -> None:
    site = own_library()
    site.may_fail = True
    with site.database() as database:
        database.execute("ALTER TABLE catalog_book RENAME TO lost")
    found = attack(site, SEED, range(50))
    assert found.errors
    assert found.has_failed
    assert not found.held


def test_help_tells_every_option() -> None:
    said = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(option in said for option in ("--requests", "--seed", "--stores", "--only", "build/hostile.json"))
