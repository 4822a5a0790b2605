"""A session engine that can't clear what has expired, as one of somebody else's may be."""

from django.contrib.sessions.backends.base import SessionBase


class SessionStore(SessionBase):
    """Knows no more than Django's base class, whose `clear_expired` is not implemented."""
