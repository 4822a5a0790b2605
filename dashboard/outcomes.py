"""What became of something that a visitor asked for on the dashboard; the next page says it.

It travels in the address, as there may be no cookie left to carry it. Anybody can make up an address, so nothing
depends on what it says.
"""

from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboard.models import Exercise

if TYPE_CHECKING:
    from consent.declarations import Text


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


def back_to_the_dashboard(done: Done, exercise: Exercise | None = None) -> HttpResponseRedirect:
    """To the page that says what was done; `exercise` is the trace that it hands to the visitor."""
    query = {"done": done.value} | ({"trace": str(exercise.pk)} if exercise else {})
    return HttpResponseRedirect(f"{reverse('privacy')}?{urlencode(query)}#done")


def done_in(request: HttpRequest) -> Done | None:
    """What the address says was done."""
    value = request.GET.get("done")
    return Done(value) if value in set(Done) else None


def trace_in(request: HttpRequest) -> Exercise | None:
    """The trace that the address names, if there is one."""
    try:
        key = UUID(request.GET.get("trace", ""))
    except ValueError:
        return None
    return Exercise.objects.filter(pk=key).first()
