"""The dashboard's addresses. All of them are one visitor's own: none may be kept by a cache."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
