"""A plugin of pytest: each part's tests run in a project of their own, so their paths say which settings a run has.

pytest-django takes one settings module a process. The packages' tests run in minimal projects, as a stranger would
install them; all other tests in this site.
"""

import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import pytest

SETTINGS = {
    "site/consent_gate": "consent_gate.tests.project.settings",
    "site/exact_sessions": "exact_sessions.tests.project.settings",
    "dashboard": "privacy_dashboard.tests.project.settings",
    "site": "locallibrary.settings_for_tests",
}
"""By folder; of two that hold a test, the first. The browser suite needs none: it starts sites as processes."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Runs before pytest-django looks for its settings, which it takes from the environment."""
    options = early_config.known_args_namespace
    if not options.ds:
        here = early_config.invocation_params.dir
        asked = [here / each.partition("::")[0] for each in options.file_or_dir]
        asked = asked or [early_config.rootpath / each for each in early_config.getini("testpaths")]
        ignored = [here / each for each in options.ignore or ()]
        found = set(folders_of(asked, early_config.rootpath, ignored))
        if len(found) > 1:
            runs = ", ".join(f"“pytest {folder}”" for folder in SETTINGS if folder in found)
            raise pytest.UsageError(
                f"These tests have several projects, and a run of pytest has the settings of one: use {runs} "
                "(of “site” with “--ignore” for each package in it), or scripts/test, which runs them all."
            )
        for folder in found:
            os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS[folder]
    return (yield)


def folders_of(asked: Iterable[Path], root: Path, ignored: Iterable[Path] = ()) -> Iterator[str]:
    """The keys of `SETTINGS` whose tests a run of these paths collects."""
    left_out = {path.resolve() for path in ignored}
    for path in asked:
        here = path.resolve()
        around = next((folder for folder in SETTINGS if here.is_relative_to(root / folder)), None)
        if around:
            yield around
        for folder in SETTINGS:
            if (root / folder).is_relative_to(here) and root / folder not in left_out:
                yield folder
