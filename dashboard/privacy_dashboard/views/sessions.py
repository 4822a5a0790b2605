"""Ending other sessions of the account that one is signed in to."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from privacy_dashboard import user_sessions
from privacy_dashboard.confirmation import Done, back_to_the_dashboard
from privacy_dashboard.overview import user_of


@never_cache
@require_POST
def end_user_session(request: HttpRequest) -> HttpResponse:
    """End one other session (`id`). An id of nobody's, or of somebody else's, ends nothing."""
    user = user_of(request)
    if user is None:
        return _sign_in_first()
    ended = user_sessions.end(user, request.POST.get("id", ""), request.session.session_key)
    return back_to_the_dashboard(Done.OTHER_SESSIONS_ENDED if ended else Done.NOTHING)


@never_cache
@require_POST
def end_other_user_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions of this account but this one."""
    user = user_of(request)
    if user is None:
        return _sign_in_first()
    ended = user_sessions.end_others(user, request.session.session_key)
    return back_to_the_dashboard(Done.OTHER_SESSIONS_ENDED if ended else Done.NOTHING)


def _sign_in_first() -> HttpResponse:
    """And then to the list: `login_required` would lead back here, where nothing can be opened."""
    return redirect_to_login(reverse("privacy:overview"))
