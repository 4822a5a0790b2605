"""Secrets as pages show them, unless their visitor asks for more."""

from consent.declarations import CookieDeclaration, Declarations

SHOWN_OF_A_SECRET = 6
"""Characters: enough to tell two apart, and of no use to anybody else."""


def shortened(secret: str | None) -> str:
    """The beginning of a secret; "" for none."""
    return f"{secret[:SHOWN_OF_A_SECRET]}…" if secret else ""


def masked_line(line: str, declared: Declarations[CookieDeclaration]) -> str:
    """A `Set-Cookie` line with its value shortened if it is a secret, or if nobody declared what it is."""
    pair, semicolon, attributes = line.partition(";")
    name, equals, value = pair.partition("=")
    declaration = declared.find(name)
    if value.strip('"') and (declaration is None or declaration.secret):  # without a value it is a deletion
        value = shortened(value)
    return f"{name}{equals}{value}{semicolon}{attributes}"
