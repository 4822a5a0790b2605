"""The cookies that this suite knows by name: all that its tests expect, in one place.

The site may declare others. Their tests are their app's own; here they have to keep to what the site declares.
"""

from collections.abc import Collection

from cookie_audit.declared import Declared

# In production settings: no sibling host may set one with this prefix.
CHOICE = "__Host-cookie_choice"
SESSION = "__Host-sessionid"
CSRF = "__Host-csrftoken"
STATISTICS = frozenset({"visits", "last_visit"})
PREFERENCES = frozenset({"page_size", "theme", "django_language"})
KNOWN = frozenset({CHOICE, SESSION, CSRF, "messages"}) | STATISTICS | PREFERENCES


def without_newcomers(names: Collection[str], declared: Declared, allowed: Collection[str]) -> set[str]:
    """Leave out the cookies that this suite doesn't know by name and the site declares for a purpose in `allowed`.

    So a new cookie breaks no test that expects a jar. One that is undeclared, or whose purpose is not allowed, stays.
    """
    purposes = declared.purposes_of(names)
    return {name for name in names if name in KNOWN or purposes[name] not in allowed}
