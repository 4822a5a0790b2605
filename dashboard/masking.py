"""Secrets as pages show them."""

SHOWN = 6
"""Characters: enough to see that two are the same, too few to use one."""


def shortened(secret: str | None) -> str:
    """The beginning of a secret; "" where there is none."""
    return f"{secret[:SHOWN]}…" if secret else ""
