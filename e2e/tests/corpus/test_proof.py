"""Sites of the corpus do what their tables say: seen by a visitor who knows nothing of the audit."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext

from cookie_corpus.facts import Facts
from cookie_corpus.proof import complaints, prove
from cookie_corpus.table import Truth, sites_named
from cookie_corpus.visitor import OpenContext, StepMissing
from cookie_harness import Engine
from cookie_harness.plugin import VisitorFactory

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(240)]

# What differs most between engines: other hosts' cookies, other stores, a service worker and boxes, all in the first;
# and a banner in a frame.
NAMES = ["many-wrongs", "frame-withdrawal-keeps"]

Prove = Callable[[str, OpenContext], Facts]


@pytest.fixture
def open_context(new_visitor: VisitorFactory) -> OpenContext:
    def new(gpc: bool) -> BrowserContext:
        return new_visitor(gpc=gpc)

    return new


@pytest.fixture(scope="module")
def proven(engine: Engine) -> Prove:
    """What is true of a site in this engine; a visitor is sent once for all tests."""
    known: dict[str, Facts] = {}

    def facts(name: str, open_context: OpenContext) -> Facts:
        key = f"{name} in {engine.name}"
        if key not in known:
            [site] = sites_named([name])
            known[key] = prove(site, open_context)
        return known[key]

    return facts


@pytest.mark.parametrize("name", NAMES)
def test_a_site_does_what_its_table_says(
    name: str, proven: Prove, open_context: OpenContext, browser_name: str
) -> None:
    [site] = sites_named([name])
    assert complaints(site, proven(name, open_context), browser_name) == []


def test_a_table_that_tells_another_story_is_complained_of(
    proven: Prove, open_context: OpenContext, browser_name: str
) -> None:
    [name] = NAMES[1:]
    [site] = sites_named([name])
    other = replace(
        site, truths=(*(each for each in site.truths if each.kind != "kept-after-withdrawal"), Truth("wall", ""))
    )
    assert complaints(other, proven(name, open_context), browser_name) == [
        f"{name}: the table says wall of the banner, {browser_name} saw none",
        f"{name}: {browser_name} saw kept-after-withdrawal of stat_id, and the table has not",
    ]


def test_a_step_that_finds_nothing_is_named(open_context: OpenContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cookie_corpus.visitor.STEP_PATIENCE", 200)
    [site] = sites_named(["right-plain"])
    steps = replace(site.steps, accept=("#no-such-button",), boxes=())  # so it is the first that is pressed
    with pytest.raises(StepMissing, match="right-plain: nothing to press at “#no-such-button”"):
        prove(replace(site, steps=steps), open_context)
