"""Accounts that somebody opened and nobody ever used: noted as soon as one is used, and deleted if none ever is.

A browser without cookies can open accounts that nobody is signed in to afterwards, as many as it likes.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User


def note_first_use(*, session: Any, **_rest: Any) -> None:
    """Receives `session_settled`: a session whose cookie came back for the first time may have one."""
    if session.saved and session.confirmed and SESSION_KEY in session:
        User.objects.filter(pk=session[SESSION_KEY], has_been_used=False).update(has_been_used=True)


def never_used() -> QuerySet[User]:
    """Accounts that were never used, and whose first session has ended by now; never those of staff."""
    long_ago = timezone.now() - timedelta(seconds=settings.ANONYMOUS_SESSION_AGE)
    return User.objects.filter(has_been_used=False, date_joined__lt=long_ago, is_staff=False, is_superuser=False)
