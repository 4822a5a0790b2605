"""Django's session API, sync and async: the cases of Django's own tests of its engines (tests/sessions_tests)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.serializers import JSONSerializer
from django.core.signing import TimestampSigner
from django.test import override_settings
from django.utils import timezone

from exact_sessions.db import ExactSessionStore
from exact_sessions.models import ExactSession
from exact_sessions.tests.conftest import Store


class Calls:
    """Calls a session's methods by their names; the async ones where `asynchronous`."""

    def __init__(self, session: ExactSessionStore, *, asynchronous: bool) -> None:
        self.session = session
        self.asynchronous = asynchronous

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if self.asynchronous:
            return async_to_sync(getattr(self.session, f"a{name}"))
        plain = {"set": "__setitem__"}.get(name, name)
        return getattr(self.session, plain)  # type: ignore[no-any-return]

    def again(self) -> "Calls":
        """As the next request of the same visitor has it."""
        return Calls(type(self.session)(self.session.session_key), asynchronous=self.asynchronous)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def session(request: pytest.FixtureRequest, store: Store) -> Calls:
    return Calls(store(), asynchronous=request.param)


def test_a_new_session_is_untouched(session: Calls) -> None:
    assert (session.session.modified, session.session.accessed) == (False, False)
    assert session.session.is_empty()
    assert session.get("cat") is None
    assert session.session.accessed


def test_a_key_is_set_read_and_taken_away(session: Calls) -> None:
    session.set("cat", "dog")
    assert session.session.modified
    assert session.has_key("cat")
    assert session.pop("cat") == "dog"
    assert session.get("cat") is None
    session.session.modified = False
    assert session.pop("cat", "none") == "none"
    assert session.pop("cat", default="none") == "none"
    assert not session.session.modified
    with pytest.raises(KeyError):
        session.pop("cat")


def test_a_default_is_set_once(session: Calls) -> None:
    assert session.setdefault("foo", "bar") == "bar"
    assert session.setdefault("foo", "baz") == "bar"
    assert session.session.modified


def test_keys_values_and_items_are_a_dictionarys(session: Calls) -> None:
    assert list(session.values()) == []
    session.update({"x": 1})
    session.session.modified = False
    assert (list(session.keys()), list(session.values()), list(session.items())) == (["x"], [1], [("x", 1)])
    assert not session.session.modified
    session.session.clear()
    assert list(session.items()) == []
    assert session.session.modified


def test_a_saved_session_is_there_for_the_next_request(session: Calls) -> None:
    session.set("a", "b")
    session.save()
    assert session.get("a") == "b"
    assert session.exists(session.session.session_key)
    assert session.again().get("a") == "b"


def test_a_deleted_session_is_gone(session: Calls) -> None:
    session.save()
    session.delete(session.session.session_key)
    assert not session.exists(session.session.session_key)
    session.delete()
    session.delete("no such session")
    Calls(type(session.session)(), asynchronous=session.asynchronous).delete()


def test_flushing_ends_a_session_and_forgets_its_key(session: Calls) -> None:
    session.set("foo", "bar")
    session.save()
    before = session.session.session_key
    session.flush()
    assert not session.exists(before)
    assert session.session.session_key is None
    assert session.session.modified
    assert session.session.accessed


@pytest.mark.parametrize("loaded", [True, False])
def test_a_session_gets_a_new_key_and_keeps_the_rest(session: Calls, *, loaded: bool) -> None:
    session.update({"a": "c", "b": "d"})
    session.save()
    before = session.session.session_key
    if not loaded:
        session = session.again()
    session.cycle_key()
    assert not session.exists(before)
    assert session.session.session_key != before
    assert dict(session.items()) == {"a": "c", "b": "d"}
    assert dict(session.again().items()) == {"a": "c", "b": "d"}


def test_a_session_without_a_key_gets_one_by_cycling(session: Calls) -> None:
    session.set("a", 1)
    session.cycle_key()
    assert session.again().get("a") == 1


def test_creating_twice_under_one_key_is_refused(session: Calls) -> None:
    session.save()
    other = session.again()
    with pytest.raises(CreateError):
        other.save(must_create=True)
    assert session.exists(session.session.session_key)


