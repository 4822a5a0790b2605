"""What `manage.py check --tag consent_gate` finds wrong: the gate's place, and declarations that can't be right."""

import sysconfig
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core import checks
from django.shortcuts import resolve_url
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from consent_gate.conf import SETTINGS, configuration, unknown_settings
from consent_gate.declarations.declaration import CookieDeclaration, Declaration, Registry, registry
from consent_gate.declarations.purposes import Purpose

TAG = "consent_gate"

GATE = "consent_gate.middleware.ConsentGateMiddleware"
SESSION_GATE = "consent_gate.middleware.SessionGateMiddleware"
CSRF = "consent_gate.middleware.CsrfMiddleware"
CONTEXT = "consent_gate.context_processors.consent"
DJANGOS_TEMPLATES = "django.template.backends.django.DjangoTemplates"
IN_THE_PLACE_OF = {
    "django.contrib.sessions.middleware.SessionMiddleware": SESSION_GATE,
    "django.middleware.csrf.CsrfViewMiddleware": CSRF,
}
USES_NO_SESSION = frozenset(
    {
        "csp.middleware.CSPMiddleware",
        "debug_toolbar.middleware.DebugToolbarMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
    }
)
"""What may stand between the two gates: it neither sets a cookie nor keeps anything in a session.

A middleware of the project's own says so itself, by an attribute `uses_no_session = True`.
"""

BROWSERS_CAP = timedelta(days=400)
"""Browsers keep no cookie longer (RFC 6265bis, section 5.5)."""

STATISTICS_CAP = timedelta(days=396)
"""Thirteen months: the CNIL's limit for cookies that count visits (its guide for developers, sheet 16)."""


