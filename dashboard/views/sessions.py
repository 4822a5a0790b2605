"""Ending other sessions of the account that one is signed in to."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard import account_sessions
from dashboard.outcomes import Done, back_to_the_dashboard
from dashboard.overview import account_of


@never_cache
@require_POST
@login_required
def end_account_session(request: HttpRequest) -> HttpResponse:
    """End one other session (`id`). An id of nobody's, or of somebody else's, ends nothing."""
    ended = account_sessions.end(_account(request), request.POST.get("id", ""), request.session.session_key)
    return back_to_the_dashboard(Done.OTHER_SESSIONS_ENDED if ended else Done.NOTHING)


@never_cache
@require_POST
@login_required
def end_other_account_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions of this account but this one."""
    ended = account_sessions.end_others(_account(request), request.session.session_key)
    return back_to_the_dashboard(Done.OTHER_SESSIONS_ENDED if ended else Done.NOTHING)


def _account(request: HttpRequest) -> AbstractBaseUser:
    account = account_of(request)
    if account is None:  # as `login_required` has seen to; said again for the type checker
        raise TypeError("Nobody is signed in.")
    return account
