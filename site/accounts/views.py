"""Register, sign in, change the password, sign out. Signing in rotates the session key (django.contrib.auth.login)."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, login
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, RedirectURLMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.forms import ChangePasswordForm, RegisterForm, SignInForm
from accounts.next_page import next_page
from accounts.tries import admit_registration
from consent_gate.api import consent_of
from visits.browser_help import browser_help
from visits.cookie_check import a_cookie_came_back, verify

UNTIL_BROWSER_CLOSES = 0
"""What Django's `set_expiry` takes for a session that ends with the browser."""


@sensitive_post_parameters()
def register(request: HttpRequest) -> HttpResponse:
    """Open an account, and say whether the test cookie that the home page set came back: an account needs it."""
    if request.method == "POST":
        admit_registration(request)
    cookie_support = verify(request, asked=False)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # Else the first page that brings the session's cookie back shows it (`accounts.first_use`).
        form.instance.has_been_used = consent_of(request).cookies_are_kept
        login(request, form.save())
        request.session.set_expiry(UNTIL_BROWSER_CLOSES)
        messages.success(request, _("Your account is ready, and you are signed in until you close the browser."))
        return redirect(arrival_address(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
    return render(request, "accounts/register.html", {"form": form, "cookie_support": cookie_support})


class OwnPageNext(RedirectURLMixin):
    """For Django's views that go on to another page: the rule of this site in the place of Django's."""

    request: HttpRequest

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """The address that came in the form or the query; `request` is what Django 6 hands over."""
        request = request or self.request
        return next_page(request, request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME)), "")


class SignIn(OwnPageNext, LoginView):
    """Sign in for two weeks or until the browser closes."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        return arrival_address(self.request, super().get_success_url())

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        remember = form.cleaned_data["remember_me"]
        self.request.session.set_expiry(settings.REMEMBER_ME_AGE if remember else UNTIL_BROWSER_CLOSES)
        return response


def arrival_address(request: HttpRequest, next_page: str) -> str:
    """Where to go after signing in: straight on, if it is known that the browser keeps cookies."""
    if a_cookie_came_back(request):
        return next_page
    return f"{reverse('arrival')}?{urlencode({REDIRECT_FIELD_NAME: next_page})}"


@never_cache
@require_safe
def arrival(request: HttpRequest) -> HttpResponse:
    """See whether the session's cookie came back after signing in: without it nobody is signed in, and is told why."""
    if not request.user.is_authenticated:
        return render(
            request, "accounts/no_cookie.html", {"browsers": browser_help(request.headers.get("User-Agent", ""))}
        )
    return redirect(next_page(request, request.GET.get(REDIRECT_FIELD_NAME), resolve_url(settings.LOGIN_REDIRECT_URL)))


class PasswordChange(PasswordChangeView):
    """Change the password. This session gets another key; those of other browsers no longer fit the account."""

    template_name = "accounts/password_change.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("privacy:overview")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed. All other sessions of your account have ended."))
        return response


class SignOut(OwnPageNext, LogoutView):
    """Sign out: the session and all it held are deleted on the server."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, _("You are signed out."))
        return response
