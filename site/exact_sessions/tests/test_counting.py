"""Many requests of one visitor at once, in threads and processes: each counts."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection

from exact_sessions.db import ExactSessionStore
from exact_sessions.models import ExactSession

pytestmark = pytest.mark.django_db(transaction=True)
ENGINES = pytest.mark.parametrize("engine", ["exact_sessions.db", "exact_sessions.cached_db"])
PARTS = Path(__file__).resolve().parents[2]


def new_session(engine: str, **keys: object) -> ExactSessionStore:
    session: ExactSessionStore = import_module(engine).SessionStore()
    session.update(keys)
    session.save()
    return session


def in_threads(number: int, work: Any) -> None:
    """Do this in so many threads, all of which are there before the first begins."""
    gate = Barrier(number)

    def once(_number: int) -> None:
        try:
            gate.wait(60)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        list(pool.map(once, range(number)))


def stored() -> dict[str, Any]:
    return ExactSession.objects.get().get_decoded()


@ENGINES
def test_forty_at_once_are_forty(engine: str) -> None:
    key, loaded = new_session(engine, n=0).session_key, Barrier(40)

    def open_page() -> None:
        session = import_module(engine).SessionStore(key)
        session.increment("n")
        loaded.wait(60)  # nobody saves before all have loaded: with the last writer winning, this counts as 1
        session.save()

    in_threads(40, open_page)
    assert stored() == {"n": 40}


@ENGINES
def test_a_thousand_in_processes_with_caches_of_their_own_are_a_thousand(engine: str) -> None:
    """Two nodes know nothing of one another but through the database."""
    key = new_session(engine, n=0).session_key
    database = {name: connection.settings_dict[name] for name in ("ENGINE", "NAME", "USER", "HOST", "PORT", "OPTIONS")}
    variables = os.environ | {
        "EXACT_SESSIONS_DATABASE": json.dumps(database),
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "PYTHONPATH": str(PARTS),
    }
    command = [sys.executable, "-m", "exact_sessions.tests.counting_process", engine, str(key), "4", "125"]
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(
                subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(2)
        ]
        for node in nodes:
            assert node.stdout is not None
            assert node.stdout.readline() == "ready\n"
        for node in nodes:
            node.communicate("go\n", timeout=100)
        assert [node.returncode for node in nodes] == [0, 0]
    assert stored() == {"n": 1000}


@ENGINES
def test_forty_new_keys_at_once_are_all_kept(engine: str) -> None:
    key, numbers = new_session(engine).session_key, iter(range(40))

    def open_page() -> None:
        session = import_module(engine).SessionStore(key)
        session[f"page {next(numbers)}"] = True
        session.save()

    in_threads(40, open_page)
    assert len(stored()) == 40


@ENGINES
def test_no_request_outlives_the_end_of_its_session(engine: str) -> None:
    key = new_session(engine, n=0).session_key

    def open_page() -> None:
        session = import_module(engine).SessionStore(key)
        session.increment("n")
        with suppress(UpdateError):
            session.save()

    def sign_out() -> None:
        import_module(engine).SessionStore(key).flush()

    turns = iter([open_page] * 10 + [sign_out] + [open_page] * 10)

    def take_turn() -> None:
        next(turns)()

    in_threads(21, take_turn)
    # Whoever came after the end has begun a session of their own.
    assert not import_module(engine).SessionStore().exists(key)
    assert not import_module(engine).SessionStore(key).keys()
