"""Secrets as pages show them, unless their visitor asks for more."""

from consent_gate.declarations.declaration import CookieDeclaration, Declaration, Declarations

SHOWN_OF_A_SECRET = 6
"""Characters: enough to tell two apart, and of no use to anybody else."""


def shortened(secret: str | None) -> str:
    """The beginning of a secret; "" for none."""
    return f"{secret[:SHOWN_OF_A_SECRET]}…" if secret else ""


LONGEST_SHOWN = 300
"""Characters of a value that a page shows unasked: a request may bring hundreds of kilobytes."""

LONGEST_NAME = 100
"""Characters of a name: it stands in several places of a page."""


def cut(text: str, longest: int) -> str:
    """The beginning of a text that is longer than a page has room for."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def in_short(value: str, *, secret: bool) -> str:
    """A value as pages show it unasked: a secret masked, and what is long cut."""
    return shortened(value) if secret else cut(value, LONGEST_SHOWN)


def is_secret(declaration: Declaration | None) -> bool:
    """Whether a value is masked: if it is declared a secret, and if nobody declared what it is.

    An undeclared cookie may be another site's key: the ports of a host share its cookies (RFC 6265bis, section 8.5).
    """
    return declaration is None or declaration.secret


def masked_line(line: str, declared: Declarations[CookieDeclaration]) -> str:
    """A `Set-Cookie` line with its value shortened if it is a secret, or if nobody declared what it is."""
    pair, semicolon, attributes = line.partition(";")
    name, equals, value = pair.partition("=")
    if value.strip('"') and is_secret(declared.find(name)):  # without a value it is a deletion
        value = shortened(value)
    return f"{name}{equals}{value}{semicolon}{attributes}"
