"""Register, sign in, sign out. Signing in rotates the session key (django.contrib.auth.login)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import RegisterForm, SignInForm
from visits.cookie_check import verify

REMEMBERED = 1_209_600
"""Seconds (two weeks) that a remembered sign-in lasts, whatever SESSION_COOKIE_AGE is for everybody else."""

UNTIL_BROWSER_CLOSES = 0
"""What Django's `set_expiry` takes for a session that ends with the browser."""


@sensitive_post_parameters()
def register(request: HttpRequest) -> HttpResponse:
    """Open an account, and say whether the test cookie that the home page set came back: an account needs it."""
    cookie_support = verify(request, asked=False)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.save())
        request.session.set_expiry(UNTIL_BROWSER_CLOSES)
        messages.success(request, _("Your account is ready, and you are signed in until you close the browser."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/register.html", {"form": form, "cookie_support": cookie_support})


class SignIn(LoginView):
    """Sign in for two weeks or until the browser closes."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        remember = form.cleaned_data["remember_me"]
        self.request.session.set_expiry(REMEMBERED if remember else UNTIL_BROWSER_CLOSES)
        return response


class SignOut(LogoutView):
    """Sign out: the session and all it held are deleted on the server."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, _("You are signed out."))
        return response
