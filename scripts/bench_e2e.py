"""What the browser suite costs over the bare price of its navigations: the same browsers, on the same machine, one run.

The bare price of a test is that of its browsers and pages, opened and closed, and of its documents, loaded: what nobody
could save who asks the same of the site. A round measures it before and after the tests.

`--processors` says instead what a run uses of the processors and who uses it: a figure that other work on the machine
changes less than time on the clock. `--beside` runs the tests of another checkout too, in turn. `--contexts` says what
it would cost to give a browser context on to the next test, in place of a new one.
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

from playwright.sync_api import Page, sync_playwright

from cookie_harness import Engine, Profile, find_engine
from library_suite.commits import commit_of
from library_suite.processor_time import measure, used_so_far
from library_suite.site import CHECKOUT, LibrarySite, prepare
from library_suite.suite_command import suite_command

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


LOOK_INTO_STORES = """async () => [
  document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  (await (self.caches?.keys() ?? [])).length, (await (navigator.serviceWorker?.getRegistrations() ?? [])).length,
]"""


def print_price_of_contexts(engine: Engine, rounds: int) -> None:
    """Say what three documents cost in a new context, and in one that is emptied and looked into for the next test.

    In seconds of processor. The history of a page can be emptied in Chromium alone, by its own protocol.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        prepare(data)
        site = LibrarySite(data, {})
        site.start()
        profile = Profile(Path(folder) / "profile", engine, getattr(playwright, engine.name))
        profile.open()
        with closing(profile):
            given_on = profile.browser.new_context()
            kept = given_on.new_page()
            protocol = given_on.new_cdp_session(kept) if engine.name == "chromium" else None

            def visit(page: Page) -> None:
                for path in ("/", "/about/", "/books/"):
                    page.goto(site.url + path)

            def in_a_new_one() -> None:
                context = profile.browser.new_context()
                visit(context.new_page())
                context.close()

            def in_one_given_on() -> None:
                visit(kept)
                given_on.clear_cookies()
                if protocol:
                    protocol.send("Network.clearBrowserCache")
                    protocol.send("Storage.clearDataForOrigin", {"origin": site.url, "storageTypes": "all"})
                kept.goto(f"{site.url}/robots.txt")
                kept.evaluate(LOOK_INTO_STORES)
                kept.goto("about:blank")
                if protocol:
                    protocol.send("Page.resetNavigationHistory")

            in_a_new_one()
            in_one_given_on()
            new, again = (processor_seconds(way, rounds) for way in (in_a_new_one, in_one_given_on))
            entries = kept.evaluate("history.length")
        site.stop()
    print(
        f"{engine.name:10} in a new context {new:.2f} s, in one given on {again:.2f} s; then its history has {entries}"
    )


def processor_seconds(work: Callable[[], None], rounds: int) -> float:
    """The mean of several rounds, of this process and all that it started."""
    before = used_so_far()
    for _ in range(rounds):
        work()
    return (used_so_far() - before) / rounds


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


def print_processor_time(checkouts: list[Path], workers: int, selection: list[str]) -> None:
    """Run the suite of each checkout in turn, each with its own environment, and print what it used."""
    for checkout in checkouts:
        with tempfile.TemporaryDirectory() as folder:
            used = measure(_whole_run(checkout, Path(folder), workers, selection), checkout)
        if used.code:
            raise SystemExit(f"The suite of {checkout} ended with {used.code}, so its price means nothing.")
        print(f"{commit_of(checkout)}: {used.processor:.0f} s of processors, {used.wall:.0f} s on the clock")
        for name, kind in used.kinds.items():
            print(f"  {kind.seconds:7.1f} s  {kind.started:4} started  {name}")


def _whole_run(checkout: Path, folder: Path, workers: int, selection: list[str]) -> list[str]:
    python = str(checkout / ".venv/bin/python")
    return suite_command(python, workers, folder / "evidence", folder / "browsers", selection)


def main() -> None:
    """Print both, and their ratio, for each engine; then the tests that cost most over their bare price."""
    parser = argparse.ArgumentParser(prog="scripts/bench e2e", description=__doc__)
    parser.add_argument("--processors", action="store_true", help="what a run uses of the processors")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="another checkout to run too, with its .venv")
    parser.add_argument("--workers", type=int, default=3, help="processes that run tests, with --processors")
    parser.add_argument("--contexts", action="store_true", help="what a context given on would save")
    parser.add_argument("--rounds", type=int, default=10, help="rounds of each bare price")
    parser.add_argument("--worst", type=int, default=5, help="how many of the dearest tests to name")
    parser.add_argument("selection", nargs="*", help="files or folders of the suite, after --; default: all of e2e")
    arguments = parser.parse_args()
    if arguments.processors or arguments.beside:
        checkouts = [CHECKOUT, *([arguments.beside.resolve()] if arguments.beside else [])]
        print_processor_time(checkouts, arguments.workers, arguments.selection)
        return
    if arguments.contexts:
        for engine in map(find_engine, ("chromium", "firefox")):
            print_price_of_contexts(engine, arguments.rounds)
        return
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
