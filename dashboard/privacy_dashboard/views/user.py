"""Deleting an account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from privacy_dashboard import erasure
from privacy_dashboard.confirmation import Done, back_to_the_dashboard
from privacy_dashboard.forms import DeleteUserForm
from privacy_dashboard.models import Right
from privacy_dashboard.overview import user_of
from privacy_dashboard.rights_requests import note_rights_request
from privacy_dashboard.user_rows import user_record
from privacy_dashboard.user_sessions import end_all


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_user(request: HttpRequest) -> HttpResponse:
    """Ask for the password; with the right one delete the account, all that belongs to it, and all its sessions."""
    user = user_of(request)
    if user is None:  # as the decorator has seen to; said again for the type checker
        raise TypeError("Nobody is signed in.")
    form = DeleteUserForm(request, user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        response = back_to_the_dashboard(Done.ACCOUNT_DELETED, note_rights_request(request, Right.ACCOUNT_DELETION))
        end_all(user)
        user.delete()
        erasure.erase_everything(request, response)
        return response
    return render(
        request,
        "privacy_dashboard/delete_user.html",
        {"form": form, "record": user_record(user, shown_elsewhere=frozenset())},
    )
