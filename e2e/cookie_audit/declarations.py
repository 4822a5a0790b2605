"""Finds what a site declares: in a file, or at its address `/cookies.json`."""

import json
from dataclasses import dataclass
from pathlib import Path

from cookie_audit.declared import Declared, DeclaredCookie, declared_in, read_declared

NOTHING = Declared((), {})

_KINDS: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "purpose": (str,),
    "lifetime": (int, type(None)),
    "http_only": (bool,),
    "secure": (bool,),
    "same_site": (str,),
    "path": (str,),
    "domain": (str, type(None)),
}


class DeclarationsUnreadable(ValueError):
    """The file of declarations can't be read, or holds something else; the message is one sentence."""


@dataclass(frozen=True)
class FoundDeclarations:
    """What is declared, and where that stands; None for a site that declares nothing."""

    declared: Declared
    source: str | None


def declarations_in(file: Path) -> FoundDeclarations:
    """Read a file in the form of this site's `/cookies.json`; raises `DeclarationsUnreadable`."""
    try:
        declared = declared_in(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise DeclarationsUnreadable(f"The declarations in {file} can't be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise DeclarationsUnreadable(
            f"The file {file} holds no declarations: it is not in the form of this site's /cookies.json ({error!r})."
        ) from error
    if faults := faults_of(declared):
        raise DeclarationsUnreadable(f"The declarations in {file} can't be used: {'; '.join(faults)}.")
    return FoundDeclarations(declared, str(file))


def declarations_at(origin: str) -> FoundDeclarations:
    """Ask a site for its declarations; one that has none, or something else at that address, declares nothing."""
    try:
        declared = read_declared(origin)
    except (OSError, KeyError, TypeError, ValueError, RecursionError):
        return FoundDeclarations(NOTHING, None)
    return (
        FoundDeclarations(NOTHING, None)
        if faults_of(declared)
        else FoundDeclarations(declared, f"{origin}/cookies.json")
    )


def faults_of(declared: Declared) -> list[str]:
    """What is of another kind than it must be; the document is somebody else's."""
    return [
        f"{cookie.name!r}: {name} is {getattr(cookie, name)!r}"
        for cookie in declared.cookies
        for name in DeclaredCookie.__dataclass_fields__
        if not isinstance(getattr(cookie, name), _KINDS[name])
    ]
