"""What this project keeps, as a stranger declares it."""

from datetime import timedelta

from consent_gate.api import CookieDeclaration, Purpose, SessionKeyDeclaration, declare

VISITS = declare(
    CookieDeclaration(
        name="visits", purpose=Purpose.STATISTICS, reason="How often you were here.", lifetime=timedelta(days=30)
    )
)
LAYOUT = declare(CookieDeclaration(name="layout", purpose=Purpose.PREFERENCES, reason="The layout that you chose."))
VIEWS_KEY = declare(
    SessionKeyDeclaration(name="views", purpose=Purpose.STATISTICS, reason="How many pages you looked at.")
)
READ_KEY = declare(
    SessionKeyDeclaration(name="read", purpose=Purpose.PERSONALISATION, reason="What you read, so as to propose more.")
)
NOTE_KEY = declare(
    SessionKeyDeclaration(
        name="note", purpose=Purpose.NECESSARY, reason="The note that you wrote.", ground="You asked for it."
    )
)
