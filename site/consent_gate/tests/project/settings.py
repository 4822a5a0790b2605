"""A stranger's project: what `startproject` writes, and the lines that install the gate."""

from datetime import date

SECRET_KEY = "a key for tests only and never for a server: anybody can read it"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost"]

INSTALLED_APPS = [
    "consent_gate",
    "consent_gate.tests.project",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "exact_sessions",  # which the gate knows as any other session store
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "consent_gate.middleware.ConsentGateMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "consent_gate.middleware.SessionGateMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "consent_gate.middleware.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "consent_gate.tests.project.urls"

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
            ],
        },
    },
]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
LOGIN_REDIRECT_URL = "/"
LANGUAGE_CODE = "en"
USE_TZ = True
STATIC_URL = "static/"

CONSENT_GPC_REVIEWED = date(2026, 11, 22)
CONSENT_STRICT = True  # as in development: what is not declared raises an error
