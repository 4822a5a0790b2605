"""Finding what the site's apps declare: each in its module `cookies.py`, as Django's admin finds `admin.py`."""

from dataclasses import fields
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from consent_gate.declarations.declaration import CookieDeclaration, SessionKeyDeclaration


def discover() -> None:
    """Import the `cookies.py` of every app.

    Raises ImproperlyConfigured for a declaration that can't be one, with the module and what to write. Other errors of
    a module are its own, and stay what they are.
    """
    for app in apps.get_app_configs():
        if app.module and module_has_submodule(app.module, "cookies"):
            try:
                import_module(f"{app.name}.cookies")
            except (TypeError, ValueError) as error:
                raise ImproperlyConfigured(
                    f"The cookies.py of the app {app.name!r} can't be used. {_sentence(error)}"
                ) from error


def _sentence(error: Exception) -> str:
    """What an error says; with the fields of a declaration where Python itself refused to make one."""
    for declared in (CookieDeclaration, SessionKeyDeclaration):
        if str(error).startswith(f"{declared.__name__}.__init__()"):
            return f"{error}. It takes, each by its name: {', '.join(each.name for each in fields(declared))}."
    return str(error)
