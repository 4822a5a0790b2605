"""Has coverage note which file of tests ran a line, for `scripts/test --changed`. A pytest plugin.

By files and not by tests: what the fixtures of a module do is done in the first of its tests alone.
"""

from collections.abc import Generator

import pytest
from coverage import Coverage


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Name the file as the context of all that is run for one of its tests."""
    if measuring := Coverage.current():
        measuring.switch_context(item.path.relative_to(item.config.rootpath).as_posix())
    return (yield)
