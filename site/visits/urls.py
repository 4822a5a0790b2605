from django.urls import path

from visits import views

urlpatterns = [
    path("about/", views.about, name="about"),
    path("cookie-check/", views.check, name="cookie-check"),
    path("cookie-check/start/", views.start_check, name="cookie-check-start"),
    path("cookie-check/result/", views.check_result, name="cookie-check-result"),
]
