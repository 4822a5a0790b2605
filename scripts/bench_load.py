"""Load on one address, for `scripts/bench pages`: by `wrk` where it is installed, else by a small client of our own."""

import http.client
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
TOOL = "wrk" if WRK else "a client of our own (wrk is not installed)"
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
OK = 200


class LoadFailed(RuntimeError):
    """An address was not answered with 200 throughout; so its figures mean nothing."""


@dataclass(frozen=True)
class Load:
    """What one address took in one round. Times of answers are in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return self.requests / self.seconds


def put_load_on(
    url: str, headers: Mapping[str, str], cookies: Sequence[str] = (), *, connections: int, seconds: float
) -> Load:
    """Ask for one address over and over, on several connections at once. Raises LoadFailed for any answer but 200.

    `cookies` are `Cookie` headers, of which the requests take one after the other.
    """
    if WRK is None:
        return _by_threads(url, headers, cookies, connections, seconds)
    if len(cookies) <= 1:
        return _by_wrk([WRK], url, {**headers, **({"Cookie": cookies[0]} if cookies else {})}, connections, seconds)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_in_turn(cookies))
        script.flush()
        return _by_wrk([WRK, "--script", script.name], url, headers, connections, seconds)


def _in_turn(cookies: Sequence[str]) -> str:
    """A script for wrk. JSON's strings are Lua's too, as long as cookies hold what they may (RFC 6265, 4.1.1)."""
    return f"""
        local cookies, last = {{ {", ".join(map(json.dumps, cookies))} }}, 0
        function request()
            last = last % #cookies + 1
            wrk.headers["Cookie"] = cookies[last]
            return wrk.format()
        end
    """


def _by_wrk(wrk: Sequence[str], url: str, headers: Mapping[str, str], connections: int, seconds: float) -> Load:
    given = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    # In whole seconds: wrk takes no others.
    command = [*wrk, "--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s"]
    text = subprocess.run([*command, "--latency", *given, url], capture_output=True, text=True, check=True).stdout
    if failed := re.search(r"Non-2xx.*|Socket errors: connect [1-9].*", text):
        raise LoadFailed(f"{url}: {failed[0]}")
    done = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s),", text)
    if done is None or done[1] == "0":
        raise LoadFailed(f"{url} was not answered:\n{text}")
    return Load(int(done[1]), float(done[2]) * _UNITS[done[3]] / 1000, _percentile(text, 50), _percentile(text, 99))


def _percentile(text: str, percent: int) -> float:
    found = re.search(rf"^ +{percent}% +([\d.]+)(us|ms|s)$", text, re.MULTILINE)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")


def _by_threads(url: str, headers: Mapping[str, str], cookies: Sequence[str], connections: int, seconds: float) -> Load:
    start = time.perf_counter()
    times: list[float] = []
    failures: list[str] = []
    in_turn = itertools.cycle([{"Cookie": each} for each in cookies] or [{}])  # its next() is one step of Python's

    def visit() -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        while time.perf_counter() - start < seconds and not failures:
            began = time.perf_counter()
            connection.request("GET", f"{parts.path}?{parts.query}".rstrip("?"), headers={**headers, **next(in_turn)})
            answer = connection.getresponse()
            answer.read()
            if answer.status != OK:
                failures.append(f"{url} was answered with {answer.status}")
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=visit) for _ in range(connections)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failures:
        raise LoadFailed(failures[0])
    hundredths = quantiles(times, n=100)
    return Load(len(times), time.perf_counter() - start, hundredths[49], hundredths[98])
