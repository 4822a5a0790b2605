"""Session engines that know sessions by the hashes of their keys, as `exact_sessions` does; that need not be there."""

from collections.abc import Collection, Iterable
from typing import Protocol, runtime_checkable

from django.contrib.sessions.base_session import AbstractBaseSession


@runtime_checkable
class HashedStore(Protocol):
    """An engine whose table holds the SHA-256 of each session key, in hexadecimal: no key is needed to end one."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        """The table's model, whose primary key is the hash. Its other columns are as in Django's."""

    @classmethod
    def alive(cls, hashes: Collection[str]) -> set[str]:
        """Those of these sessions that have not ended."""

    @classmethod
    def end_hashed(cls, hashes: Iterable[str]) -> None:
        """End these sessions."""
