"""What a fork can do that its parent has done before."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async

from library_suite.mutants.children import in_child
from library_suite.mutants.fates import Fate

pytestmark = pytest.mark.promise("H11")


def answer_later() -> str:
    return asyncio.run(asyncio.wait_for(sync_to_async(lambda: "")(), timeout=20))


def test_an_asynchronous_view_answers_in_a_fork_too() -> None:
    with ThreadPoolExecutor(1) as thread:  # this one may have a loop of Playwright's
        assert thread.submit(answer_later).result() == "", "which starts a thread that a fork does not have"
    assert in_child(answer_later, 5) == (Fate.SURVIVED, "")
