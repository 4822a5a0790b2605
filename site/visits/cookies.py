"""What the visit counters and the cookie check store."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consent_gate.api import CookieDeclaration, Purpose, SessionKeyDeclaration, declare

VISITS = declare(
    CookieDeclaration(
        name="visits",
        purpose=Purpose.STATISTICS,
        reason=_("How often you have visited, counted in your browser."),
        lifetime=timedelta(days=365),
    )
)
LAST_VISIT = declare(
    CookieDeclaration(
        name="last_visit",
        purpose=Purpose.STATISTICS,
        reason=_("When your last counted visit was, so that the next one counts only after a while."),
        lifetime=timedelta(days=365),
    )
)
NUM_VISITS_KEY = declare(
    SessionKeyDeclaration(
        name="num_visits",
        purpose=Purpose.STATISTICS,
        reason=_("How often you have opened the home page, counted on the server."),
    )
)
VISITS_KEY = declare(
    SessionKeyDeclaration(
        name="visits",
        purpose=Purpose.STATISTICS,
        reason=_("How often you have visited, counted on the server."),
    )
)
LAST_VISIT_KEY = declare(
    SessionKeyDeclaration(
        name="last_visit",
        purpose=Purpose.STATISTICS,
        reason=_("When your last counted visit was, so that the next one counts only after a while."),
    )
)
