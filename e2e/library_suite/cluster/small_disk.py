"""A disk that can be filled without harm to anybody: a file system in memory, on which the sessions' table lies."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from library_suite.cluster.cluster import Cluster

TABLE = "exact_sessions_session"
SIZE = "4m"
"""As `mount` has it: more than the table takes."""
_BLOCK = bytes(4096)


class NoDisk(RuntimeError):
    """There can be none; the message says why, in a sentence."""


@dataclass(frozen=True)
class SmallDisk:
    """The disk, and a connection to the database that is not the site's."""

    folder: Path
    database: psycopg.Connection

    def fill(self) -> None:
        """Leave no room: neither on the disk nor in the pages that the table has already."""
        self.database.execute(f"VACUUM {TABLE}")  # else a row that is changed takes the place of its last form
        with (self.folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(_BLOCK):
                pass
        row = f"INSERT INTO {TABLE} VALUES (%s, '', now() + interval '1 day', 1, '{{}}')"
        number = 0
        with suppress(psycopg.errors.DiskFull):
            while True:
                self.database.execute(row, (f"filler {number}",))
                number += 1

    def free(self) -> None:
        """Make room again."""
        (self.folder / "filler").unlink(missing_ok=True)
        self.database.execute(f"DELETE FROM {TABLE} WHERE key_hash LIKE 'filler %'")


@contextmanager
def sessions_on_a_small_disk(cluster: Cluster) -> Iterator[SmallDisk]:
    """Have the table of sessions lie on a small disk for a while. Raises `NoDisk` where this process may mount none."""
    folder = cluster.home.make("small-disk", cluster.owner)
    _mount(folder, cluster.owner.mount_options)
    try:
        with cluster.postgresql.connect() as database:
            place = sql.SQL("CREATE TABLESPACE small_disk LOCATION {}").format(sql.Literal(str(folder)))
            database.execute(place)
            _move(database, "small_disk")
            disk = SmallDisk(folder, database)
            try:
                yield disk
            finally:
                disk.free()
                _move(database, "pg_default")
                database.execute("CHECKPOINT")  # only then the moved table's old file is gone
                database.execute("DROP TABLESPACE small_disk")
    finally:
        # Lazily: an idle process of the server may still hold a file open that is gone.
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def _mount(folder: Path, options: str) -> None:
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700{options}", "tmpfs", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        problem = done.stderr.strip() if done.returncode else ""
    except OSError as error:
        problem = str(error)
    if problem:
        folder.rmdir()
        raise NoDisk(f"A disk that may be filled is a file system of its own, which can't be mounted here: {problem}")


def _move(database: psycopg.Connection, tablespace: str) -> None:
    database.execute(f"ALTER TABLE {TABLE} SET TABLESPACE {tablespace}")
