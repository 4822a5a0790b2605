"""How much memory a server's processes hold (Linux alone)."""

import resource
from pathlib import Path


def resident(process: int) -> int:
    """Bytes in memory of all the children of a process: gunicorn's workers. Source: proc(5)."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return sum(int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children) * resource.getpagesize()
