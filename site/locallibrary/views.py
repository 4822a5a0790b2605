"""The pages for requests that go wrong: each says what happened and what to do next. And the icon."""

import sys

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from accounts.next_page import next_page
from locallibrary.error_log import error_id
from locallibrary.error_pages import Words, error_page
from locallibrary.outages import RETRY_AFTER, is_outage


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for /favicon.ico whatever the page says: send them to the icon."""
    return HttpResponseRedirect(static("locallibrary/favicon.svg"))


@require_safe
def administration_sign_in(request: HttpRequest) -> HttpResponse:
    """Send whoever wants to administer the library to the site's sign-in page, and back."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(next_page(request, request.GET.get(REDIRECT_FIELD_NAME), reverse("admin:index")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django refused to take, such as one whose session was deleted while it ran. Or an outage."""
    if is_outage(exception):
        return unavailable(request)
    words = Words(
        _("We could not read that request"),
        _("Your browser sent something that this site can't use, or your session ended while it was sent."),
        _("Go back and try once more, or start again from the home page."),
    )
    return error_page(request, words, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that this account may not open."""
    words = Words(
        _("This page is not for everybody"),
        _("Your account may not open this page."),
        _("Sign in with another account, or go on from the home page."),
    )
    return error_page(request, words, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address without a page."""
    words = Words(
        _("Nothing on this shelf"),
        _("There is no page at this address. Perhaps it was mistyped, or the book left the catalogue."),
        _("Search the catalogue above, or start from the home page."),
    )
    return error_page(request, words, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of this site's own, or an outage. The number on the page stands beside it in the server's log, too.

    Django calls this for whatever a view or a middleware raises, while it is being handled.
    """
    if is_outage(sys.exception()):
        return unavailable(request)
    words = Words(
        _("Something broke on our side"),
        _("The site met an error that it did not expect. Nothing you did was wrong."),
        _("Try again in a minute. If it goes on, tell whoever runs this site the number of this error."),
    )
    return error_page(request, words, 500, error_id(request))


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the site's data can't be reached, and when to ask again."""
    words = Words(
        _("Back in a moment"),
        _("The site can't reach its data just now. Nothing you did was wrong, and what you had here is still kept."),
        _("Try again in a minute. What you sent last was not taken in: please send it once more then."),
    )
    response = error_page(request, words, 503, error_id(request))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
