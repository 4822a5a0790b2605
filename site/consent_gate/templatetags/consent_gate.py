"""The banner, and how templates speak of declarations."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.safestring import SafeString

from consent_gate.declarations.declaration import CookieDeclaration, Declaration
from consent_gate.declarations.lifetimes import lifetime_text
from consent_gate.declarations.purposes import Purpose
from consent_gate.pages.banner import banner_for
from consent_gate.pages.outlines import kept_part
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
def is_cookie(declaration: Declaration) -> bool:
    """Whether it lies in the browser."""
    return isinstance(declaration, CookieDeclaration)


class KeptNode(Node):
    """The part of a template between `{% kept %}` and `{% endkept %}`."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """What is kept, or else the part, made without anything that the page knows."""

        def render() -> SafeString:
            nothing = template.Context()
            nothing.template = context.template  # where `{% include %}` finds others
            return self.nodelist.render(nothing)

        return kept_part(self, render)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept %}…{% endkept %}`: what is the same for everybody, rendered once in each language."""
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist)
