"""A plugin of pytest: tests can press Ctrl-C wherever they run.

A script's background job ignores it, and so does all that it starts (POSIX, "Asynchronous Lists" in the shell command
language): half of `scripts/test` is one, or all of it.
"""

import signal


def pytest_configure() -> None:
    """Take it as in a terminal. Called in each of several processes, too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
