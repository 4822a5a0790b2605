"""Getting rid of everything at once, and of the server's copy of a receipt."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from consent_gate.api import clear_browser_and_session, consent_of, find_receipt


def erase_receipt(request: HttpRequest) -> bool:
    """Delete the server's copy of the receipt of this browser's choice; the choice itself counts on."""
    choice = consent_of(request).choice
    receipt = find_receipt(choice) if choice else None
    if receipt is None:
        return False
    receipt.delete()
    return True


def erase_everything(request: HttpRequest, response: HttpResponseBase) -> None:
    """Delete all that the browser and the server hold for this visitor, but for an account and its other sessions."""
    erase_receipt(request)
    clear_browser_and_session(request, response)
