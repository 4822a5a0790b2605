"""What became of something that a visitor asked for on the dashboard; the next page says it.

It travels in the address, as there may be no cookie left to carry it: signed and for some minutes, so that nobody can
make it up. A link to a signed address would work elsewhere for as long; so a page says it only to whoever comes from a
page of this site (`Sec-Fetch-Site`, w3.org/TR/fetch-metadata), as everybody does who has pressed a button here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from privacy_dashboard.models import RightsRequest
from privacy_dashboard.overview import user_of

if TYPE_CHECKING:
    from consent_gate.api import Text

LIFETIME = 60 + 300
"""Seconds in which a page can say it: a minute, and five more for the clock of another server that wrote it."""

_SALT = "dashboard.outcomes"


class Done(StrEnum):
    """What was done."""

    COOKIES_DELETED = "cookies"
    KEYS_ERASED = "session-keys"
    SESSION_ENDED = "session"
    OTHER_SESSIONS_ENDED = "other-sessions"
    RECEIPT_ERASED = "receipt"
    EVERYTHING_ERASED = "everything"
    ACCOUNT_DELETED = "account"
    NOTHING = "nothing"

    @property
    def text(self) -> "Text":
        """The outcome in words."""
        return _WORDS[self]

    @property
    def signs_out(self) -> bool:
        """Whether nobody can be signed in to whom this was done."""
        return self in {Done.SESSION_ENDED, Done.EVERYTHING_ERASED, Done.ACCOUNT_DELETED}


_WORDS: "dict[Done, Text]" = {
    Done.COOKIES_DELETED: _("Your browser was told to delete it. What it still sends is listed below."),
    Done.KEYS_ERASED: _("Erased from your session, which has a new id now."),
    Done.SESSION_ENDED: _("Your session is deleted on the server, and its cookie in your browser."),
    Done.OTHER_SESSIONS_ENDED: _("Ended. The browser that had it is signed out from its next page on."),
    Done.RECEIPT_ERASED: _("The server's copy of your receipt is deleted. Your choice is in your browser and counts."),
    Done.EVERYTHING_ERASED: _("Everything is erased: in your browser and on the server."),
    Done.ACCOUNT_DELETED: _("Your account is deleted, with everything that belonged to it."),
    Done.NOTHING: _("There was nothing to delete: it is gone already."),
}


@dataclass(frozen=True)
class Confirmation:
    """What was done, and the trace that it left."""

    done: Done
    trace: RightsRequest | None

    @property
    def left_no_trace(self) -> bool:
        """Whether a right was used, and nothing was noted of it."""
        return self.done is Done.EVERYTHING_ERASED and self.trace is None


def back_to_the_dashboard(done: Done, rights_request: RightsRequest | None = None) -> HttpResponseRedirect:
    """To the page that says what was done; `exercise` is the trace that it hands to the visitor."""
    token = signing.dumps([done.value, str(rights_request.pk) if rights_request else None], salt=_SALT)
    return HttpResponseRedirect(f"{reverse('privacy:overview')}?{urlencode({'done': token})}#done")


def confirmation_in(request: HttpRequest) -> Confirmation | None:
    """What the address says was done, if this site has just said so, and may have said it to this visitor."""
    # A browser that does not say where a request comes from is believed: there the lifetime has to do.
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    try:
        name, key = signing.loads(request.GET.get("done", ""), salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    done = Done(name)
    if done.signs_out and user_of(request):
        return None
    return Confirmation(done, RightsRequest.objects.filter(pk=key).first() if key else None)
