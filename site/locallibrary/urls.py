"""The site's addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from locallibrary import views
from locallibrary.health import healthz

urlpatterns = [
    path("", include("catalog.urls")),
    path("", include("visits.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("consent_gate.urls")),
    path("", include("preferences.urls")),
    path("privacy/", include("privacy_dashboard.urls")),
    path("privacy/workbench/", include("workbench.urls")),
    # One sign-in page for all: the administration's own would set a cookie before anybody agreed to it.
    path("admin/login/", views.administration_sign_in),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
]

handler400 = "locallibrary.views.bad_request"
handler403 = "locallibrary.views.permission_denied"
handler404 = "locallibrary.views.page_not_found"
handler500 = "locallibrary.views.server_error"

if "debug_toolbar" in settings.INSTALLED_APPS:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
