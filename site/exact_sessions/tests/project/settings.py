"""A stranger's project: what `startproject` writes, and the two lines that install the engine."""

import json
import os
import tempfile
from pathlib import Path

SECRET_KEY = "a key for tests only and never for a server: anybody can read it"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost"]

INSTALLED_APPS = [
    "exact_sessions",
    "exact_sessions.tests.project",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
SESSION_ENGINE = "exact_sessions.db"

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

ROOT_URLCONF = "exact_sessions.tests.project.urls"

DATABASES = {
    # Stock settings, but in a file: several processes have to see it.
    "default": json.loads(os.environ.get("EXACT_SESSIONS_DATABASE", "null"))
    or {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        # A writer may wait a minute for its turn on a busy machine; and no test is about a power cut.
        "OPTIONS": {"timeout": 60, "init_command": "PRAGMA synchronous=OFF"},
        "TEST": {"NAME": str(Path(tempfile.gettempdir(), f"exact-sessions-{os.getpid()}.sqlite3"))},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
USE_TZ = True
