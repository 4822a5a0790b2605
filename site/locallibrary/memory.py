"""Memory that a server's process gives back once it is free."""

import ctypes
from contextlib import suppress

M_MMAP_THRESHOLD = -3
"""The number of that parameter in glibc's malloc.h."""

LARGE = 1024 * 1024
"""Bytes: a block of this size or more is the system's again as soon as it is freed."""


def give_back_large_blocks() -> None:
    """Have glibc give large blocks back, and not keep one of each size for each thread (man 3 mallopt).

    Argon2 takes 19 MiB for each password. glibc raises its own threshold at the first such block, and from then on each
    of gunicorn's threads keeps its own: 152 MiB for eight, for good. Other C libraries have nothing of the kind to set.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
