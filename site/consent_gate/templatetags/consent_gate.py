"""The banner, and how templates speak of declarations."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from consent_gate.declarations.declaration import CookieDeclaration, Declaration
from consent_gate.declarations.lifetimes import lifetime_text
from consent_gate.declarations.purposes import Purpose
from consent_gate.pages.banner import banner_for
from consent_gate.receipts.banner_texts import BANNER

register = template.Library()


@register.inclusion_tag("consent_gate/_banner_place.html", takes_context=True)
def cookie_banner(context: template.Context, next_page: str = "") -> dict[str, Any]:
    """Where the banner stands: first in the body of every page. Nothing, on a page made without a request.

    `next_page`: where an answer leads, if not back to the page itself.
    """
    # A context made for a request has it, whether or not a context processor adds it too.
    request = getattr(context, "request", None) or context.get("request")
    banner = banner_for(request) if request else None
    return {"banner": replace(banner, next_page=next_page) if banner and next_page else banner}


@register.simple_tag
def banner_text(name: str, purposes: Iterable[Purpose] = ()) -> str:
    """One of the banner's texts, from the one place where receipts find them too; `purposes` are those it speaks of."""
    text = str(BANNER[name])
    return text % {"purposes": ", ".join(str(purpose.label) for purpose in purposes)} if purposes else text


@register.filter
def lives(declaration: Declaration) -> str:
    """How long it lives."""
    return str(lifetime_text(declaration))


@register.filter
def ends_at(declaration: Declaration) -> datetime | None:
    """When it would end if it were stored now, or None where no date can be given."""
    return timezone.now() + declaration.lifetime if declaration.lifetime else None


@register.filter
def is_cookie(declaration: Declaration) -> bool:
    """Whether it lies in the browser."""
    return isinstance(declaration, CookieDeclaration)
