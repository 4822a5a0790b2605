"""The cookies that Django's own parts set, with names and attributes taken from its settings."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consent.declarations import CookieDeclaration, Purpose, declare


def _seconds(value: int | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


def _attributes(prefix: str) -> dict[str, Any]:
    return {
        "http_only": getattr(settings, f"{prefix}_HTTPONLY"),
        "secure": getattr(settings, f"{prefix}_SECURE"),
        "same_site": getattr(settings, f"{prefix}_SAMESITE"),
        "path": getattr(settings, f"{prefix}_PATH"),
    }


SESSION = declare(
    CookieDeclaration(
        name=settings.SESSION_COOKIE_NAME,
        purpose=Purpose.NECESSARY,
        reason=_("A random token that connects your browser with what the server keeps for this visit."),
        ground=_(
            "Carries the sign-in and the input of the visitor who asked for it (WP29 opinion 04/2012, 3.1 and 3.2)."
        ),
        lifetime=None if settings.SESSION_EXPIRE_AT_BROWSER_CLOSE else _seconds(settings.SESSION_COOKIE_AGE),
        **_attributes("SESSION_COOKIE"),
    )
)

CSRF = declare(
    CookieDeclaration(
        name=settings.CSRF_COOKIE_NAME,
        purpose=Purpose.NECESSARY,
        reason=_("Proves that a form you send was shown to you by this site and not forged by another one."),
        ground=_("Security of a service that the visitor asked for (WP29 opinion 04/2012, 3.3)."),
        lifetime=_seconds(settings.CSRF_COOKIE_AGE),
        **_attributes("CSRF_COOKIE"),
    )
)

MESSAGES = declare(
    CookieDeclaration(
        name="messages",
        purpose=Purpose.NECESSARY,
        reason=_("Carries a message such as “You are signed out” to the next page, which shows it and deletes it."),
        ground=_("Answers an action of the visitor and ends with the next page (WP29 opinion 04/2012, 3.1)."),
        # The message storage takes these attributes from the session cookie's settings.
        **(_attributes("SESSION_COOKIE") | {"path": "/"}),
    )
)
