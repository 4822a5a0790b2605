"""What `manage.py check` finds missing around the dashboard, each with the line to write."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from django.utils.translation import get_language

from privacy_dashboard.conf import idle_limit, password_change_page

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
CONTEXT_PROCESSORS = (
    "django.template.context_processors.request",
    "consent_gate.context_processors.consent",
)
URLS_LINE = 'path("privacy/", include("privacy_dashboard.urls")),'
_SETTINGS: tuple[Callable[[], object], ...] = (idle_limit, password_change_page)


def check_dashboard(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """All checks, as Django calls them."""
    return [*_check_urls(), *_check_login(), *_check_middleware(), *_check_context_processors(), *_check_settings()]


def _check_urls() -> Iterator[checks.CheckMessage]:
    try:
        reverse("privacy:overview")
    except NoReverseMatch:
        yield checks.Error(
            "The dashboard has no address.", hint=f"Write in urls.py: {URLS_LINE}", id="privacy_dashboard.E001"
        )


def _check_login() -> Iterator[checks.CheckMessage]:
    if not leads_to_a_page(settings.LOGIN_URL):
        yield checks.Warning(
            f"LOGIN_URL is “{settings.LOGIN_URL}”, where no page is: who has to sign in first gets a 404.",
            hint='Write in settings.py, with the name of your page for it if you have one: LOGIN_URL = "admin:login"',
            id="privacy_dashboard.W002",
        )


def leads_to_a_page(url: str) -> bool:
    """Whether an address or a URL's name is a page of this project; of another site nobody knows."""
    try:
        address = urlsplit(resolve_url(url))
    except NoReverseMatch:
        return False
    if address.netloc:
        return True
    path = address.path.removeprefix(get_script_prefix())
    # Where addresses begin with the language, Django's LocaleMiddleware leads there from the one without.
    return any(_is_a_page(each) for each in (f"/{path}", f"/{get_language()}/{path}"))


def _is_a_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _check_middleware() -> Iterator[checks.CheckMessage]:
    if AUTHENTICATION not in settings.MIDDLEWARE:
        yield checks.Warning(
            "The dashboard can't tell who is signed in, and shows everybody's browser and session alone.",
            hint=f'Write in MIDDLEWARE, after the session\'s: "{AUTHENTICATION}",',
            id="privacy_dashboard.W001",
        )


def _check_context_processors() -> Iterator[checks.CheckMessage]:
    engines: list[dict[str, Any]] = settings.TEMPLATES
    there = {name for each in engines for name in each.get("OPTIONS", {}).get("context_processors", ())}
    for name in CONTEXT_PROCESSORS:
        if name not in there:
            yield checks.Error(
                f"The dashboard's forms need the context processor {name}.",
                hint=f'Write in the context_processors of TEMPLATES: "{name}",',
                id="privacy_dashboard.E002",
            )


def _check_settings() -> Iterator[checks.CheckMessage]:
    for setting in _SETTINGS:
        try:
            setting()
        except ImproperlyConfigured as error:
            yield checks.Error(str(error), id="privacy_dashboard.E003")