def test_a_key_that_is_taken_is_not_given_twice(session: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    session.save()
    keys: Iterator[str | None] = iter([session.session.session_key, "another-key"])

    async def asynchronously(_self: object) -> str | None:
        return next(keys)

    monkeypatch.setattr(SessionBase, "_get_new_session_key", lambda _self: next(keys))
    monkeypatch.setattr(SessionBase, "_aget_new_session_key", asynchronously)
    other = Calls(type(session.session)(), asynchronous=session.asynchronous)
    other.create()
    assert other.session.session_key == "another-key"


def test_loading_an_unknown_key_stores_nothing(session: Calls) -> None:
    unknown = Calls(type(session.session)("someunknownkey"), asynchronous=session.asynchronous)
    assert unknown.load() == {}
    assert unknown.session.session_key is None
    assert not unknown.exists(None)
    assert not ExactSession.objects.exists()


def test_saving_under_an_unknown_key_is_refused(session: Calls) -> None:
    unknown = Calls(type(session.session)("someunknownkey"), asynchronous=session.asynchronous)
    with pytest.raises(UpdateError):
        unknown.save()


@pytest.mark.parametrize("key", ["1", "", "1234567"])
def test_what_is_too_short_is_no_key(session: Calls, key: str) -> None:
    short = Calls(type(session.session)(key), asynchronous=session.asynchronous)
    assert short.session.session_key is None
    short.save()
    assert short.session.session_key != key
    assert short.get("cat") is None


@pytest.mark.parametrize("key", ["x" * 5000, "nul\x00nul\x00", "lone \ud800", "' OR 1=1 --", "clé secrète"])
def test_whatever_a_browser_sends_is_no_session(session: Calls, key: str) -> None:
    wild = Calls(type(session.session)(key), asynchronous=session.asynchronous)
    assert not wild.exists(key)
    assert wild.load() == {}
    wild.delete(key)


def test_a_key_can_not_be_set_from_outside(session: Calls) -> None:
    with pytest.raises(AttributeError):
        session.session.session_key = "another-key"  # type: ignore[misc]


def test_a_session_that_was_signed_out_elsewhere_is_not_brought_back(session: Calls) -> None:
    session.set("a", 1)
    session.save(must_create=True)
    session.again().delete()
    session.set("a", 2)
    with pytest.raises(UpdateError):
        session.save()
    assert session.load() == {}


@pytest.mark.parametrize(("ending", "age"), [(10, 10), (timedelta(seconds=10), 10), (0, 1_209_600), (None, 1_209_600)])
def test_a_session_ends_when_it_is_told_to(session: Calls, ending: int | timedelta | None, age: int) -> None:
    session.set_expiry(5)
    session.set_expiry(ending)
    assert age - 1 <= session.get_expiry_age() <= age
    now = timezone.now()
    if not isinstance(ending, timedelta):
        assert session.get_expiry_age(modification=now) == age
        assert session.get_expiry_date(modification=now) == now + timedelta(seconds=age)


def test_a_session_ends_on_a_date(session: Calls) -> None:
    end = timezone.now() + timedelta(hours=1)
    session.set_expiry(end)
    session.save()
    assert session.again().get_expiry_date() == end
    assert ExactSession.objects.get().expire_date == end


@pytest.mark.parametrize("close", [True, False])
def test_a_session_may_end_with_the_browser(session: Calls, *, close: bool) -> None:
    with override_settings(SESSION_EXPIRE_AT_BROWSER_CLOSE=close):
        session.set_expiry(10)
        assert session.get_expire_at_browser_close() is False
        session.set_expiry(0)
        assert session.get_expire_at_browser_close() is True
        session.set_expiry(None)
        assert session.get_expire_at_browser_close() is close


def test_a_session_whose_end_has_passed_is_not_found(session: Calls) -> None:
    session.set("foo", "bar")
    session.set_expiry(-timedelta(seconds=10))
    session.save()
    assert not session.again().has_key("foo")


def test_the_test_cookie_works(session: Calls) -> None:
    assert not session.test_cookie_worked()
    session.set_test_cookie()
    session.save()
    later = session.again()
    assert later.test_cookie_worked()
    later.delete_test_cookie()
    later.save()
    assert not session.again().test_cookie_worked()


def test_an_increment_is_kept(session: Calls) -> None:
    assert session.increment("n") == 1
    assert session.increment("n", 4) == 5
    assert session.increment("x", -0.5) == -0.5
    session.save()
    later = session.again()
    assert later.increment("n", by=2) == 7
    later.save()
    assert dict(session.again().items()) == {"n": 7, "x": -0.5}


def test_what_is_no_number_can_not_be_incremented(session: Calls) -> None:
    session.set("a", "text")
    with pytest.raises(TypeError):
        session.increment("a")
    assert session.get("a") == "text"


def test_what_was_set_before_and_after_an_increment_counts(session: Calls) -> None:
    session.set("n", 10)
    session.save()
    later = session.again()
    later.set("n", 100)
    later.increment("n")
    later.save()
    assert session.again().get("n") == 101
    again = session.again()
    again.increment("n")
    again.set("n", 3)
    again.save()
    assert session.again().get("n") == 3


def test_what_is_encoded_can_be_decoded(session: Calls) -> None:
    store = session.session
    assert store.decode(store.encode({"a test key": "a test value"})) == {"a test key": "a test value"}
    assert store.decode("bad:encoded:value") == {}
    assert store.decode(TimestampSigner(salt=store.key_salt).sign("invalid data")) == {}


class Dates(JSONSerializer):
    """Knows one more type of value, as a project's own serializer may."""

    def dumps(self, obj: Any) -> bytes:
        return super().dumps(
            [[name, each.isoformat()] for name, each in obj.items()] if isinstance(obj, dict) else str(obj)
        )

    def loads(self, data: bytes) -> dict[str, datetime]:
        return {name: datetime.fromisoformat(each) for name, each in super().loads(data)}


def test_a_serializer_of_the_projects_own_is_used(store: Store) -> None:
    with override_settings(SESSION_SERIALIZER=f"{__name__}.Dates"):
        session = store()
        session["then"] = timezone.now()
        session.save()
        again = store(session.session_key)
        other = store(session.session_key)
        other["later"] = again["soon"] = session["then"]
        other.save()
        again.save()
        assert set(dict(store(session.session_key).items()).values()) == {session["then"]}
