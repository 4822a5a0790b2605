from django.urls import path

from workbench import views

app_name = "workbench"

urlpatterns = [
    path("", views.workbench, name="page"),
    path("act/", views.act, name="act"),
]
