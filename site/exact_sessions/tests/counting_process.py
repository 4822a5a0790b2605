"""A server process with some threads, each of which opens a counting page several times. Started by tests.

Its arguments: the engine's module, the session's key, how many threads, and how often each of them counts.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import django
from django.db import connection

if __name__ == "__main__":
    django.setup()
    engine, key, threads, times = sys.argv[1:]
    store = import_module(engine).SessionStore

    def open_pages(_thread: int) -> None:
        for _ in range(int(times)):
            session = store(key)
            session.increment("n")
            session.save()
        connection.close()

    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(int(threads)) as pool:
        list(pool.map(open_pages, range(int(threads))))
