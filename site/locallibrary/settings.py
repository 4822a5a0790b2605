"""Django's settings. What differs between installations comes from `environment.py`; no other module reads variables.

The order and the headings are those of `django-admin startproject`; each deviation says why.
"""

import secrets
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from locallibrary.data_folder import make_private_file, make_private_folder
from locallibrary.environment import CHECKOUT, POSTGRESQL, SQLITE, SessionEngine, read_environment
from locallibrary.error_log import LINE

ENVIRONMENT = read_environment()
DATA_DIR = ENVIRONMENT.data_dir

DEBUG = ENVIRONMENT.debug
# In development a key may be missing: then each start has its own, and sessions end with it.
SECRET_KEY = ENVIRONMENT.secret_key or secrets.token_urlsafe(50)
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)

# Application definition

INSTALLED_APPS = [
    "locallibrary",  # for its templates, stylesheet and commands
    "consent_gate",
    "exact_sessions",
    "catalog",
    "visits",
    "accounts",
    "preferences",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # so that development serves assets by the same code as production
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # thousands separators in counts
    "csp",
    "privacy_dashboard",
    "workbench",
]

MIDDLEWARE = [
    "consent_gate.middleware.ConsentGateMiddleware",  # outermost: no cookie leaves but through it
    "locallibrary.middleware.SecurityHeadersMiddleware",  # outside of all that answers by itself
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # directly after security, as its documentation asks
    "locallibrary.middleware.CompressionMiddleware",  # Django's own, for visitors without a session
    "csp.middleware.CSPMiddleware",
    "consent_gate.middleware.SessionGateMiddleware",  # Django's session middleware, with the gate in the store
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "consent_gate.middleware.CsrfMiddleware",  # Django's own, which sets no cookie for visitors without a session
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.IdleLimitMiddleware",  # it ends a session before a view reads it, and leaves a message
    "accounts.tries_page.TriesLimitMiddleware",  # says in words that too many passwords were tried
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if DEBUG and find_spec("debug_toolbar"):  # scripts/demo installs it, and no production server has to
    INSTALLED_APPS.append("debug_toolbar")
    # As early as possible, after what encodes the response (debug-toolbar's installation page).
    after_encoding = MIDDLEWARE.index("csp.middleware.CSPMiddleware")
    MIDDLEWARE.insert(after_encoding, "debug_toolbar.middleware.DebugToolbarMiddleware")
    from debug_toolbar.settings import PANELS_DEFAULTS

    DEBUG_TOOLBAR_PANELS = [*PANELS_DEFAULTS, "privacy_dashboard.panels.ConsentPanel"]

INTERNAL_IPS = ["127.0.0.1", "::1"]
DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}  # the page first; the toolbar opens at a click

ROOT_URLCONF = "locallibrary.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consent_gate.context_processors.consent",
                "preferences.context_processors.preferences",
                "locallibrary.context_processors.lost_session",
            ],
        },
    },
]

# Bytes of a form; no form here is longer. The server takes in as much before it asks a thread (`server_worker`).
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024

WSGI_APPLICATION = "locallibrary.wsgi.application"

# Database

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        ENVIRONMENT.database_url or f"sqlite:///{DATA_DIR / 'library.sqlite3'}",
        conn_max_age=60,  # seconds; opening SQLite and setting it up again costs each request about 0.4 ms
        conn_health_checks=True,
    )
}

if DATABASES["default"]["ENGINE"] == SQLITE:
    # Readers never wait for the writer (WAL), a writer waits for its turn from the first statement on (IMMEDIATE), and
    # for up to 20 s: parallel visitors don't meet "database is locked".
    # docs.djangoproject.com/en/5.2/ref/databases/#database-is-locked-errors and sqlite.org/wal.html
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    make_private_file(Path(DATABASES["default"]["NAME"]))  # SQLite itself would let everybody read it

