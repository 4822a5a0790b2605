"""The production settings with what tests and the type checker need to start: no variable has to be set for them."""

import os
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "a key for tests only and never for a server: anybody can read it")
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parents[2] / "build" / "tests"))
os.environ.setdefault("CONSENT_STRICT", "true")

from locallibrary.settings import *  # noqa: F403

# The real hasher is slow on purpose, and no test is about its strength.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests render pages without collecting assets first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
