"""Where a site keeps its sessions, by the setting SESSION_ENGINE."""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from consent_gate.declarations.purposes import Text


class StoreKind(StrEnum):
    """Where Django keeps sessions (docs.djangoproject.com/en/5.2/topics/http/sessions/#configuring-sessions)."""

    DB = "db"
    CACHED_DB = "cached_db"
    CACHE = "cache"
    FILE = "file"
    SIGNED_COOKIES = "signed_cookies"
    OTHER = "other"

    @property
    def meaning(self) -> "Text":
        """What the store means for whoever visits."""
        return _MEANINGS[self]

    @property
    def is_on_the_server(self) -> bool:
        """Whether the browser holds a token alone."""
        return self is not StoreKind.SIGNED_COOKIES


_MEANINGS: "dict[StoreKind, Text]" = {
    StoreKind.DB: _("The session is a row in the site's database. Your browser holds nothing but its id."),
    StoreKind.CACHED_DB: _(
        "The session is a row in the site's database, with a copy in a cache for speed. Your browser holds nothing but "
        "its id."
    ),
    StoreKind.CACHE: _(
        "The session lies in a cache, in memory. Your browser holds nothing but its id. If the cache is emptied, the "
        "session is gone."
    ),
    StoreKind.FILE: _("The session is a file on the server. Your browser holds nothing but its id."),
    StoreKind.SIGNED_COOKIES: _(
        "The session lies in your browser, in the cookie itself: signed, so that you can't change it, but not "
        "encrypted, so that you and whoever uses this browser can read it. The server keeps nothing: it can't end this "
        "session from afar, and it can't tell an old copy of the cookie from the newest one. Browsers keep 4096 bytes "
        "at most."
    ),
    StoreKind.OTHER: _("The session lies in a store that this page does not know."),
}


_STORES = {f"django.contrib.sessions.backends.{kind}": kind for kind in StoreKind if kind is not StoreKind.OTHER} | {
    # Of the package django-exact-sessions, which keeps sessions where Django's engines of these names do.
    "exact_sessions.db": StoreKind.DB,
    "exact_sessions.cached_db": StoreKind.CACHED_DB,
    "exact_sessions.from_django": StoreKind.DB,
    "exact_sessions.to_django": StoreKind.DB,
}


def store_kind(setting: str) -> StoreKind:
    """The kind of store that SESSION_ENGINE names."""
    return _STORES.get(setting, StoreKind.OTHER)
