"""The small matrix that closes a run in the terminal: kinds of browsers against groups of promises."""

from collections.abc import Sequence

from cookie_evidence.matrix import CellState, Column, Matrix
from cookie_evidence.promises import PromiseGroup


def lines_of(groups: Sequence[PromiseGroup], matrix: Matrix) -> list[str]:
    """A line for each kind of browser: of each group's claims, how many were seen to be kept; "7/8" where not all.

    After it what the groups' letters mean, and every claim that is broken.
    """
    table = [["", *(group.id for group in groups)]]
    table += [[column.title, *(_kept(group, matrix, column) for group in groups)] for column in matrix.columns]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    lines = [
        name.ljust(widths[0]) + "".join(f"  {text:>{width}}" for text, width in zip(cells, widths[1:], strict=True))
        for name, *cells in table
    ]
    counted = ", ".join(f"{count} {state.value}" for state in reversed(CellState) if (count := matrix.states[state]))
    broken = [
        f"broken: {row.promise.id} in {cell.column.title}: {row.promise.sentence}"
        for row in matrix.rows
        for cell in row.cells
        if cell.state is CellState.BROKEN
    ]
    return [*lines, *_key(groups), f"{len(matrix.rows)} promises; claims: {counted}", *broken]


def _kept(group: PromiseGroup, matrix: Matrix, column: Column) -> str:
    found = (row.cell(column) for row in matrix.rows if row.promise in group.promises)
    states = [cell.state for cell in found if cell]
    kept = states.count(CellState.KEPT)
    return f"{kept}/{len(states)}" if kept < len(states) else str(kept or "")


def _key(groups: Sequence[PromiseGroup], width: int = 118) -> list[str]:
    lines = [""]
    for group in groups:
        entry = f"{group.id} {group.title.lower()}"
        if lines[-1] and len(lines[-1]) + len(entry) + 3 > width:
            lines.append("")
        lines[-1] += (" · " if lines[-1] else "") + entry
    return lines
