"""The library, running: the one that is there already, or one that is started for as long as the browser is open."""

import queue
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from library_suite.explore.errors import ExploreError
from library_suite.explore.options import CHECKOUT, DATA, HOST, ExploreOptions

# Seconds that a site which is there may take to accept a connection.
ANSWER_TIMEOUT = 5.0
# Seconds: a first start loads the whole collection.
START_TIMEOUT = 180.0
STOP_TIMEOUT = 10.0

_OPEN = re.compile(r"The library is open: (http://\S+)")


def answers(address: str) -> bool:
    """Whether something accepts a connection there."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), ANSWER_TIMEOUT).close()
    except OSError:
        return False
    return True


@contextmanager
def site_for(options: ExploreOptions) -> Iterator[str]:
    """Give the address of the site to explore, and stop it at the end if it was started here.

    Raises `ExploreError` where the site that was asked for does not answer, or the demo does not start.
    """
    address = options.url or f"http://{HOST}:{options.port}/"
    if options.url and not answers(address):
        raise ExploreError(f"Nothing answers at {address}: start the site there, or leave out --url to have the demo.")
    if options.url or (options.port and answers(address)):
        print(f"The site that runs at {address} is opened, with its own settings.", flush=True)
        yield address
        return
    with _demo(options) as started:
        yield started


@contextmanager
def _demo(options: ExploreOptions) -> Iterator[str]:
    options.data.mkdir(parents=True, exist_ok=True)
    log_file = options.data / "demo.log"
    # The folder of data that scripts/demo has by itself, so that visits to either count on.
    data = () if options.data == DATA else ("--data", str(options.data / "demo"))
    with log_file.open("w", encoding="utf-8") as log:
        demo = subprocess.Popen(
            [CHECKOUT / "scripts" / "demo", "--port", str(options.port), *data],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C in the terminal must not end it before the browser
        )
        if demo.stdout is None:
            raise RuntimeError("The demo has no output, although it was asked for.")
        address: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        copying = threading.Thread(target=_copy, args=(demo.stdout, log, address), daemon=True)
        copying.start()
        try:
            yield _started(address, log_file)
        finally:
            demo.terminate()
            try:
                demo.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                demo.kill()
                demo.wait()
            copying.join()
            demo.stdout.close()


def _copy(output: IO[str], log: IO[str], address: queue.SimpleQueue[str | None]) -> None:
    """Write what the demo says into its log, and pass on the address that it names; None when it has ended."""
    for line in output:
        log.write(line)
        log.flush()
        if found := _OPEN.search(line):
            address.put(found.group(1))
    address.put(None)


def _started(address: queue.SimpleQueue[str | None], log_file: Path) -> str:
    print("The demo is started …", flush=True)
    try:
        found = address.get(timeout=START_TIMEOUT)
    except queue.Empty:
        found = None
    if found is None:
        last = log_file.read_text(encoding="utf-8").strip().splitlines()[-1:] or ["It said nothing."]
        raise ExploreError(f"The demo did not start: {last[0]}")
    print(f"The demo runs at {found} and is stopped at the end; its log is {log_file}.", flush=True)
    return found
