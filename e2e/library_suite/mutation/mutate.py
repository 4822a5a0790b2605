"""The whole run: the tests on a clean copy first, then each fault in a copy of its own."""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from library_suite.mutation.faults import Fault, needs_browser, suite_of
from library_suite.mutation.runs import run_known_tests, run_tests
from library_suite.mutation.trees import apply, copy_tracked
from library_suite.mutation.verdicts import FaultVerdict, Judgement, judge, not_passing


def mutate(root: Path, faults: Sequence[Fault], *, jobs: int) -> Iterator[Judgement]:
    """Judge each fault, as soon as it is known. The project is only read: whatever happens, it stays as it is."""
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        work = Path(folder)
        clean = work / "clean"
        copy_tracked(root, clean)
        with ThreadPoolExecutor(jobs) as pool:
            try:
                faulty = control(clean, faults, work, pool)
                waiting = [pool.submit(put_in, fault, clean, work, faulty) for fault in faults]
                for done in as_completed(waiting):
                    yield done.result()
            except BaseException:
                # Those that run have got the same Ctrl-C from the terminal; they stop their servers and browsers.
                pool.shutdown(wait=True, cancel_futures=True)
                raise


def control(clean: Path, faults: Iterable[Fault], work: Path, pool: ThreadPoolExecutor) -> dict[str, str]:
    """Run all tests that the faults name on the clean tree, each once; gives back those that do not pass, and why."""
    batches: dict[tuple[str, str], set[str]] = {}
    for fault in faults:
        for test in fault.tests:
            engine = fault.engine if needs_browser(test) else ""
            batches.setdefault((suite_of(test), engine), set()).add(test)

    def run(batch: tuple[str, str]) -> dict[str, str]:
        suite, engine = batch
        tree = work / f"control-{engine or suite.replace('/', '-')}"
        shutil.copytree(clean, tree)
        tests = sorted(batches[batch])
        done = run_known_tests(tree, tests, engine=engine or "chromium", scratch=work / f"{tree.name}-scratch")
        return not_passing(tests, done)

    return {test: why for faulty in pool.map(run, batches) for test, why in faulty.items()}


def put_in(fault: Fault, clean: Path, work: Path, faulty: dict[str, str]) -> Judgement:
    """Put one fault into a copy, run its tests there, and judge. Tests that are `faulty` anyhow prove nothing."""
    if already := [f"{test}: {faulty[test]}" for test in fault.tests if test in faulty]:
        return Judgement(fault, FaultVerdict.FAILED_BEFORE, already[0])
    began = time.monotonic()
    tree = work / fault.name
    shutil.copytree(clean, tree)
    if complaint := apply(fault.patch, tree):
        return Judgement(fault, FaultVerdict.DOES_NOT_APPLY, complaint.splitlines()[0])
    runs = [
        run_tests(tree, group, engine=fault.engine, scratch=work / f"{fault.name}-scratch-{number}")
        for number, group in enumerate(fault.groups)
    ]
    verdict, detail = judge(fault, runs)
    shutil.rmtree(tree)
    return Judgement(fault, verdict, detail, time.monotonic() - began)
