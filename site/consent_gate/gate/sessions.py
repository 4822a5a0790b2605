"""The gate on session keys: it stands in the session store itself, so that no way to load or save goes around it."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import Error
from django.http import HttpRequest
from django.utils import timezone

from consent_gate.conf import configuration
from consent_gate.cookies import EXPIRY_KEY, UNCONFIRMED_KEY
from consent_gate.declarations.declaration import registry
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.gate.judgement import Reason, Verdict, is_asked_by_link, judge_session
from consent_gate.gate.session_length import is_stored_for_hours, lasts_hours
from consent_gate.headers.same_site import SameSite, may_be_withheld


class GatedSession(SessionBase):
    """Mixed into a session store: drops the keys that the visitor's decision does not allow.

    On loading, so that no view reads them (what was granted may have been withdrawn or have lapsed since); on saving,
    so that none is kept. One that a view sets can be read back for the rest of the request, but is no reason to save
    the session: views need not ask before they write. A session that belongs to no request is left alone.
    """

    consent: Consent | None = None
    replaces = False
    """Whether the browser may have kept back a session of which this one would take the place: then none begins."""
    dropped_any = False
    """Whether the gate has dropped a key since the session was loaded, and not only auxiliary ones."""
    loaded: Mapping[str, Any] = MappingProxyType({})
    """What the session held when it was loaded; nothing, as long as it was not."""
    saved = False
    """Whether it was saved for the next request, after the response was ready."""
    deleted_keys: tuple[str, ...] = ()
    """The keys of sessions that this request deleted, as signing out and a new key do: they open nothing any more."""
    _is_loading = False
    confirmed = False
    """Whether this request was the first that brought the session's cookie back, as far as that was in doubt."""
    _is_storing = False
    """Whether the store is asking how long to keep the session, and not the middleware how long its cookie lasts."""
    away: Error | None = None
    """The database's error, once the session could not be loaded. For the rest of the request it can't be: whoever went
    on without it does not meet it half way."""
    dispensable = False
    """Whether the view's answer counts also where the session can't be saved."""
    _passing: frozenset[str] = frozenset()
    """Keys that were set in this request without being allowed, and that the store does not hold."""

    def __setitem__(self, key: str, value: Any) -> None:
        """Set a key."""
        was_modified, is_new = self.modified, key in self._passing or key not in self
        super().__setitem__(key, value)
        if is_new and key not in self._allowed_of(self.keys()):
            self.modified = was_modified
            self._passing |= {key}

    def load(self) -> dict[str, Any]:
        """Load what the visitor allows; the rest is erased from the store when the request ends."""
        if self.away:
            raise self.away
        self._is_loading = True
        try:
            return self._noted(self._allowed(super().load()))
        except UnicodeDecodeError:  # a damaged file; Django takes what is damaged for empty in all its other stores
            return {}
        except Error as error:
            self.away = error
            raise
        finally:
            self._is_loading = False

    async def aload(self) -> dict[str, Any]:
        """As `load`."""
        if self.away:
            raise self.away
        try:
            return self._noted(self._allowed(await super().aload()))
        except Error as error:
            self.away = error
            raise

    def create(self) -> None:
        """Begin a session under a new key; but none unasked, in the place of one that could not be loaded.

        Two of Django's stores do that (`file` for an expired session, `signed_cookies` for whatever it can't verify):
        whoever brings a dead session cookie would get a new one.
        """
        if self._is_loading:
            self._session_key = None
        else:
            super().create()

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's own signature
        """Save what the visitor allows."""
        self._mark_if_unconfirmed()
        self.drop_what_is_not_allowed()
        if self.replaces:
            return
        with self._storing():
            super().save(must_create)
        self.saved = True

    async def asave(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's own signature
        """As `save`."""
        self._mark_if_unconfirmed()
        self.drop_what_is_not_allowed()
        if self.replaces:
            return
        with self._storing():
            await super().asave(must_create)
        self.saved = True

    def delete(self, session_key: str | None = None) -> None:
        """Delete this session from the store, or the one with another key, and note which key it was."""
        self._note_deleted(session_key)
        super().delete(session_key)

    async def adelete(self, session_key: str | None = None) -> None:
        """As `delete`."""
        self._note_deleted(session_key)
        await super().adelete(session_key)

    def give_up(self, error: Error) -> None:
        """Read as empty from here on, and change neither the store nor the browser's cookie: the store is away."""
        self.away, self.modified = error, False
        self._session_key = None
        self._session_cache: dict[str, Any] = {}

    def drop_what_is_not_allowed(self) -> None:
        """Drop keys from what was loaded or set so far. Raises `judgement.Undeclared` in strict mode."""
        loaded: dict[str, Any] = getattr(self, "_session_cache", {})
        if self.consent is None or not loaded:
            return
        verdicts = self._judge(loaded, self.consent)
        for verdict in verdicts:
            if not verdict.allowed:
                del loaded[verdict.name]
                # A view may have taken the rest away: then the session stays, empty, as it would with Django alone.
                self.dropped_any |= verdict.reason is not Reason.ALONE
            # What is dropped the store may still hold, from when it was allowed; and what was set without being allowed
            # may be allowed by now.
            if verdict.allowed == (verdict.name in self._passing):
                self.modified = True
        self._passing = frozenset()
        self.consent.note(verdicts)

    def settle(self) -> None:
        """Drop what may not be kept at a request's end; a session with nothing left in it goes altogether."""
        self.drop_what_is_not_allowed()
        if self.replaces:
            self._session_key = None  # which a view may have asked for; it stands in no store
        elif self.dropped_any and self.session_key is not None and not self.keys():
            self.flush()

    @property
    def keeps_something(self) -> bool:
        """Whether a session came that still opens something, or anything set in this request may be kept.

        That a browser brought a key says nothing: the session may be over, or another site's. So this loads one that
        nobody has loaded yet (one query in a database), and nothing where no key came.
        """
        if self.session_key is None and not hasattr(self, "_session_cache"):
            return False
        if self._allowed_of(self.keys()):
            return True
        # What is empty by now and was not on its way in goes altogether, see `settle`.
        return self.session_key is not None and not self.dropped_any and not self.replaces

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until the session ends: some hours at most if it holds no reason to last."""
        age = super().get_expiry_age(**kwargs)
        # A store that tells the end itself is still loading the session; that can't be asked for its keys.
        return age if "expiry" in kwargs or not self._ends_soon(self.keys()) else min(age, _some_hours())

    async def aget_expiry_age(self, **kwargs: Any) -> int:
        """As `get_expiry_age`."""
        age = await super().aget_expiry_age(**kwargs)
        return age if "expiry" in kwargs or not self._ends_soon(await self.akeys()) else min(age, _some_hours())

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When the session ends, as `get_expiry_age` counts it."""
        end = super().get_expiry_date(**kwargs)
        return end if "expiry" in kwargs or not self._ends_soon(self.keys()) else min(end, _in_some_hours(**kwargs))

    async def aget_expiry_date(self, **kwargs: Any) -> datetime:
        """As `get_expiry_date`."""
        end = await super().aget_expiry_date(**kwargs)
        soon = "expiry" not in kwargs and self._ends_soon(await self.akeys())
        return min(end, _in_some_hours(**kwargs)) if soon else end

    def _expiry_date(self, session_data: dict[str, Any]) -> datetime:
        """The store in files asks this while it loads.

        Django's own takes a number of seconds for the end itself, and so never deletes such a session.
        """
        modification: datetime = self._last_modification()  # type: ignore[attr-defined] # that store alone has it
        end = super().get_expiry_date(modification=modification, expiry=session_data.get(EXPIRY_KEY.name))
        if not is_stored_for_hours(session_data, registry.session_keys):
            return end
        return min(end, _in_some_hours(modification))

    def _ends_soon(self, keys: Collection[str]) -> bool:
        return (is_stored_for_hours if self._is_storing else lasts_hours)(keys, registry.session_keys)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        self._is_storing = True
        try:
            yield
        finally:
            self._is_storing = False

    def _mark_if_unconfirmed(self) -> None:
        """Mark a session that would last, for a browser that has not shown that it keeps cookies."""
        fresh: dict[str, Any] = getattr(self, "_session_cache", {})
        if (
            self.consent is not None
            and not lasts_hours(fresh, registry.session_keys)
            and not self.consent.cookies_are_kept
        ):
            fresh[UNCONFIRMED_KEY.name] = True

    def _note_deleted(self, session_key: str | None) -> None:
        key = session_key or self.session_key
        if key:
            self.deleted_keys = (*self.deleted_keys, key)

    def _noted(self, loaded: dict[str, Any]) -> dict[str, Any]:
        if self.consent is not None and loaded:
            self.consent.session_came_back = True
            if loaded.pop(UNCONFIRMED_KEY.name, None):
                self.modified = self.confirmed = True
        self.loaded = dict(loaded)  # Django goes on to change the one that it is given
        return loaded

    def _allowed(self, stored: dict[str, Any]) -> dict[str, Any]:
        if not stored:
            return stored
        allowed = {key: stored[key] for key in self._allowed_of(stored)}
        if len(allowed) < len(stored):
            self.modified = self.dropped_any = True
        return allowed

    def _allowed_of(self, keys: Collection[str]) -> list[str]:
        if self.consent is None:
            return list(keys)
        return [each.name for each in self._judge(keys, self.consent) if each.allowed]

    def _judge(self, keys: Collection[str], consent: Consent) -> list[Verdict]:
        if consent.context.first_visit:
            consent.asked_by_link = is_asked_by_link(keys, registry)
        return judge_session(keys, registry, consent.context, replaces=self.replaces)


def _some_hours() -> int:
    return configuration().anonymous_session_age


def _in_some_hours(modification: datetime | None = None) -> datetime:
    return (modification or timezone.now()) + timedelta(seconds=_some_hours())


@cache
def gated(store: type[SessionBase]) -> type[GatedSession]:
    """The class of a session store with the gate in it; one for each store, as SESSION_ENGINE may name any."""

    class GatedStore(GatedSession, store):  # type: ignore[misc, valid-type]
        # Django signs what it stores with this name: under another one, all sessions that exist would be lost.
        __qualname__ = store.__qualname__

    return GatedStore


def introduce(session: GatedSession, request: HttpRequest) -> None:
    """Tell a session whose it is: what its visitor allows, and whether theirs may have stayed behind."""
    session.consent = consent_of(request)
    session.replaces = settings.SESSION_COOKIE_NAME not in request.COOKIES and may_be_withheld(
        cast("SameSite", settings.SESSION_COOKIE_SAMESITE),  # mypy's plugin for Django widens it to str
        method=request.method or "",
        fetch_site=request.META.get("HTTP_SEC_FETCH_SITE"),
        fetch_mode=request.META.get("HTTP_SEC_FETCH_MODE"),
        fetch_dest=request.META.get("HTTP_SEC_FETCH_DEST"),
    )


def session_of(request: HttpRequest) -> GatedSession | None:
    """The session of a request that passed the gate; None if it never came to have one.

    A view may put another session into the request's place, of a store without the gate. It gets the gate here, before
    anything of it is saved with the response.
    """
    session = getattr(request, "session", None)
    if isinstance(session, SessionBase) and not isinstance(session, GatedSession):
        session = _under_the_gate(session)
        introduce(session, request)
        request.session = session
    return session


def _under_the_gate(session: SessionBase) -> GatedSession:
    """The same session, as an object of the store with the gate in it."""
    store = gated(type(session))
    inside = store.__new__(store)  # whatever it takes to make one: all that it holds comes from the other
    vars(inside).update(vars(session))
    return inside
