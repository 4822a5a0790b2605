"""The last responses of one's own session, in development."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent_gate.api import registry
from privacy_dashboard.last_responses import MOST_RESPONSES
from privacy_dashboard.response_log import last_responses
from privacy_dashboard.session_contents import session_record


@never_cache
@require_safe
def responses(request: HttpRequest) -> HttpResponse:
    """Show them to whoever has a session: an id that anybody can make up shows nothing."""
    session = session_record(request.session, registry.session_keys)
    has_session = session is not None and not session.stored.is_corrupt
    session_cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return render(
        request,
        "privacy_dashboard/last_responses.html",
        {
            "has_session": has_session,
            "responses": last_responses.of(session_cookie) if has_session else (),
            "most": MOST_RESPONSES,
        },
    )
