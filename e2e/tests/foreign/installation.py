"""The steps of the installation, each as the lines that a stranger changes in what `startproject` wrote."""

from tests.foreign.project import SETTINGS, URLS, Step

_STATIC_FILES = "    'django.contrib.staticfiles',\n"
_SECURITY = "    'django.middleware.security.SecurityMiddleware',\n"
_MESSAGES = "                'django.contrib.messages.context_processors.messages',\n"
_ADMIN = "    path('admin/', admin.site.urls),\n"
_GATE_ADDRESSES = "    path('', include('consent_gate.urls')),\n"

APP = Step(SETTINGS, _STATIC_FILES, f"{_STATIC_FILES}    'consent_gate',\n")
GATE = Step(SETTINGS, _SECURITY, f"    'consent_gate.middleware.ConsentGateMiddleware',\n{_SECURITY}")
SESSIONS = Step(
    SETTINGS,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "consent_gate.middleware.SessionGateMiddleware",
)
FORMS = Step(SETTINGS, "django.middleware.csrf.CsrfViewMiddleware", "consent_gate.middleware.CsrfMiddleware")
CONTEXT = Step(SETTINGS, _MESSAGES, f"{_MESSAGES}                'consent_gate.context_processors.consent',\n")
INCLUDE = Step(URLS, "from django.urls import path", "from django.urls import include, path")
ADDRESSES = Step(URLS, _ADMIN, _ADMIN + _GATE_ADDRESSES)
THE_GATE = (APP, GATE, SESSIONS, FORMS, CONTEXT, INCLUDE, ADDRESSES)

DASHBOARD_APP = Step(SETTINGS, "    'consent_gate',\n", "    'consent_gate',\n    'privacy_dashboard',\n")
DASHBOARD_ADDRESSES = Step(
    URLS, _GATE_ADDRESSES, f"{_GATE_ADDRESSES}    path('privacy/', include('privacy_dashboard.urls')),\n"
)
LOGIN = Step(SETTINGS, "    'privacy_dashboard',\n]\n", "    'privacy_dashboard',\n]\nLOGIN_URL = 'admin:login'\n")
THE_DASHBOARD = (DASHBOARD_APP, DASHBOARD_ADDRESSES, LOGIN)
