"""What the catalogue stores on a visitor's device."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consent.declarations import CookieDeclaration, Purpose, declare

PAGE_SIZE = declare(
    CookieDeclaration(
        name="page_size",
        purpose=Purpose.PREFERENCES,
        reason=_("How many results you chose to see on a page."),
        lifetime=timedelta(days=180),
    )
)
