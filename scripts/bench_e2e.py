"""What the browser suite costs over the bare price of its navigations: the same browsers, on the same machine, one run.

The bare price of a test is that of its browsers and pages, opened and closed, and of its documents, loaded: what nobody
could save who asks the same of the site. A round measures it before and after the tests.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import sync_playwright

from cookie_harness import Engine, Profile, find_engine
from library_suite.site import LibrarySite, prepare

FAST_PART = "not closes"
"""Without the tests that really close a browser: their price is that of the closing."""


@dataclass(frozen=True)
class BarePrice:
    """Seconds."""

    browser: float
    """An isolated context with a page in it, opened and closed."""
    navigation: float
    """One more document in it."""


@dataclass(frozen=True)
class Test:
    """One test of a finished run."""

    name: str
    seconds: float
    browsers: int
    navigations: int

    def bare(self, price: BarePrice) -> float:
        """Seconds that its browsers and documents cost by themselves."""
        return self.browsers * price.browser + self.navigations * price.navigation


def seconds_of(work: Callable[[], None], rounds: int) -> float:
    """The median of several rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def bare_price(engine: Engine, rounds: int) -> BarePrice:
    """Measure both prices in one engine, at a library server of its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        prepare(data)
        site = LibrarySite(data, {})
        site.start()
        # As the suite launches it: what is left out of its browsers may not flatter it.
        profile = Profile(Path(folder) / "profile", engine, getattr(playwright, engine.name))
        profile.open()
        with closing(profile):
            browser = profile.browser

            def visit(documents: int) -> None:
                context = browser.new_context()
                page = context.new_page()
                for _ in range(documents):
                    page.goto(f"{site.url}/")
                context.close()

            visit(1)
            empty, one, five = (seconds_of(partial(visit, documents), rounds) for documents in (0, 1, 5))
        site.stop()
    # A first document costs more than those after it: it is shared out over the four that a test has on average.
    return BarePrice(browser=empty + max(0.0, one - empty - (five - one) / 4), navigation=(five - one) / 4)


def run_suite(engine: Engine, selection: list[str]) -> list[Test]:
    """Run the tests in one process; the price of a shared server's or browser's start is left out."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--browser", engine.name),
            *("--evidence", f"{folder}/evidence", "--junitxml", str(report), "-o", "junit_duration_report=call"),
            *(
                "--tracing",
                "retain-on-failure",
                "--output",
                f"{folder}/browsers",
                "-m",
                FAST_PART,
                *(selection or ["e2e"]),
            ),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The suite did not pass, so its price means nothing:\n{done.stdout[-3000:]}{done.stderr}")
        return [test for case in ElementTree.parse(report).iter("testcase") if (test := _test(case)).browsers]


def _test(case: ElementTree.Element) -> Test:
    properties = {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
    counts = (int(properties.get(name, 0)) for name in ("browsers", "navigations"))
    return Test(case.attrib["name"], float(case.attrib["time"]), *counts)


def main() -> None:
    """Print both, and their ratio, for each engine; then the tests that cost most over their bare price."""
    parser = argparse.ArgumentParser(prog="scripts/bench e2e", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="rounds of each bare price")
    parser.add_argument("--worst", type=int, default=5, help="how many of the dearest tests to name")
    parser.add_argument("selection", nargs="*", help="files or folders of the suite, after --; default: all of e2e")
    arguments = parser.parse_args()
    print(f"{'engine':10} {'tests':>5} {'documents':>9} {'suite s':>8} {'bare s':>8} {'ratio':>6} {'median':>7}")
    for engine in map(find_engine, ("chromium", "firefox")):
        before = bare_price(engine, arguments.rounds)
        tests = run_suite(engine, arguments.selection)
        after = bare_price(engine, arguments.rounds)
        price = BarePrice((before.browser + after.browser) / 2, (before.navigation + after.navigation) / 2)
        print(report(engine, tests, price))
        print(f"  bare: a browser {price.browser * 1000:.0f} ms, a document {price.navigation * 1000:.0f} ms")
        for test in sorted(tests, key=lambda test: test.bare(price) - test.seconds)[: arguments.worst]:
            print(f"  {test.seconds:6.2f} s, bare {test.bare(price):5.2f} s  {test.name}")


def report(engine: Engine, tests: list[Test], price: BarePrice) -> str:
    """One line of the table."""
    suite, bare = sum(test.seconds for test in tests), sum(test.bare(price) for test in tests)
    median = statistics.median(test.seconds / test.bare(price) for test in tests)
    documents = sum(test.navigations for test in tests)
    return f"{engine.name:10} {len(tests):5} {documents:9} {suite:8.1f} {bare:8.1f} {suite / bare:6.2f} {median:7.2f}"


if __name__ == "__main__":
    main()
