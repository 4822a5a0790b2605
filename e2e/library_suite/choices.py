"""The answer in a visitor's browser, altered as time or another version of the site would have done."""

import hashlib
import hmac
from collections.abc import Callable

import pytest

from library_suite.cookie_names import CHOICE
from library_suite.deployed import LOOKS_INSIDE
from library_suite.site import SECRET_KEY, LibrarySite
from library_suite.visitor import Visitor


def alter_choice(visitor: Visitor, change: Callable[[str], str]) -> None:
    """Change the text of the answer, and sign it as the site does. Skips the test where nobody knows the site's key."""
    if not isinstance(visitor.site, LibrarySite):
        pytest.skip(LOOKS_INSIDE)
    text, _dot, _signature = visitor.jar()[CHOICE].value.rpartition(".")
    visitor.alter_cookie(CHOICE, value=signed(change(text)))


def forge_choice(visitor: Visitor, change: Callable[[str], str]) -> None:
    """Change the text of the answer and leave the signature, as anybody can who may write the cookie."""
    visitor.alter_cookie(CHOICE, value=change(visitor.jar()[CHOICE].value))


def signed(text: str) -> str:
    """A text with the signature that a site of this suite gives it."""
    key = hmac.digest(hashlib.sha256(f"consent.choice{SECRET_KEY}".encode()).digest(), b"", "sha256")
    return f"{text}.{hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()}"
