from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User


class RegisterForm(UserCreationForm):
    """Asks for a name and a password, and for nothing else."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)


class SignInForm(AuthenticationForm):
    """Django's form, with the choice between the two lengths of a session."""

    remember_me = forms.BooleanField(
        label=_("Remember me for two weeks"),
        label_suffix="",
        required=False,
        help_text=_("Otherwise you are signed out when you close the browser."),
    )


class ChangePasswordForm(PasswordChangeForm):
    """Django's form; the present password goes through `authenticate`, so that the limit on guessing holds here too."""

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    @sensitive_variables("password")
    def clean_old_password(self) -> str:
        """Raises `ValidationError` for another password than the account's, and `TooManyTries`."""
        password: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=password) != self.user:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password
