"""What tests of every app share."""

from collections.abc import Callable

import pytest
from django.core.cache import caches
from hypothesis import settings

from consent_gate.pages.outlines import forget
from consent_gate.testing import give_choice

# How long an example takes says nothing about the code on a busy machine.
settings.register_profile("site", deadline=None)
settings.load_profile("site")


@pytest.fixture
def grant() -> Callable[..., None]:
    """Give a client's browser a choice: yes to these purposes, no to the others."""
    return give_choice


@pytest.fixture(autouse=True)
def _no_kept_pages() -> None:
    """Each test renders its pages anew, so that it can look into what they were rendered with."""
    if "template_fragments" in caches.settings:
        caches["template_fragments"].clear()
    forget()
