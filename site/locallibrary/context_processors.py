"""What every template of this site may use."""

from django.conf import settings
from django.http import HttpRequest

from consent_gate.api import StoreKind, store_kind


def lost_session(request: HttpRequest) -> dict[str, bool]:
    """Add `session_is_lost`: whether a browser brought a session that is not in the cache any more.

    Of the other stores none forgets a session that is not over.
    """
    if (
        store_kind(settings.SESSION_ENGINE) is not StoreKind.CACHE
        or settings.SESSION_COOKIE_NAME not in request.COOKIES
    ):
        return {"session_is_lost": False}
    request.session.keys()  # loads it, and drops a key that opens nothing
    return {"session_is_lost": request.session.session_key is None}
