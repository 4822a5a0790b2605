"""Fingerprints of the declarations: how the site notices that a yes was given to something else than it does today."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils import translation

from consent_gate.declarations.declaration import CookieDeclaration, Declaration, Registry, registry
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, Purpose

FINGERPRINT_LENGTH = 12
"""Hexadecimal digits: it has to tell versions of one site's declarations apart, not to resist an attacker."""

Fingerprints = Mapping[Purpose, str]
"""One for each optional purpose that anything is declared for. Those are the purposes to ask about."""


def facts(declaration: Declaration) -> dict[str, Any]:
    """What a visitor agrees to with one declaration, as plain values. Texts are in the active language.

    `lifetime` is in seconds, None for as long as the browser stays open or the session lasts.
    """
    return {
        "kind": "cookie" if isinstance(declaration, CookieDeclaration) else "session key",
        "name": declaration.name,
        "purpose": declaration.purpose,
        "reason": str(declaration.reason),
        "lifetime": None if declaration.lifetime is None else int(declaration.lifetime.total_seconds()),
        "set_by": str(declaration.set_by),
        "shared_with": str(declaration.shared_with),
    }


def fingerprint_of(declarations: tuple[Declaration, ...]) -> str:
    """Hash what a visitor agrees to. The same in every language, in any order; another word in a reason changes it."""
    with translation.override(None):
        plain = sorted(json.dumps(facts(each), sort_keys=True) for each in declarations)
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()[:FINGERPRINT_LENGTH]


def fingerprints_of(registry: Registry) -> Fingerprints:
    """The fingerprint of each optional purpose in use."""
    return {
        purpose: fingerprint_of(declarations) for purpose in OPTIONAL_PURPOSES if (declarations := registry.of(purpose))
    }


@cache
def current_fingerprints() -> Fingerprints:
    """Those of this site's own declarations; they are complete once Django has started."""
    return fingerprints_of(registry)
