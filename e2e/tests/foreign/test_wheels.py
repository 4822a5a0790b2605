"""What is in the wheels, and what they say that they need."""

import ast
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.foreign.environment import CHECKOUT, DASHBOARD, GATE, HARNESS, PARTS, SESSIONS, needs_of, wheel

pytestmark = pytest.mark.promise("S7")

PACKAGES = {
    GATE: {"consent_gate"},
    SESSIONS: {"exact_sessions"},
    DASHBOARD: {"privacy_dashboard"},
    HARNESS: {"cookie_audit", "cookie_evidence", "cookie_harness"},
}
LEFT_OUT = {"tests", "__pycache__", "pyproject.toml", "README.md", "LICENSE"}


def folder_of(part: str) -> Path:
    """Where a part's packages lie: in its folder, or beside it where the folder is itself the package."""
    folder = CHECKOUT / part
    return folder.parent if {folder.name} == PACKAGES[part] else folder


def sources(part: str) -> set[str]:
    """The files under version control's folders that have to be in a part's wheel."""
    folder = folder_of(part)
    files = (file for package in PACKAGES[part] for file in (folder / package).rglob("*") if file.is_file())
    names = (file.relative_to(folder) for file in files)
    return {name.as_posix() for name in names if not LEFT_OUT & set(name.parts)}


@pytest.mark.parametrize("part", PARTS)
def test_a_wheel_holds_all_of_its_packages_but_the_tests(part: str, wheels: dict[str, Path]) -> None:
    content = {name for name in zipfile.ZipFile(wheels[part]).namelist() if ".dist-info/" not in name}
    assert content == sources(part)
    assert {f"{package}/py.typed" for package in PACKAGES[part]} <= content


@pytest.mark.parametrize("part", PARTS)
def test_a_wheel_names_every_package_that_it_imports(part: str, wheels: dict[str, Path]) -> None:
    distribution = wheel(wheels[part])
    extras = distribution.metadata.get_all("Provides-Extra") or []
    declared = {canonicalize_name(each.name) for each in needs_of(distribution, extras)}
    providers = {**metadata.packages_distributions(), "consent_gate": ["django-consent-gate"]}
    imported = {
        name for source in sources(part) if source.endswith(".py") for name in imports(folder_of(part) / source)
    }
    imported -= PACKAGES[part] | sys.stdlib_module_names
    undeclared = {
        name for name in imported if not {canonicalize_name(each) for each in providers.get(name, [name])} & declared
    }
    assert not undeclared


def imports(file: Path) -> set[str]:
    """The top-level names of what a module imports."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return {name.partition(".")[0] for name in names}
