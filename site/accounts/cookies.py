"""What the idle limit stores."""

from django.utils.translation import gettext_lazy as _

from consent_gate.api import Purpose, SessionKeyDeclaration, declare

LAST_USED_KEY = declare(
    SessionKeyDeclaration(
        name="last_used",
        purpose=Purpose.NECESSARY,
        reason=_(
            "When this session was last used, in seconds since 1970: one that should end with the browser also ends "
            "when it has stood idle for too long. Browsers that restore their tabs would else bring it back days later."
        ),
        ground=_("Security of a service that the visitor asked for (WP29 opinion 04/2012, 3.3)."),
        auxiliary=True,
    )
)
