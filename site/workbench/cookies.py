"""What the session workbench stores."""

from django.utils.translation import gettext_lazy as _

from consent_gate.api import Purpose, SessionKeyDeclaration, declare

MY_CAR_KEY = declare(
    SessionKeyDeclaration(
        name="my_car",
        purpose=Purpose.NECESSARY,
        reason=_("The example that you store, change and delete yourself on the session workbench."),
        ground=_("Input of the visitor who asked for it, for this session only (WP29 opinion 04/2012, 3.1)."),
    )
)
