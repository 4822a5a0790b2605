"""The wheels of this tree, made once in each process that runs tests."""

from pathlib import Path

import pytest

from tests.foreign.environment import build_wheels


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of each part."""
    return build_wheels(tmp_path_factory.mktemp("wheels"))
