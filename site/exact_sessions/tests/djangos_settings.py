"""What Django's own tests of sessions are run with, beside this app."""

SECRET_KEY = "a key for tests only and never for a server: anybody can read it"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "sessions_tests",
    "exact_sessions",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = False
