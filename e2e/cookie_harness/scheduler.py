"""Which worker of pytest-xdist runs what: the tests of one file in one engine stay together.

Such tests ask for the same servers and the same browser settings, each of which a worker starts once and keeps. Dealt
out one by one, as pytest-xdist would do it, both workers start nearly all of them.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from cookie_harness.engines import ENGINE_NAMES
from cookie_harness.shards import engine_of, unit_of

pytest_plugins = ["cookie_harness.shards"]


class ByFileAndEngine(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist has no types
    """Hands out one file in one engine at a time, to whichever worker is free."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid, self.config.getoption("keep_together"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Refine ``--dist loadfile``; other ways of dealing out stay as they are."""
    return ByFileAndEngine(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the engine that takes longest, so that at the end no worker waits long for the other.

    Where durations are recorded, `cookie_harness.shards` puts them in order afterwards.
    """
    slowest_first: list[str] = list(reversed(ENGINE_NAMES))

    def rank(item: pytest.Item) -> int:
        engine = engine_of(item.nodeid)
        return slowest_first.index(engine) if engine else len(slowest_first)

    items.sort(key=rank)
