"""The wheels of this tree and an environment with them, made once in each process that runs tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.foreign.environment import DASHBOARD, GATE, Environment, build_wheels
from tests.foreign.project import Project

ProjectFactory = Callable[..., Project]


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of each part."""
    return build_wheels(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, Path]) -> Environment:
    """An environment with the gate and the dashboard."""
    return Environment(tmp_path_factory.mktemp("environment"), [wheels[GATE], wheels[DASHBOARD]], beside=["gunicorn"])


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory, environment: Environment) -> ProjectFactory:
    """A factory of stock projects: ``new_project(environment=…)``, by default in the one with gate and dashboard."""

    def new(environment: Environment = environment) -> Project:
        return Project(tmp_path_factory.mktemp("project"), environment)

    return new
