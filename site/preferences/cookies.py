"""What is kept of a visitor's preferences. The language's cookie is Django's own, and is declared beside its others."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consent_gate.api import CookieDeclaration, Purpose, declare

HALF_A_YEAR = timedelta(days=180)

THEME = declare(
    CookieDeclaration(
        name="theme",
        purpose=Purpose.PREFERENCES,
        reason=_("Whether you chose light or dark pages."),
        lifetime=HALF_A_YEAR,
    )
)
DISMISSED_NOTICE = declare(
    CookieDeclaration(
        name="dismissed_notice",
        purpose=Purpose.PREFERENCES,
        reason=_("Which notice on the home page you have put away."),
        lifetime=HALF_A_YEAR,
    )
)
