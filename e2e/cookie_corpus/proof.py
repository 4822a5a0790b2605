"""Whether a site does what its table says: the table's truths beside what a visitor saw."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from cookie_corpus.facts import Fact, Facts, facts_of
from cookie_corpus.packages import package_of
from cookie_corpus.server import CorpusServer
from cookie_corpus.table import CorpusSite
from cookie_corpus.visitor import OpenContext, look_at
from cookie_harness import BrowserSettings, Engine, Profile
from cookie_harness.policies import context_arguments


def prove(site: CorpusSite, open_context: OpenContext) -> Facts:
    """Send a visitor to a site, and say what is true of it; raises `StepMissing`, `PackageMissing`."""
    with CorpusServer(site, package_of(site)) as server:
        seen = look_at(server, open_context)
    return facts_of(site, seen, time.time())


def complaints(site: CorpusSite, facts: Facts, engine: str) -> list[str]:
    """Where the table and the facts differ, a sentence each; empty for a site that does what its table says."""
    told, seen = site.truths_in(engine), facts.asked_for
    return [
        *(f"{site.name}: the table says {_words(each)}, {engine} saw none" for each in told - seen),
        *(f"{site.name}: {engine} saw {_words(each)}, and the table has not" for each in seen - told),
    ]


@contextmanager
def contexts_of(engine: Engine) -> Iterator[OpenContext]:
    """Isolated browsers of an engine, all in one process. Firefox has Global Privacy Control by a header here."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder) / "profile", engine, getattr(playwright, engine.name))
        with closing(profile):
            profile.open()

            def new(gpc: bool) -> BrowserContext:  # noqa: FBT001 -- as `OpenContext` has it
                return profile.browser.new_context(**context_arguments(engine, BrowserSettings(gpc=gpc), {}))

            yield new


def _words(fact: Fact) -> str:
    kind, subject = fact
    return f"{kind} of {subject or 'the banner'}"
