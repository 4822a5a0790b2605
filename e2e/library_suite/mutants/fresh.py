"""A run of pytest in a fork that has loaded none of the project, with a mutant in the place of its module."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from library_suite.mutants.warm import OPTIONS, few_examples

LOADING = "loading"
"""In the place of a test: the project can't even be loaded."""


class _MutatedLoader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class MutatedFile(MetaPathFinder):
    """Loads one file with another text than it has. No file is written."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.text = text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.rpartition(".")[2] not in {self.file.stem, self.file.parent.name}:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin and Path(spec.origin) == self.file:
            spec.loader = _MutatedLoader(fullname, spec.origin, self.text)
            return spec
        return None


class _FirstFailure:
    def __init__(self) -> None:
        self.test = ""

    def pytest_collection_finish(self) -> None:
        few_examples()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.test:
            self.test = report.nodeid


def first_failure_with(finder: MetaPathFinder | None, tests: Sequence[str]) -> str:
    """Run tests with a mutated file and give the first that fails; "" if none does."""
    if finder:
        sys.meta_path.insert(0, finder)
    seen = _FirstFailure()
    try:
        status = pytest.main([*OPTIONS, "-x", *tests], plugins=[seen])
    except Exception:  # noqa: BLE001  whatever a mutant makes of the loading of a project
        return LOADING
    return "" if status == pytest.ExitCode.OK else seen.test or LOADING
