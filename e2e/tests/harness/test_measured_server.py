"""The servers of this suite can say which code of the site they ran."""

from pathlib import Path

import pytest
from coverage import CoverageData

from library_suite.fixtures import OwnSite
from library_suite.site import CHECKOUT


@pytest.mark.promise("H8")
def test_a_server_leaves_the_lines_and_branches_that_it_ran(
    own_library: OwnSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of both its processes: the one that starts the other, and the one that answers."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("pyproject.toml", "site", "dashboard"):
        (root / name).symlink_to(CHECKOUT / name)
    (root / "build" / "coverage").mkdir(parents=True)
    monkeypatch.setenv("COVERAGE_ROOT", str(root))
    own_library().stop()
    measured = CoverageData(basename=str(root / "build" / "coverage" / "all"))
    for file in (root / "build" / "coverage").glob("data.*"):
        part = CoverageData(basename=str(file))
        part.read()
        measured.update(part)
    assert measured.has_arcs()
    for name in ("gunicorn.conf.py", "visits/views.py"):
        assert measured.lines(str(CHECKOUT / "site" / name)), name
