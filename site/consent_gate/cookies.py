"""What Django's own parts store, with names and attributes taken from its settings; and the cookie of the choice."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.base import SessionBase
from django.middleware.csrf import CSRF_SESSION_KEY
from django.utils.translation import gettext_lazy as _

from consent_gate.conf import configuration
from consent_gate.decision.choice import CHOICE_LIFETIME
from consent_gate.declarations.declaration import CookieDeclaration, SessionKeyDeclaration, declare
from consent_gate.declarations.purposes import Purpose


def _seconds(value: int | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


def _attributes(prefix: str) -> dict[str, Any]:
    return {
        "http_only": getattr(settings, f"{prefix}_HTTPONLY"),
        "secure": getattr(settings, f"{prefix}_SECURE"),
        "same_site": getattr(settings, f"{prefix}_SAMESITE") or "",  # False: no such attribute
        "path": getattr(settings, f"{prefix}_PATH"),
        "domain": getattr(settings, f"{prefix}_DOMAIN"),
    }


CHOICE = declare(
    CookieDeclaration(
        name=configuration().cookie_name,
        purpose=Purpose.NECESSARY,
        reason=_(
            "Your answer about cookies: yes or no for each purpose, when you gave it, and a random number; with this "
            "site's signature."
        ),
        ground=_("Keeps the answer, so that you are not asked on every page (CNIL, decision 2020-091, section 5)."),
        lifetime=CHOICE_LIFETIME,
        # It comes wherever the session comes: without it the gate would erase what the visitor has long allowed.
        same_site="None" if settings.SESSION_COOKIE_SAMESITE == "None" else "Lax",
    )
)

SESSION = declare(
    CookieDeclaration(
        name=settings.SESSION_COOKIE_NAME,
        purpose=Purpose.NECESSARY,
        reason=_("A random token that connects your browser with what the server keeps for this visit."),
        ground=_(
            "Carries the sign-in and the input of the visitor who asked for it (WP29 opinion 04/2012, 3.1 and 3.2)."
        ),
        lifetime=_seconds(configuration().longest_session),
        secret=True,
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
        secret=True,
        **_attributes("CSRF_COOKIE"),
    )
)

MESSAGES = declare(
    CookieDeclaration(
        name=CookieStorage.cookie_name,
        purpose=Purpose.NECESSARY,
        reason=_("Carries a message such as “You are signed out” to the next page, which shows it and deletes it."),
        ground=_("Answers an action of the visitor and ends with the next page (WP29 opinion 04/2012, 3.1)."),
        # The message storage takes these attributes from the session cookie's settings.
        **(_attributes("SESSION_COOKIE") | {"path": "/"}),
    )
)

MESSAGES_KEY = declare(
    SessionKeyDeclaration(
        name=SessionStorage.session_key,
        purpose=Purpose.NECESSARY,
        reason=_("Messages for the next page that are too long for a cookie; it shows and deletes them."),
        ground=_("Answers an action of the visitor and ends with the next page (WP29 opinion 04/2012, 3.1)."),
    )
)

LANGUAGE = CookieDeclaration(
    name=settings.LANGUAGE_COOKIE_NAME,
    purpose=Purpose.PREFERENCES,
    reason=_("The language that you chose."),
    lifetime=_seconds(settings.LANGUAGE_COOKIE_AGE),
    **_attributes("LANGUAGE_COOKIE"),
)
if "django.middleware.locale.LocaleMiddleware" in settings.MIDDLEWARE:
    # Only then: visitors are asked about preferences as soon as anything is declared for them.
    declare(LANGUAGE)

if settings.CSRF_USE_SESSIONS:
    declare(
        SessionKeyDeclaration(
            name=CSRF_SESSION_KEY,
            purpose=Purpose.NECESSARY,
            reason=_("Proves that a form you send was shown to you by this site and not forged by another one."),
            ground=_("Security of a service that the visitor asked for (WP29 opinion 04/2012, 3.3)."),
            secret=True,
        )
    )

_SIGN_IN = _("Signing in, which the visitor asked for (WP29 opinion 04/2012, 3.2).")

USER_KEY = declare(
    SessionKeyDeclaration(
        name=auth.SESSION_KEY,
        purpose=Purpose.NECESSARY,
        reason=_("The number of the account you signed in to."),
        ground=_SIGN_IN,
    )
)
BACKEND_KEY = declare(
    SessionKeyDeclaration(
        name=auth.BACKEND_SESSION_KEY,
        purpose=Purpose.NECESSARY,
        reason=_("Which part of the site checked your password."),
        ground=_SIGN_IN,
    )
)
PASSWORD_MARK_KEY = declare(
    SessionKeyDeclaration(
        name=auth.HASH_SESSION_KEY,
        purpose=Purpose.NECESSARY,
        reason=_("A mark that ends this session when your password is changed."),
        ground=_SIGN_IN,
        secret=True,
    )
)
PASSWORD_RESET_KEY = declare(
    SessionKeyDeclaration(
        # `INTERNAL_RESET_SESSION_TOKEN` in django.contrib.auth.views, which imports the users' table.
        name="_password_reset_token",
        purpose=Purpose.NECESSARY,
        reason=_("A proof that you opened the link in our mail, until you have set your new password."),
        ground=_("Setting a new password, for which the visitor asked (WP29 opinion 04/2012, 3.2)."),
        secret=True,
        asked_by_link=True,
    )
)
EXPIRY_KEY = declare(
    SessionKeyDeclaration(
        name="_session_expiry",
        purpose=Purpose.NECESSARY,
        reason=_("How long this session lasts, where that was set for it alone, as with “Remember me”."),
        ground=_("Belongs to the sign-in, or is input that the visitor asked for (WP29 opinion 04/2012, 3.1 and 3.2)."),
    )
)
TEST_COOKIE_KEY = declare(
    SessionKeyDeclaration(
        name=SessionBase.TEST_COOKIE_NAME,
        purpose=Purpose.NECESSARY,
        reason=_("A mark that shows, when it comes back, that your browser keeps cookies."),
        ground=_("Tells whether signing in can work, and is deleted once read (WP29 opinion 04/2012, 3.1)."),
    )
)
UNCONFIRMED_KEY = declare(
    SessionKeyDeclaration(
        name="unconfirmed",
        purpose=Purpose.NECESSARY,
        reason=_(
            "That the cookie of this session has not come back yet: until it does, the server forgets the session "
            "after some hours. The first page that you open takes this mark away."
        ),
        ground=_("Keeps what a browser without cookies leaves behind no longer than needed (GDPR, article 5(1)(e))."),
        auxiliary=True,
    )
)
