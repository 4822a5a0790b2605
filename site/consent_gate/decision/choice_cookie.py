"""A choice as the cookie that this site signs: its own answer is told from what others at its host name may write."""

from datetime import datetime
from functools import cache
from hashlib import blake2b
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

from consent_gate.decision.choice import SIGNATURE_LENGTH, Choice, encode, parse
from consent_gate.headers.sent_cookies import sent_cookies

_SALT = "consent.choice"
"""Keeps this use of the secret key apart from others."""


def cookie_value(choice: Choice) -> str:
    """A choice as its cookie carries it."""
    return encode(choice, sign)


def choice_in(value: str | None, now: datetime) -> Choice | None:
    """The choice that a cookie's value carries, as far as it counts by the rules of `choice.parse`."""
    return parse(value, now, is_signed)


def choice_among(header: str, name: str, value: str | None, now: datetime) -> Choice | None:
    """The choice that a request brings, whose `Cookie` header is given, and in it the `value` that the site reads.

    A name that comes twice lies at two paths or domains, and who set which nobody can tell: then the one counts that
    allows least.
    """
    if header.count(f"{name}=") < 2:  # noqa: PLR2004
        return choice_in(value, now)
    found = (choice_in(each.value, now) for each in sent_cookies(header) if each.name == name)
    return min((each for each in found if each), key=lambda each: len(each.granted), default=None)


def sign(text: str) -> str:
    """The signature of a text: keyed BLAKE2b of 128 bits (RFC 7693, section 2.9), in hexadecimal digits."""
    return _signature(text, settings.SECRET_KEY)


def is_signed(text: str, signature: str) -> bool:
    """Whether a signature is this site's own; by an earlier secret key, too, as long as that still verifies."""
    if compare_digest(_signature(text, settings.SECRET_KEY), signature):
        return True
    return any(compare_digest(_signature(text, key), signature) for key in settings.SECRET_KEY_FALLBACKS)


# Each request of a visitor who has answered pays for this (`scripts/bench gate`): Django's `salted_hmac`, which derives
# a key for each text, takes ten times as long, and one-shot HMAC-SHA256 twice.
def _signature(text: str, secret_key: str) -> str:
    return blake2b(text.encode(), key=_derived(secret_key), digest_size=SIGNATURE_LENGTH // 2).hexdigest()


@cache
def _derived(secret_key: str) -> bytes:
    return salted_hmac(_SALT, "", secret=secret_key, algorithm="sha256").digest()
