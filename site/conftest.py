"""What tests of every app share."""

from hypothesis import settings

from consent_gate.tests.fixtures import grant

__all__ = ["grant"]

# How long an example takes says nothing about the code on a busy machine.
settings.register_profile("site", deadline=None)
settings.load_profile("site")
