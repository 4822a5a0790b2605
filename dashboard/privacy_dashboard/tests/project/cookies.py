"""What this project keeps, as a stranger declares it."""

from datetime import timedelta

from consent_gate.api import CookieDeclaration, Purpose, SessionKeyDeclaration, declare

VISITS = declare(
    CookieDeclaration(
        name="visits", purpose=Purpose.STATISTICS, reason="How often you were here.", lifetime=timedelta(days=30)
    )
)
LAST_VISIT = declare(
    CookieDeclaration(
        name="last_visit", purpose=Purpose.STATISTICS, reason="When you were here.", lifetime=timedelta(days=30)
    )
)
LAYOUT = declare(CookieDeclaration(name="layout", purpose=Purpose.PREFERENCES, reason="The layout that you chose."))
for key in ("num_visits", "visits", "last_visit"):
    declare(SessionKeyDeclaration(name=key, purpose=Purpose.STATISTICS, reason="Counts your visits."))
declare(
    SessionKeyDeclaration(name="read", purpose=Purpose.PERSONALISATION, reason="What you read, so as to propose more.")
)
