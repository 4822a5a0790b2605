"""The dashboard's own settings, each with its default. A project sets them as `PRIVACY_DASHBOARD_…` beside Django's."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch

IDLE_LIMIT = "PRIVACY_DASHBOARD_IDLE_LIMIT"
PASSWORD_CHANGE_URL = "PRIVACY_DASHBOARD_PASSWORD_CHANGE_URL"  # noqa: S105 -- a setting's name


def idle_limit() -> timedelta | None:
    """How long a session that ends with the browser may stand unused, where the project ends it then; None: for ever.

    Raises ImproperlyConfigured for anything but None and a positive number of seconds.
    """
    seconds = getattr(settings, IDLE_LIMIT, None)
    if seconds is None:
        return None
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        raise ImproperlyConfigured(f"{IDLE_LIMIT} can't be {seconds!r}. It takes a whole number of seconds, or None.")
    return timedelta(seconds=seconds)


def password_change_page() -> str:
    """The address of the page where a user changes their password; "" where the project names none.

    Raises ImproperlyConfigured for what leads nowhere.
    """
    page = getattr(settings, PASSWORD_CHANGE_URL, "")
    try:
        return resolve_url(page) if page else ""
    except NoReverseMatch as error:
        raise ImproperlyConfigured(
            f"{PASSWORD_CHANGE_URL} can't be {page!r}. It takes an address or a URL's name, or “”."
        ) from error
