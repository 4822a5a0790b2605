"""This site without its gate, its dashboard and its workbench, for `scripts/bench pages`: Django's own middleware."""

from locallibrary.settings import *  # noqa: F403
from locallibrary.settings import INSTALLED_APPS as ALL_APPS
from locallibrary.settings import MIDDLEWARE as ALL_MIDDLEWARE

_IN_THE_PLACE_OF = {
    "consent_gate.middleware.ConsentGateMiddleware": "ungated.middleware.EverythingAllowed",
    "consent_gate.middleware.SessionGateMiddleware": "django.contrib.sessions.middleware.SessionMiddleware",
    "consent_gate.middleware.CsrfMiddleware": "django.middleware.csrf.CsrfViewMiddleware",
}
INSTALLED_APPS = [each for each in ALL_APPS if each not in {"privacy_dashboard", "workbench"}]
MIDDLEWARE = [_IN_THE_PLACE_OF.get(each, each) for each in ALL_MIDDLEWARE]
ROOT_URLCONF = "ungated.urls"
# The gate's system checks say that it is missing, and are right.
SILENCED_SYSTEM_CHECKS = ["consent_gate.E009", "security.W003"]
