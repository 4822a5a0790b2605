"""What a visitor can have deleted. Each answers with a redirect to the page that shows what is left."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consent_gate import api as gate
from consent_gate.api import AnyDeclaration, Declaration, Declarations, registry
from privacy_dashboard import erasure
from privacy_dashboard.confirmation import Done, back_to_the_dashboard
from privacy_dashboard.models import Right
from privacy_dashboard.rights_requests import note_rights_request

UNDECLARED = "undeclared"
"""The name of the group of what has no purpose, in forms."""


@never_cache
@require_POST
def delete_cookies(request: HttpRequest) -> HttpResponse:
    """Delete one cookie (`name`), or all of one `purpose`."""
    response = back_to_the_dashboard(Done.COOKIES_DELETED)
    names = gate.names_sent(request)
    wanted = _wanted(request, names, registry.cookies)
    if not gate.delete_cookies(request, response, wanted):
        return back_to_the_dashboard(Done.NOTHING)
    return response


@never_cache
@require_POST
def erase_session_keys(request: HttpRequest) -> HttpResponse:
    """Erase one session key (`name`), or all of one `purpose`."""
    response = back_to_the_dashboard(Done.KEYS_ERASED)
    names = list(request.session.keys())
    wanted = _wanted(request, names, registry.session_keys)
    if not gate.erase_session_keys(request, response, wanted):
        return back_to_the_dashboard(Done.NOTHING)
    return response


def _wanted(request: HttpRequest, names: list[str], declared: Declarations[AnyDeclaration]) -> list[str]:
    """The names among these that a form asks for: one, or all of a purpose."""
    if "name" in request.POST:
        return [name for name in names if name == request.POST["name"]]
    purpose = request.POST.get("purpose")
    return [name for name in names if purpose == _purpose_of(declared.find(name))]


def _purpose_of(declaration: Declaration | None) -> str:
    return str(declaration.purpose) if declaration else UNDECLARED


@never_cache
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Delete this browser's session, on both sides."""
    response = back_to_the_dashboard(Done.SESSION_ENDED)
    gate.end_session(request, response)
    return response


@never_cache
@require_POST
def erase_receipt(request: HttpRequest) -> HttpResponse:
    """Delete the server's copy of the receipt."""
    return back_to_the_dashboard(Done.RECEIPT_ERASED if erasure.erase_receipt(request) else Done.NOTHING)


@never_cache
@require_POST
def erase_everything(request: HttpRequest) -> HttpResponse:
    """Erase all that is kept for this visitor; an account is deleted on a page of its own."""
    response = back_to_the_dashboard(Done.EVERYTHING_ERASED, note_rights_request(request, Right.ERASURE))
    erasure.erase_everything(request, response)
    return response
