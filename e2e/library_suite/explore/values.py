"""A cookie's value as it may be shown to a class."""

import re

# Whoever has one of these can act as the visitor, here or, by the usual names, at another site.
_SECRET = re.compile(r"sess|sid|csrf|token|auth", re.IGNORECASE)
# Characters of a secret that are shown: enough to tell two apart.
_SHOWN_OF_SECRETS = 4
_LONGEST = 32


def shown(name: str, value: str) -> str:
    """The value; shortened if it could be misused, or would not fit in a line."""
    longest = _SHOWN_OF_SECRETS if _SECRET.search(name) else _LONGEST
    return value if len(value) <= longest else f"{value[:longest]}…"
