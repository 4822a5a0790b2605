"""Known quirks of the engines, as data: `e2e/quirks.toml` says which test can't pass in which engine, and why."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cookie_harness import Engine

QUIRKS_FILE = Path(__file__).resolve().parents[1] / "quirks.toml"


@dataclass(frozen=True)
class Quirk:
    """One test that is known to fail in one engine under one driver."""

    test: str
    engine: str
    driver: str
    reason: str
    source: str

    def concerns(self, node_id: str, engine: Engine) -> bool:
        """Whether a test, by its pytest id, meets this quirk in this engine."""
        test, _, _parameters = node_id.partition("[")
        return test.endswith(self.test) and (self.engine, self.driver) == (engine.name, engine.driver)


def known_quirks() -> tuple[Quirk, ...]:
    """All entries of the file."""
    with QUIRKS_FILE.open("rb") as file:
        return tuple(Quirk(**entry) for entry in tomllib.load(file)["quirk"])
