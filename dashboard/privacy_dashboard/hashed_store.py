"""Session engines that know sessions by the hashes of their keys, as `exact_sessions` does; that need not be there."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol, runtime_checkable

from django.contrib.sessions.base_session import AbstractBaseSession


class StoredRow(Protocol):
    """One session as the table holds it."""

    @property
    def session_data(self) -> str:
        """Its text."""

    @property
    def expire_date(self) -> datetime:
        """When it ends."""


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

    def stored_row(self) -> StoredRow | None:
        """This session, as it was loaded or saved last."""
