"""The dashboard's addresses. All of them are one visitor's own: none may be kept by a cache."""

from django.conf import settings
from django.urls import path

from privacy_dashboard.views import erasing, exporting, last_responses, overview, sessions, user

app_name = "privacy"

urlpatterns = [
    path("", overview.privacy, name="overview"),
    path("cookies/delete/", erasing.delete_cookies, name="delete-cookies"),
    path("session/erase/", erasing.erase_session_keys, name="erase-session-keys"),
    path("session/end/", erasing.end_session, name="end-session"),
    path("sessions/end/", sessions.end_user_session, name="end-user-session"),
    path("sessions/end-others/", sessions.end_other_user_sessions, name="end-other-user-sessions"),
    path("receipt/erase/", erasing.erase_receipt, name="erase-receipt"),
    path("erase/", erasing.erase_everything, name="erase-everything"),
    path("export/", exporting.export, name="export"),
    path("account/delete/", user.delete_user, name="delete-user"),
]

if settings.DEBUG:
    urlpatterns.append(path("responses/", last_responses.responses, name="last-responses"))