if DATABASES["default"]["ENGINE"] == POSTGRESQL:
    DATABASES["default"] |= {
        # Here the pool keeps connections open (docs.djangoproject.com/en/5.2/ref/databases/#connection-pool).
        "CONN_MAX_AGE": 0,
        # A cursor on the server outlives its transaction, for which PgBouncer lends it a connection
        # (docs.djangoproject.com/en/5.2/ref/databases/#transaction-pooling-server-side-cursors). The same goes for
        # prepared statements, which Django leaves out by itself.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        # Whoever asks waits for a connection, and gives up, so that a database that is away holds no thread for long.
        # The pool tries in vain no longer than that: with its own five minutes it would pause for minutes in between.
        pool={"min_size": 0, "max_size": 8, "timeout": 2, "reconnect_timeout": 2},  # for each process; seconds
        connect_timeout=2,  # seconds, the least that libpq takes
        tcp_user_timeout=5000,  # milliseconds until a server that vanished counts as gone
    )

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache

CACHES = {
    # Django's own raises an error, on every page, while Redis is away.
    "default": {"BACKEND": "locallibrary.redis_cache.FailSoftRedisCache", "LOCATION": ENVIRONMENT.redis_url}
    if ENVIRONMENT.redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Rendered pages and parts of them, under Django's own name for it; `catalog.kept_pages` says why in each process.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",  # else the one above, under another name
    },
}

# Passwords and sign-in

AUTH_USER_MODEL = "accounts.User"  # Django's documentation recommends an own model from a project's first day

# Argon2 first, as Django's documentation and OWASP's password cheat sheet advise. The default needs up to a second of
# CPU for what Argon2 does better in a twentieth of it, and anybody could turn that against a small server.
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2",  # with OWASP's numbers: Django's own take 100 MiB for each password that is sent
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["accounts.backends.LimitedBackend"]  # Django's own lets anybody guess without end
TRIES_LIMIT = ENVIRONMENT.tries_limit
TRIES_WINDOW = ENVIRONMENT.tries_window  # seconds
REGISTRATIONS_LIMIT = ENVIRONMENT.registrations_limit
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "index"
LOGOUT_REDIRECT_URL = "index"

# Sessions and cookies

# Django's own engines in the database lose what requests store at once, and hold the keys of sessions in clear.
SESSION_ENGINE = (
    f"exact_sessions.{ENVIRONMENT.session_engine}"
    if ENVIRONMENT.session_engine in {SessionEngine.DB, SessionEngine.CACHED_DB}
    else f"django.contrib.sessions.backends.{ENVIRONMENT.session_engine}"
)
SESSION_EXPIRE_AT_BROWSER_CLOSE = ENVIRONMENT.session_expire_at_browser_close
SESSION_COOKIE_AGE = ENVIRONMENT.session_cookie_age
ANONYMOUS_SESSION_AGE = ENVIRONMENT.anonymous_session_age  # seconds
SESSION_SAVE_EVERY_REQUEST = ENVIRONMENT.session_save_every_request
SESSION_IDLE_LIMIT = ENVIRONMENT.session_idle_limit  # seconds
SESSION_FILE_PATH = DATA_DIR / "sessions"  # not the machine's shared temporary folder

REMEMBER_ME_AGE = 1_209_600  # seconds (two weeks) that a remembered sign-in lasts, whatever SESSION_COOKIE_AGE is
LONGEST_SESSION = max(SESSION_COOKIE_AGE, REMEMBER_ME_AGE)  # what visitors are told about the session cookie

SESSION_COOKIE_NAME = ENVIRONMENT.name_of_session_cookie  # with the prefix `__Host-` where browsers take it
SESSION_COOKIE_PATH = ENVIRONMENT.session_cookie_path
SESSION_COOKIE_DOMAIN = ENVIRONMENT.session_cookie_domain or None
SESSION_COOKIE_SAMESITE = ENVIRONMENT.session_cookie_samesite

