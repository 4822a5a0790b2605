"""Runs `scripts/explore`: reads the command line, finds browser and site, and says in one sentence what is wrong."""

import os
import sys
from collections.abc import Sequence

from cookie_harness import (
    BrowserMissing,
    BrowserStillRuns,
    Engine,
    EngineError,
    PolicyNotInForce,
    ProfileInUse,
    find_engine,
)
from cookie_harness.engines import EngineName
from cookie_harness.install import install
from library_suite.explore.demo import site_for
from library_suite.explore.errors import ExploreError
from library_suite.explore.exploration import explore, folder_for, require_display
from library_suite.explore.options import parse

# As a shell has it for a program that Ctrl-C ended before it had done anything.
_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Explore as asked; the exit code is 0 unless something is wrong, which stands on stderr."""
    options = parse(arguments)
    try:
        require_display(os.environ)
        with folder_for(options) as folder:
            engine = _engine(options.engine)
            with site_for(options) as home:
                explore(options, engine, home, folder)
    except (ExploreError, EngineError, ProfileInUse, BrowserStillRuns, PolicyNotInForce) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _engine(name: EngineName) -> Engine:
    try:
        return find_engine(name)
    except BrowserMissing:
        install([name])
        return find_engine(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
