"""Where passwords are checked: every call of Django's `authenticate` comes through here."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from accounts.read_along import account_read_along
from accounts.tries import admit_password, forget_password_tries


class LimitedBackend(ModelBackend):
    """Django's own backend, with a limit on guessing. A call without a request, as from a command, is not limited."""

    @sensitive_variables("password")
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """As Django's. Raises `accounts.tries.TooManyTries`, which `TriesLimitMiddleware` says in words."""
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **kwargs)
        admit_password(request, username)
        user = super().authenticate(request, username, password, **kwargs)
        if user is not None:
            forget_password_tries(request, username)
        return user

    def get_user(self, user_id: Any) -> User | None:
        """As Django's, without a query where the page has read the account along."""
        account = account_read_along(user_id)
        if account is None:
            return super().get_user(user_id)
        return account if self.user_can_authenticate(account) else None
