"""The dashboard's forms."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables


class DeleteUserForm(forms.Form):
    """Asks once more for the password: whoever finds a signed-in browser must not be able to delete the account."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user

    @sensitive_variables("password")
    def clean_password(self) -> str:
        """Raises `ValidationError` for another password than the account's.

        The site's backends look at it, as at sign-in: where they limit guessing, they do so here.
        """
        password: str = self.cleaned_data["password"]
        if authenticate(self.request, username=self.user.get_username(), password=password) != self.user:
            raise forms.ValidationError(_("This is not the password of this account."), code="wrong_password")
        return password
