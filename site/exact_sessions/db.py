"""Sessions in the database: SESSION_ENGINE = "exact_sessions.db".

Saving needs one statement as long as no other request has saved the session since it was loaded: it names the version
that it loaded. Else the row is locked, and what this request changed is merged into what is stored.
"""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, router, transaction
from django.utils import timezone
from django.utils.functional import cached_property

from exact_sessions import statements
from exact_sessions.batches import delete_in_batches
from exact_sessions.merging import Changes, Data, Erasures, Number, adopt, changes_between, merged
from exact_sessions.models import AbstractExactSession, ExactSession


def hash_of(session_key: str) -> str:
    """What the table knows a session by.

    Plain SHA-256: a session key has 165 random bits, which no salt could make harder to guess; and a hash that needed
    SECRET_KEY would end every session when that is changed, which SECRET_KEY_FALLBACKS is there to avoid.
    Source: code.djangoproject.com/ticket/21076
    """
    return hashlib.sha256(session_key.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class StoredForm:
    """A session as the table holds it."""

    session_data: str
    version: int
    expire_date: datetime


@dataclass(frozen=True)
class LockedForm(StoredForm):
    """A session as the table holds it, which no other request can change for now; the version is the next one."""

    erased: Mapping[str, Any]


class ExactSessionStore(SessionBase):
    """Django's session API, and `increment`."""

    # What Django's base class has and its type stubs leave out.
    _get_session: Callable[..., Data]
    _aget_session: Callable[..., Awaitable[Data]]
    _get_new_session_key: Callable[[], str]
    _aget_new_session_key: Callable[[], Awaitable[str]]
    _get_or_create_session_key: Callable[[], str]
    _aget_or_create_session_key: Callable[[], Awaitable[str]]

    _stored: StoredForm | None = None
    """What the changes of this request are counted from: the row as it was loaded or saved last."""
    _stored_names: frozenset[str] = frozenset()
    _increments: Mapping[str, Number] = MappingProxyType({})

    @classmethod
    def get_model_class(cls) -> type[AbstractExactSession]:
        """The table's model."""
        return ExactSession

    @cached_property
    def model(self) -> type[AbstractExactSession]:
        """The table's model."""
        return self.get_model_class()

    @property
    def key_salt(self) -> str:
        """As Django's own engine signs: what is stored can be carried over from its table, and back."""
        return "django.contrib.sessions.SessionStore"

    def stored_row(self) -> StoredForm | None:
        """The session as the table holds it, by what this request loaded or saved last; None before, and for none."""
        return self._stored

    def increment(self, key: str, by: Number = 1) -> Any:
        """Add to a number, and give back what it is for this request; one that is not there counts as 0.

        When the session is saved the increment is added to what is stored by then: none gets lost, however many
        requests increment at once. Raises TypeError if the value is no number.
        """
        value = self.get(key, 0) + by
        self[key] = value
        self._increments = {**self._increments, key: self._increments.get(key, 0) + by}
        return value

    async def aincrement(self, key: str, by: Number = 1) -> Any:
        """As `increment`."""
        await self._aget_session()
        return self.increment(key, by)

    def load(self) -> Data:
        """Load the session; if there is none by its key, it has no key any more."""
        return self._opened(self._find())

    async def aload(self) -> Data:
        """As `load`."""
        return self._opened(await sync_to_async(self._find)())

    def exists(self, session_key: str | None) -> bool:
        """Whether there is a session by this key, expired ones too."""
        return session_key is not None and self.model.objects.filter(pk=hash_of(session_key)).exists()

    async def aexists(self, session_key: str | None) -> bool:
        """As `exists`."""
        return await sync_to_async(self.exists)(session_key)

    def create(self) -> None:
        """Begin a session under a new key, with what this one holds."""
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:  # another process has had the same idea
                continue
            self.modified = True
            return

    async def acreate(self) -> None:
        """As `create`."""
        while True:
            self._session_key = await self._aget_new_session_key()
            try:
                await self.asave(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's own signature
        """Save what was changed. What other requests have changed since this one loaded the session is kept.

        Raises UpdateError if the session was ended meanwhile, and CreateError if `must_create` and there is one.
        """
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)
        self._write(data, must_create=must_create)

    async def asave(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's own signature
        """As `save`."""
        if self.session_key is None:
            await self.acreate()
            return
        data = await self._aget_session(no_load=must_create)
        await sync_to_async(self._write)(data, must_create=must_create)

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one with another key."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            self.end_hashed([hash_of(key)])

    async def adelete(self, session_key: str | None = None) -> None:
        """As `delete`."""
        await sync_to_async(ExactSessionStore.delete)(self, session_key)

    def cycle_key(self) -> None:
        """Give the session a new key, with all that other requests have stored under the old one until now.

        If it was ended since it was loaded, nothing of it comes along: a new session begins, empty. (Django's own
        engines bring it back whole, sign-in included.)
        """
        own = self._get_session()
        if self.session_key is None:
            super().cycle_key()
            return
        with transaction.atomic(using=self._database):
            row = self._locked()
            if row is None:
                own.clear()
            else:
                self._rebase(row, own)
            super().cycle_key()

    async def acycle_key(self) -> None:
        """As `cycle_key`."""
        await sync_to_async(self.cycle_key)()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that have ended by themselves."""
        for _deleted in cls.clear_in_batches():
            pass

    @classmethod
    async def aclear_expired(cls) -> None:
        """As `clear_expired`."""
        await sync_to_async(cls.clear_expired)()

    @classmethod
    def clear_in_batches(cls) -> Iterator[int]:
        """As `clear_expired`, and yields after each batch how many rows it deleted. Several may run at once."""
        expired = cls.get_model_class().objects.filter(expire_date__lt=timezone.now())
        for batch in delete_in_batches(expired, by="expire_date"):
            yield batch.number

    @staticmethod
    def hash_of(session_key: str) -> str:
        """What the table knows a session by."""
        return hash_of(session_key)

    @classmethod
    def alive(cls, hashes: Collection[str]) -> set[str]:
        """Of sessions, named by the hashes of their keys, those that have not ended; in one query."""
        rows = cls.get_model_class().objects.filter(pk__in=hashes, expire_date__gt=timezone.now())
        return set(rows.values_list("pk", flat=True))

    @classmethod
    def end_hashed(cls, hashes: Iterable[str]) -> None:
        """End sessions, named by the hashes of their keys: who has no key can end one all the same."""
        cls.get_model_class().objects.filter(pk__in=list(hashes)).delete()

    def create_model_instance(self, data: Data) -> AbstractExactSession:
        """The row for what the session holds. A subclass may fill in columns of its own, as with Django's engine."""
        return self.model(
            key_hash=hash_of(self._get_or_create_session_key()),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )

    @property
    def _database(self) -> str:
        return router.db_for_write(self.model)

    def _find(self) -> StoredForm | None:
        """The row of this session's key, unless it has expired."""
        using = router.db_for_read(self.model)
        found = statements.find(self.model, using, hash_of(self.session_key or ""), timezone.now())
        return StoredForm(*found) if found else None

    def _opened(self, form: StoredForm | None) -> Data:
        data = self.decode(form.session_data) if form else {}
        self._note(form, data)
        if form is None:
            self._session_key = None
        return data

    def _note(self, form: StoredForm | None, data: Data) -> None:
        """From here on the changes are counted."""
        self._stored, self._stored_names, self._increments = form, frozenset(data), {}

    def _write(self, data: Data, *, must_create: bool) -> None:
        if self.session_key is None:  # there was none by this key
            raise UpdateError
        if must_create:
            self._insert(data)
        elif not self._replace(data):
            self._merge(data)

    def _insert(self, data: Data) -> None:
        row = self.create_model_instance(data)
        try:
            with transaction.atomic(using=self._database):
                row.save(force_insert=True, using=self._database)
        except IntegrityError:
            raise CreateError from None
        self._note_saved(row, data)

    def _replace(self, data: Data) -> bool:
        """Save over the version that was loaded, in one statement; False if that can't be done."""
        if self._stored is None or self._stored_names - data.keys():  # what is erased has to be noted in the row
            return False
        row = self.create_model_instance(data)
        row.version = self._stored.version + 1
        if not statements.replace(row, self._database, _columns(row, without={"erased"}), self._stored.version):
            return False
        self._note_saved(row, data)
        return True

    def _merge(self, data: Data) -> None:
        """Save this request's changes into what other requests have stored. Raises UpdateError if nothing is."""
        with transaction.atomic(using=self._database):
            stored = self._locked()
            if stored is None:
                raise UpdateError
            changes = self._rebase(stored, data)
            row = self.create_model_instance(data)
            row.version = stored.version
            row.erased = Erasures.read(stored.erased).plus(changes.erased, row.version).written()
            statements.replace(row, self._database, _columns(row), row.version)
            self._note_saved(row, data)

    def _locked(self) -> LockedForm | None:
        """The row of this session's key, for the rest of the transaction."""
        found = statements.lock(self.model, self._database, hash_of(self.session_key or ""))
        return LockedForm(*found) if found else None

    def _rebase(self, row: LockedForm, own: Data) -> Changes:
        """Put this request's changes on top of what is stored, and count them from there."""
        stored = self.decode(row.session_data)
        if self._stored:
            before, version = self.decode(self._stored.session_data), self._stored.version
        else:  # it was cleared without being loaded, so that all that is stored goes
            before, version = stored, row.version
        changes = changes_between(before, own, self._increments, self._form)
        adopt(own, merged(stored, changes, Erasures.read(row.erased), version), self._form)
        self._stored = StoredForm(row.session_data, row.version, row.expire_date)
        self._stored_names = frozenset(stored)
        return changes

    def _note_saved(self, row: AbstractExactSession, data: Data) -> None:
        self._note(StoredForm(row.session_data, row.version, row.expire_date), data)

    def _form(self, value: Any) -> bytes:
        form: bytes = self.serializer().dumps([value])
        return form


def _columns(row: AbstractExactSession, without: Collection[str] = ()) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001 -- public, for all its name: ref/models/meta
        if not field.primary_key and field.attname not in without
    }


SessionStore = ExactSessionStore
