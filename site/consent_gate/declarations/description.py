"""A declaration as plain values, for tools and for files that visitors take home."""

from typing import Any

from consent_gate.declarations.declaration import CookieDeclaration, Declaration
from consent_gate.declarations.fingerprints import facts


def described(declaration: Declaration) -> dict[str, Any]:
    """All of it, `lifetime` in seconds. Texts are in the active language."""
    described = facts(declaration) | {"ground": str(declaration.ground) or None}
    if isinstance(declaration, CookieDeclaration):
        described |= {
            "http_only": declaration.http_only,
            "secure": declaration.secure,
            "same_site": declaration.same_site,
            "path": declaration.path,
            "domain": declaration.domain,
        }
    return described
