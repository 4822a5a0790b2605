"""What the site says that it stores: its document `/cookies.json`, read over plain HTTP."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from cookie_audit.web import fetch
from cookie_harness import CHROMIUM_AND_FIREFOX_LIFETIME_CAP, JarCookie, same_site_matches
from cookie_harness.durations import in_words, life_in_words

# Seconds between the server's clock, when it sent a cookie, and the reading of the jar, on a busy machine.
TOLERANCE = 120


@dataclass(frozen=True)
class DeclaredCookie:
    """One cookie as it is declared. `lifetime` is in seconds; None: until the browser closes."""

    name: str
    purpose: str
    lifetime: int | None
    http_only: bool
    secure: bool
    same_site: str
    path: str
    domain: str | None = None
    """Whose subdomains get it too; None for the host that set it, alone."""

    def faults_of(self, kept: JarCookie, now: float) -> list[str]:
        """What a browser's jar holds otherwise than declared. A shorter life than declared is no fault."""
        faults = [
            f"{self.name}: {attribute} is {getattr(kept, attribute)}"
            for attribute in ("http_only", "secure", "path")
            if getattr(kept, attribute) != getattr(self, attribute)
        ]
        shared_with = kept.domain.lstrip(".") if kept.domain.startswith(".") else None
        if shared_with != self.domain:
            faults.append(f"{self.name}: Domain is {shared_with}, not {self.domain}")
        if not same_site_matches(self.same_site, kept.same_site):
            faults.append(f"{self.name}: SameSite is {kept.same_site}, not {self.same_site}")
        cap = CHROMIUM_AND_FIREFOX_LIFETIME_CAP.total_seconds()
        longest = 0.0 if self.lifetime is None else min(self.lifetime, cap)
        if (left := kept.lives_for(now)) is not None and left > longest + TOLERANCE:
            faults.append(f"{self.name}: lives {in_words(left)}, not {life_in_words(self.lifetime)}")
        return faults


@dataclass(frozen=True)
class Declared:
    """All declared cookies, and the fingerprint of each optional purpose."""

    cookies: tuple[DeclaredCookie, ...]
    fingerprints: dict[str, str]

    def find(self, name: str) -> DeclaredCookie | None:
        """The declaration of a cookie, by its own name or that of its family."""
        return next((each for each in self.cookies if fnmatchcase(name, each.name)), None)

    def purposes_of(self, names: Iterable[str]) -> dict[str, str]:
        """The purpose of each cookie; "undeclared" for one without a declaration."""
        found = ((name, self.find(name)) for name in names)
        return {name: declared.purpose if declared else "undeclared" for name, declared in found}


def read_declared(address: str) -> Declared:
    """Read the declarations of the site at an address; raises `Unanswered`, or one of `declared_in`'s."""
    return declared_in(json.loads(fetch(f"{address}/cookies.json")))


def declared_in(document: Any) -> Declared:
    """What a document in the form of `/cookies.json` declares; raises `KeyError` or `TypeError` for any other."""
    fields = DeclaredCookie.__dataclass_fields__
    return Declared(
        tuple(DeclaredCookie(**{name: cookie[name] for name in fields}) for cookie in document["cookies"]),
        {each["purpose"]: each["fingerprint"] for each in document["purposes"] if each["fingerprint"]},
    )
