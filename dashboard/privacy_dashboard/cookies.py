"""debug-toolbar, beside which the panel stands: its script sets cookies that its server side has to read."""

from datetime import timedelta

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from consent_gate.api import CookieDeclaration, Purpose, declare

if apps.is_installed("debug_toolbar"):
    declare(
        CookieDeclaration(
            name="djdt*",
            purpose=Purpose.NECESSARY,
            reason=_("Which panels of the debug toolbar a developer has switched on or off."),
            ground=_("Answers a developer's own click (WP29 opinion 04/2012, 3.6); there is no toolbar in production."),
            lifetime=timedelta(days=10),
            http_only=False,
            secure=False,
        )
    )