def check_consent(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """All checks, as Django calls them."""
    return [
        *check_settings(),
        *check_middleware(settings.MIDDLEWARE),
        *check_session_engine(settings.MIDDLEWARE, settings.SESSION_ENGINE),
        *check_templates(settings.TEMPLATES),
        *check_banner(template_folders(settings.TEMPLATES)),
        *check_addresses(),
        *check_frameworks_cookies(registry, frameworks_cookies(settings)),
        *check_names("cookie", registry.cookies),
        *check_names("session key", registry.session_keys),
        *(message for each in registry for message in check_declaration(each)),
        *(message for each in registry.cookies for message in check_cookie(each)),
    ]


def check_deployment(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """What counts in production alone (`manage.py check --deploy`)."""
    return list(check_token(settings))


def check_settings() -> Iterator[checks.CheckMessage]:
    """Every `CONSENT_…` is one that is read, and means something. A value of the wrong kind stops the start already."""
    for name, meant in unknown_settings():
        yield checks.Warning(
            f"There is no setting {name}.",
            hint=f"{f'Did you mean {meant}? ' if meant else ''}There are: {', '.join(SETTINGS)}.",
            id="consent_gate.W004",
        )
    current = configuration()
    if current.longest_session < settings.SESSION_COOKIE_AGE:
        yield checks.Error(
            f"CONSENT_LONGEST_SESSION ({current.longest_session}) is shorter than SESSION_COOKIE_AGE "
            f"({settings.SESSION_COOKIE_AGE}): visitors are told less than sessions last.",
            hint="Leave CONSENT_LONGEST_SESSION out, or set it to the longest age that the site sets a session for.",
            id="consent_gate.E010",
        )
    try:
        resolve_url(current.help_url or "/")
    except NoReverseMatch:
        yield checks.Error(
            f"CONSENT_HELP_URL is “{current.help_url}”, which is no URL's name.",
            hint="Name a URL of this project, write an address such as “/help/”, or leave it out.",
            id="consent_gate.E011",
        )


def check_middleware(middleware: Sequence[str]) -> Iterator[checks.CheckMessage]:
    """The gate stands outermost, the session gate just inside it, and Django's own two are not in use."""
    if not middleware or middleware[0] != GATE:
        yield checks.Error(
            "The consent gate is not the outermost middleware: what stands outside of it sets cookies unseen.",
            hint=f"Put “{GATE}” first in MIDDLEWARE.",
            id="consent_gate.E001",
        )
    for stock, ours in IN_THE_PLACE_OF.items():
        if stock in middleware:
            yield checks.Error(
                f"“{stock}” stores what no visitor has allowed.",
                hint=f"Put “{ours}” in its place in MIDDLEWARE.",
                id="consent_gate.E002",
            )
    if SESSION_GATE in middleware and not {CSRF, "django.middleware.csrf.CsrfViewMiddleware"} & set(middleware):
        yield checks.Error(
            "Nothing tells this site's forms from those of other sites.",
            hint=f"Put “{CSRF}” after “{SESSION_GATE}” in MIDDLEWARE.",
            id="consent_gate.E009",
        )
    if SESSION_GATE in middleware:
        for each in middleware[: middleware.index(SESSION_GATE)]:
            if each != GATE and each not in USES_NO_SESSION and not _says_it_uses_no_session(each):
                yield checks.Error(
                    f"“{each}” stands between the consent gate and the session gate.",
                    hint=f"Put it after “{SESSION_GATE}” in MIDDLEWARE, or let it say uses_no_session = True.",
                    id="consent_gate.E003",
                )


def check_templates(templates: Sequence[Mapping[str, Any]]) -> Iterator[checks.CheckMessage]:
    """Forms get a token only where one is needed, by a context processor."""
    used = {name for engine in templates for name in engine.get("OPTIONS", {}).get("context_processors", ())}
    if CONTEXT not in used:
        yield checks.Error(
            "Forms with {% csrf_token %} are refused, because no template knows who needs a token.",
            hint=f"Add “{CONTEXT}” to the context_processors in TEMPLATES.",
            id="consent_gate.E012",
        )


def check_session_engine(middleware: Sequence[str], engine: str) -> Iterator[checks.CheckMessage]:
    """Sessions have a store, and one in the database has its table."""
    if SESSION_GATE not in middleware:
        return
    try:
        store = import_module(engine).SessionStore
        fits = issubclass(store, SessionBase)
    except (ImportError, AttributeError, TypeError):
        fits = False
    if not fits:
        yield checks.Error(
            f"SESSION_ENGINE is “{engine}”, which holds no SessionStore of Django's kind.",
            hint='Write in settings.py: SESSION_ENGINE = "django.contrib.sessions.backends.db", or leave it out.',
            id="consent_gate.E014",
        )
        return
    try:
        if hasattr(store, "get_model_class"):
            store.get_model_class()
    except (ImportError, RuntimeError):
        yield checks.Error(
            f"SESSION_ENGINE “{engine}” keeps sessions in the database, where no installed app has a table for them.",
            hint='Write in INSTALLED_APPS: "django.contrib.sessions",',
            id="consent_gate.E015",
        )


def check_banner(folders: Iterable[Path]) -> Iterator[checks.CheckMessage]:
    """Some template of the project shows the banner, if any is a whole page: a warning, as pages may come elsewhere."""
    pages = []
    for folder in folders:
        for file in sorted(folder.rglob("*.html")):
            text = file.read_text(encoding="utf-8", errors="replace")
            if "cookie_banner" in text:
                return
            if "<body" in text:
                pages.append(file)
    if pages:
        yield checks.Warning(
            f"No template shows the banner, so visitors are never asked; {pages[0]} is a page without it.",
            hint="Write in your base template, first in the body: {% load consent_gate %}{% cookie_banner %}",
            id="consent_gate.W005",
        )


def template_folders(templates: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Where the project's own templates lie: not those of installed packages, nor this one's.

    None where the banner may come otherwise: from another template engine, or by loaders of the project's own.
    """
    if any(each["BACKEND"] != DJANGOS_TEMPLATES or "loaders" in each.get("OPTIONS", {}) for each in templates):
        return []
    installed = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")]
    installed.append(Path(apps.get_app_config("consent_gate").path))
    folders = [Path(folder).absolute() for each in engines.all() for folder in each.template_dirs]
    return [each for each in folders if not any(each.is_relative_to(package) for package in installed)]


def check_addresses() -> Iterator[checks.CheckMessage]:
    """The banner's form leads somewhere."""
    try:
        reverse("consent:choice")
    except NoReverseMatch:
        yield checks.Error(
            "There is no page where visitors can answer: the URLs of consent_gate are not included.",
            hint='Add path("", include("consent_gate.urls")) to the urlpatterns of ROOT_URLCONF.',
            id="consent_gate.E013",
        )


def _says_it_uses_no_session(path: str) -> bool:
    try:
        return getattr(import_string(path), "uses_no_session", False) is True
    except ImportError:
        return False


def check_token(settings: Any) -> Iterator[checks.CheckMessage]:
    """The token's cookie is kept from the network; Django's own check (security.W016) knows only its own middleware."""
    if CSRF in settings.MIDDLEWARE and not settings.CSRF_COOKIE_SECURE and not settings.CSRF_USE_SESSIONS:
        yield checks.Warning(
            "CSRF_COOKIE_SECURE is off: whoever listens on the way can read the token of forms.",
            hint="Set CSRF_COOKIE_SECURE to True.",
            id="consent_gate.W003",
        )


def frameworks_cookies(settings: Any) -> dict[str, str]:
    """The cookies that Django's own parts set in this installation, each with what its name comes from."""
    middleware = set(settings.MIDDLEWARE)
    cookies = {}
    if middleware & {SESSION_GATE, "django.contrib.sessions.middleware.SessionMiddleware"}:
        cookies[settings.SESSION_COOKIE_NAME] = "SESSION_COOKIE_NAME"
    if middleware & {CSRF, "django.middleware.csrf.CsrfViewMiddleware"} and not settings.CSRF_USE_SESSIONS:
        cookies[settings.CSRF_COOKIE_NAME] = "CSRF_COOKIE_NAME"
    if "django.contrib.messages" in settings.INSTALLED_APPS:
        cookies[CookieStorage.cookie_name] = "django.contrib.messages"
    if "django.middleware.locale.LocaleMiddleware" in middleware:
        cookies[settings.LANGUAGE_COOKIE_NAME] = "LANGUAGE_COOKIE_NAME"
    return cookies


def check_frameworks_cookies(registry: Registry, cookies: Mapping[str, str]) -> Iterator[checks.CheckMessage]:
    """What Django itself sets is declared."""
    for name, source in cookies.items():
        if registry.cookies.find(name) is None:
            yield checks.Error(
                f"The cookie “{name}” ({source}) is not declared, so the gate stops it.",
                hint="Declare it in an app's cookies.py.",
                id="consent_gate.E004",
            )


def check_names(kind: str, declarations: Iterable[Declaration]) -> Iterator[checks.CheckMessage]:
    """No name is declared twice. A name that also belongs to a family is fine: its own declaration counts."""
    for name, times in Counter(each.name for each in declarations).items():
        if times > 1:
            yield checks.Error(
                f"The {kind} “{name}” is declared {times} times; only the first one counts.",
                hint="Keep one of them.",
                id="consent_gate.E005",
            )


def check_declaration(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    """What is necessary says on what ground, and nothing else does."""
    if declaration.purpose == Purpose.NECESSARY and not declaration.ground:
        yield checks.Error(
            f"“{declaration.name}” is declared as necessary without a ground.",
            hint="Say in `ground` which exemption holds (directive 2002/58, article 5(3)), or change its purpose.",
            id="consent_gate.E006",
        )
    if declaration.purpose != Purpose.NECESSARY and declaration.ground:
        yield checks.Error(
            f"“{declaration.name}” has a ground for needing no consent, but its purpose needs consent.",
            hint="Leave `ground` out, or declare it as necessary.",
            id="consent_gate.E007",
        )


def check_cookie(cookie: CookieDeclaration) -> Iterator[checks.CheckMessage]:
    """Browsers take the cookie as it is declared, and it lives no longer than it may."""
    if cookie.same_site == "None" and not cookie.secure:
        yield checks.Error(
            f"The cookie “{cookie.name}” has SameSite=None without Secure: browsers refuse it.",
            hint="Set secure=True, or another SameSite.",
            id="consent_gate.E008",
        )
    if cookie.lifetime is None:
        return
    if cookie.lifetime > BROWSERS_CAP:
        yield checks.Warning(
            f"The cookie “{cookie.name}” is declared for {cookie.lifetime.days} days; browsers cut that to 400.",
            hint="Declare at most 400 days, so that visitors are told the truth.",
            id="consent_gate.W001",
        )
    if cookie.purpose == Purpose.STATISTICS and cookie.lifetime > STATISTICS_CAP:
        yield checks.Warning(
            f"The cookie “{cookie.name}” counts visits for longer than thirteen months.",
            hint="Declare at most 396 days, as the CNIL recommends.",
            id="consent_gate.W002",
        )
