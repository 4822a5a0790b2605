"""Keeping a secret in the database so that a copy of the database alone does not give it away.

Fernet, from the package `cryptography`: encrypted and authenticated (github.com/fernet/spec). The key is derived from
SECRET_KEY (HKDF, RFC 5869), so that nothing more has to be kept safe; earlier keys in SECRET_KEY_FALLBACKS open too.

The package takes 6 MB of memory. So it is imported where it is used: most commands seal nothing.
"""

from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

_USE = b"dashboard.sealing"
"""Keeps this use of the secret key apart from others."""


def seal(secret: str) -> str:
    """Encrypt a text; twice the same text gives two different ones."""
    return _fernet((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Decrypt a text; None if it was altered, or sealed with a key that this site no longer has."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 -- see above

    try:
        return _fernet((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@cache
def _fernet(keys: tuple[str, ...]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 -- see above

    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 -- see above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_USE).derive(key.encode())
