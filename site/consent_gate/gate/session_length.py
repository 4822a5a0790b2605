"""How long a session may live by what it holds, as a pure function over its keys."""

from collections.abc import Collection

from django.contrib.auth import SESSION_KEY

from consent_gate.cookies import EXPIRY_KEY, UNCONFIRMED_KEY
from consent_gate.declarations.declaration import Declarations, SessionKeyDeclaration
from consent_gate.declarations.purposes import Purpose


def lasts_hours(keys: Collection[str], declared: Declarations[SessionKeyDeclaration]) -> bool:
    """Whether a session ends within hours, as it holds no reason to last.

    A reason is a sign-in, a length that its visitor chose, or what they allowed; what is merely necessary for what they
    just did is needed for some hours. Source: WP29 opinion 04/2012, 3.1 (on "user-input" cookies).
    """
    if SESSION_KEY in keys or EXPIRY_KEY.name in keys:
        return False
    found = (declared.find(key) for key in keys)
    return all(each is None or each.purpose == Purpose.NECESSARY for each in found)


def is_stored_for_hours(keys: Collection[str], declared: Declarations[SessionKeyDeclaration]) -> bool:
    """Whether the server forgets a session within hours, whatever its cookie says: that has not come back so far."""
    return UNCONFIRMED_KEY.name in keys or lasts_hours(keys, declared)
