"""Which tests are watched, and what is known of the site beside what they see."""

from pathlib import Path

import pytest

from cookie_evidence.observer import Observer
from cookie_harness.hooks import Subject

FACTS = pytest.StashKey[dict[str, str]]()
"""In a configuration: what was learnt of the running site; every report carries it to whoever writes the page."""
OBSERVER = pytest.StashKey[Observer]()
"""In a test: who watches its browsers."""
PICTURES = "pictures"
"""The folder of the screenshots, in the evidence's own."""


def observer_of(item: pytest.Item) -> Observer | None:
    """The observer of a test that shows a promise, in a run that writes evidence."""
    folder: Path | None = item.config.option.evidence
    if folder is None or not promises_of(item):
        return None
    if OBSERVER not in item.stash:
        subject: Subject = item.config.hook.pytest_evidence_subject()
        pictures = folder / PICTURES
        name = "".join(letter if letter.isalnum() else "-" for letter in item.nodeid.rpartition("/")[2])
        item.stash[OBSERVER] = Observer(subject.session_cookie, lambda number: pictures / f"{name}-{number}.jpg")
    return item.stash[OBSERVER]


def promises_of(item: pytest.Item) -> list[str]:
    """The promises that a test shows, by id."""
    found = (promise for marker in item.iter_markers("promise") for promise in marker.args)
    return sorted(set(found))
