"""What the catalogue stores on a visitor's device and in their session."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consent_gate.api import CookieDeclaration, Purpose, SessionKeyDeclaration, declare

PAGE_SIZE = declare(
    CookieDeclaration(
        name="page_size",
        purpose=Purpose.PREFERENCES,
        reason=_("How many results you chose to see on a page."),
        lifetime=timedelta(days=180),
    )
)
RECENTLY_VIEWED_KEY = declare(
    SessionKeyDeclaration(
        name="recently_viewed",
        purpose=Purpose.PERSONALISATION,
        reason=_("The books that you looked at last, eight at most, to list them and to suggest others like them."),
    )
)
