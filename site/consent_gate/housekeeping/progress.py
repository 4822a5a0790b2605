"""A line on a terminal that says how far a command has come."""

from collections.abc import Iterable

from django.core.management.base import CommandError, OutputWrapper

from consent_gate.housekeeping.batches import Batch

WIDTH = 30
"""Characters of the bar."""

STOPPED_BY_HAND = 130
"""What a command gives back after Ctrl-C, as shells have it: 128 and the number of the signal."""


def run(batches: Iterable[Batch], terminal: OutputWrapper) -> int:
    """Run batches to their end, with a line on the terminal, if it is one; gives back how many rows were deleted.

    Raises CommandError after Ctrl-C, and says that the next run goes on.
    """
    number = 0
    is_shown = terminal.isatty()
    try:
        for batch in batches:
            number += batch.number
            if is_shown:
                terminal.write(f"\r{line(number, batch.share)}", str, ending="")
                terminal.flush()
    except KeyboardInterrupt:
        stopped = f"Stopped when {number:,} were deleted. Nothing is half done; the next run goes on from here."
        raise CommandError(stopped, returncode=STOPPED_BY_HAND) from None
    finally:
        if is_shown and number:
            terminal.write("", str)
    return number


def line(number: int, share: float | None) -> str:
    """What the line says."""
    if share is None:
        return f"{number:,} deleted"
    done = int(share * WIDTH)
    return f"[{'#' * done}{'.' * (WIDTH - done)}] {share:4.0%}  {number:,} deleted"
