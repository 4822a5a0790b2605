"""What signing in stores in the session (docs.djangoproject.com/en/5.2/topics/auth/default/#how-to-log-a-user-in)."""

from django.contrib import auth
from django.utils.translation import gettext_lazy as _

from consent.declarations import Purpose, SessionKeyDeclaration, declare

_GROUND = _("Signing in, which the visitor asked for (WP29 opinion 04/2012, 3.2).")

ACCOUNT = declare(
    SessionKeyDeclaration(
        name=auth.SESSION_KEY,
        purpose=Purpose.NECESSARY,
        reason=_("The number of the account you signed in to."),
        ground=_GROUND,
    )
)
BACKEND = declare(
    SessionKeyDeclaration(
        name=auth.BACKEND_SESSION_KEY,
        purpose=Purpose.NECESSARY,
        reason=_("Which part of the site checked your password."),
        ground=_GROUND,
    )
)
PASSWORD_MARK = declare(
    SessionKeyDeclaration(
        name=auth.HASH_SESSION_KEY,
        purpose=Purpose.NECESSARY,
        reason=_("A mark that ends this session when your password is changed."),
        ground=_GROUND,
    )
)
EXPIRY = declare(
    SessionKeyDeclaration(
        name="_session_expiry",
        purpose=Purpose.NECESSARY,
        reason=_("How long this session lasts, as you chose with “Remember me”."),
        ground=_GROUND,
    )
)
