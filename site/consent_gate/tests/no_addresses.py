"""The addresses of a project that has forgotten those of the gate."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
