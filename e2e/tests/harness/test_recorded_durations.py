"""What a run's evidence says of durations is kept for the next plan."""

import json
from pathlib import Path
from typing import Any

import pytest

from cookie_harness.recorded_durations import durations_of, main, read_durations

pytestmark = pytest.mark.promise("H17")


def evidence(made_at: str, **tests: tuple[str, float]) -> dict[str, Any]:
    seen = [{"id": name, "state": state, "seconds": seconds} for name, (state, seconds) in tests.items()]
    return {"about": {"made_at": made_at, "commit": "abc"}, "tests": seen}


def test_only_tests_that_passed_have_a_duration_worth_keeping() -> None:
    run = evidence("2030-01-01", b=("kept", 2.0), a=("kept", 1.0), left=("skipped", 0.1), bad=("broken", 9.0))
    assert durations_of([run]) == {"made_at": "2030-01-01", "commit": "abc", "seconds": {"a": 1.0, "b": 2.0}}


def test_the_shards_of_a_run_are_put_together() -> None:
    shards = [evidence("2030-01-02", a=("kept", 1.0)), evidence("2030-01-01", b=("kept", 2.0))]
    assert durations_of(shards) == {"made_at": "2030-01-02", "commit": "abc", "seconds": {"a": 1.0, "b": 2.0}}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text(json.dumps(evidence("2030-01-01", a=("kept", 1.0))), encoding="utf-8")
    main([str(tmp_path / "evidence.json"), "--write", str(tmp_path / "durations.json")])
    assert read_durations(tmp_path / "durations.json") == {"a": 1.0}


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert read_durations(tmp_path / "none.json") == {}
    assert read_durations(None) == {}


def test_evidence_that_is_not_there_ends_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "none.json"), "--write", str(tmp_path / "durations.json")])
    assert "none.json can't be read" in capsys.readouterr().err
