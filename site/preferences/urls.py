from django.urls import path

from preferences import views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/save/", views.save, name="preferences-save"),
]
