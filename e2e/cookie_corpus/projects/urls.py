"""The addresses of every project: the site's pages, the consent manager's own, and the files of its package."""

from django.apps import apps
from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path
from django.views.generic import TemplateView

# As the corpus's server names them.
PAGES = {"": "home.html", "shop": "shop.html", "about": "about.html"}
_MANAGERS = {
    "cookie_consent": ("cookies/", "cookie_consent.urls"),
    "wagtail_tag_manager": ("wtm/", "wagtail_tag_manager.urls"),
}

urlpatterns = [
    *(path(address, TemplateView.as_view(template_name=file)) for address, file in PAGES.items()),
    *(path(prefix, include(urls)) for app, (prefix, urls) in _MANAGERS.items() if apps.is_installed(app)),
    re_path("^static/(?P<path>.*)$", serve, {"insecure": True}),
]