SECURE_COOKIES = ENVIRONMENT.sends_secure_cookies
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_NAME = f"{ENVIRONMENT.host_prefix}csrftoken"  # no sibling host may set it (RFC 6265bis, section 4.1.3.2)
CSRF_COOKIE_HTTPONLY = True  # no script of ours reads it
CSRF_COOKIE_AGE = None  # until the browser closes: Django's default of a year outlives any need for it
CSRF_FAILURE_VIEW = "visits.views.csrf_failure"  # tells a visitor with blocked cookies what happened and what to do

LANGUAGE_COOKIE_AGE = 180 * 86_400  # seconds: as long as the consent it needs; Django's default ends with the browser
LANGUAGE_COOKIE_HTTPONLY = True  # no script of ours reads it
LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Consent. What stands here is all that differs from the app's own defaults (`consent_gate.conf`).

CONSENT_STRICT = DEBUG if ENVIRONMENT.consent_strict is None else ENVIRONMENT.consent_strict
CONSENT_LONGEST_SESSION = LONGEST_SESSION
CONSENT_ANONYMOUS_SESSION_AGE = ANONYMOUS_SESSION_AGE
CONSENT_SITE_NAME = "Local Library"
CONSENT_HELP_URL = "cookie-check"
CONSENT_GPC_REVIEWED = date(2026, 11, 22)
CONSENT_PURPOSES = {
    "preferences": {"summary": _("Remember how you want the site to look: colours, language, results on a page.")},
    "statistics": {"summary": _("Count how often you visit, in your browser and on the server.")},
    "personalisation": {"summary": _("Keep the books you looked at last, and suggest others like them.")},
}

# The dashboard's own (`privacy_dashboard.conf`).

PRIVACY_DASHBOARD_IDLE_LIMIT = SESSION_IDLE_LIMIT
PRIVACY_DASHBOARD_PASSWORD_CHANGE_URL = "password-change"  # noqa: S105 -- a URL's name

if ENVIRONMENT.session_engine is SessionEngine.FILE:
    make_private_folder(SESSION_FILE_PATH)

VISIT_INTERVAL = ENVIRONMENT.visit_interval

# Transport

SECURE_SSL_REDIRECT = ENVIRONMENT.https_redirect
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a balancer asks a server behind the proxy, and follows nothing
SECURE_HSTS_SECONDS = ENVIRONMENT.hsts_seconds if ENVIRONMENT.https_redirect else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.hsts_include_subdomains
SECURE_HSTS_PRELOAD = ENVIRONMENT.hsts_preload
if ENVIRONMENT.https_redirect:
    # Whoever turns the redirect on has a proxy in front that ends TLS; without this header the redirect would loop.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What `manage.py check --deploy` need not say. Without HTTPS_REDIRECT it warns of that (W004, W008), and is right to.
SILENCED_SYSTEM_CHECKS = [
    # It looks for Django's own middleware by name. That ours stands there is the business of consent_gate.E009,
    # and that its cookie is secure of consent_gate.W003.
    "security.W003",
    # Whether HTTPS binds every subdomain too, and for good, is a promise on behalf of hosts that this site can't know.
    "security.W005",
    "security.W021",
]

# No inline script or style, nothing from another host, no framing (w3.org/TR/CSP3). No nonce: pages stay cacheable.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"

# Internationalization

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [CHECKOUT / "site" / "locale"]  # the packages bring theirs along
FORMAT_MODULE_PATH = ["locallibrary.formats"]  # dates as one reads them here: "22 November 2026", "22. November 2026"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # whitenoise's default suits a CDN; here no other site has to read the assets
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # A content hash in each name lets browsers keep assets for good; development needs no collecting beforehand.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Logging

# Django's own tells nobody of an error without DEBUG, and shows what a request held. Access logs stay off: they hold
# addresses and user agents.

if not DEBUG:
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"errors": {"()": "locallibrary.error_log.ErrorFormatter", "format": LINE}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "errors"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        # Without its handlers, one of which mails whole requests; and without a line for each page that there is not.
        "loggers": {"django": {"handlers": [], "level": "ERROR"}},
    }
