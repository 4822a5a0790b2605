from django import forms
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class RegisterForm(UserCreationForm[User]):
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
