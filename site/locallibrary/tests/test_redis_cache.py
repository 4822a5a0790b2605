"""A Redis that went away is a cache in which nothing is found: no error, and no old value when it is back."""

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from locallibrary import redis_cache
from locallibrary.redis_cache import MOST_OWED, FailSoftRedisCache, Outage


@pytest.fixture(autouse=True)
def outage(monkeypatch: pytest.MonkeyPatch) -> Outage:
    """This process's knowledge of Redis, as fresh as at its start; a failure is tried again at once."""
    fresh = Outage()
    monkeypatch.setattr(redis_cache, "outage", fresh)
    monkeypatch.setattr(redis_cache, "PAUSE", 0.0)
    return fresh


class RedisServer:
    """A server of this test's own, which keeps what it holds over a restart."""

    def __init__(self, program: str, folder: Path, port: int) -> None:
        self._command = (program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder))
        self._folder = folder
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        with Redis(port=self.port) as client:
            while time.monotonic() < deadline:
                try:
                    client.ping()
                except (OSError, RedisError):
                    continue
                return
        raise RuntimeError((self._folder / "log").read_text())

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("no Redis is here: apt-get install redis-server")
    server = RedisServer(program, tmp_path, free_port())
    server.start()
    yield server
    server.stop()


def cache_at(port: int) -> FailSoftRedisCache:
    return FailSoftRedisCache(f"redis://127.0.0.1:{port}/0", {})


@pytest.fixture
def cache(server: RedisServer) -> Iterator[FailSoftRedisCache]:
    """A cache at this test's server; left to the garbage collector, its connections could fail a later test."""
    cache = cache_at(server.port)
    yield cache
    for pool in cache._cache._pools.values():  # type: ignore[attr-defined]
        pool.disconnect()


@pytest.fixture
def nobody() -> FailSoftRedisCache:
    """A cache at an address where nobody answers."""
    return cache_at(free_port())


def test_while_redis_is_away_nothing_is_found_and_nothing_breaks(nobody: FailSoftRedisCache) -> None:
    nobody.set("key", "value")
    assert nobody.get("key", "default") == "default"
    assert nobody.get_many(["key"]) == {}
    assert "key" not in nobody
    assert not nobody.touch("key")
    assert not nobody.delete("key")
    assert nobody.set_many({"key": 1}) == ["key"]
    nobody.delete_many(["key"])
    nobody.clear()
    with pytest.raises(ValueError, match="does not answer"):
        nobody.incr("key")


def test_what_is_added_while_redis_is_away_counts_as_lost_at_once(nobody: FailSoftRedisCache) -> None:
    assert nobody.add("key", "value")
    assert nobody.get("key") is None


def test_one_outage_is_one_line_in_the_log_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    cache = FailSoftRedisCache(f"redis://:hunter2@127.0.0.1:{free_port()}/0", {})
    for _ in range(3):
        cache.get("key")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "The cache does not answer (ConnectionError): the site goes on without it."


def test_a_host_that_does_not_answer_is_not_asked_again_at_once(
    monkeypatch: pytest.MonkeyPatch, outage: Outage, cache: FailSoftRedisCache
) -> None:
    monkeypatch.setattr(redis_cache, "PAUSE", 3600.0)
    cache.set("key", "value")
    outage.begin(ConnectionError(), [])
    assert cache.get("key") is None
    assert outage.is_on


def test_what_is_kept_is_found_and_counted_up(cache: FailSoftRedisCache) -> None:
    cache.set("key", {"a": 1})
    assert cache.get("key") == {"a": 1}
    assert not cache.add("key", "other")
    assert cache.set_many({"one": 1, "two": 2}) == []
    assert cache.get_many(["one", "two"]) == {"one": 1, "two": 2}
    assert cache.incr("one") == 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")
    assert cache.delete("key")
    cache.clear()
    assert cache.get("one") is None


def test_what_changed_meanwhile_is_not_found_in_its_old_shape(
    server: RedisServer, cache: FailSoftRedisCache, caplog: pytest.LogCaptureFixture
) -> None:
    cache.set_many({"ended": "session", "changed": 1, "unchanged": 2})
    server.stop()  # which writes down what it holds
    cache.delete("ended")
    cache.set("changed", 2)
    server.start()
    assert cache.get_many(["ended", "changed", "unchanged"]) == {"unchanged": 2}
    assert caplog.messages[-1] == "The cache answers again."


def test_after_more_changes_than_are_remembered_nothing_old_is_found(cache: FailSoftRedisCache, outage: Outage) -> None:
    cache.set("old", 1)
    outage.begin(ConnectionError(), [f"key {number}" for number in range(MOST_OWED + 1)])
    assert cache.get("old") is None


def test_a_redis_that_takes_no_more_breaks_nothing(server: RedisServer, cache: FailSoftRedisCache) -> None:
    with Redis(port=server.port) as client:
        client.config_set("maxmemory", "1")
    cache.set("key", "value")
    assert cache.get("key") is None
