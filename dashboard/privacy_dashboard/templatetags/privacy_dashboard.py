"""How the dashboard's templates word what it found."""

from django import template

from consent_gate.api import CookieDeclaration

register = template.Library()


@register.filter
def attributes(declaration: CookieDeclaration) -> str:
    """A cookie's declared attributes as a `Set-Cookie` line has them (RFC 6265bis, section 4.1.2)."""
    parts = [f"Path={declaration.path}", f"SameSite={declaration.same_site}"]
    if declaration.domain:
        parts.append(f"Domain={declaration.domain}")
    if declaration.lifetime is not None:
        parts.append(f"Max-Age={int(declaration.lifetime.total_seconds())}")
    parts += [name for name, is_set in (("HttpOnly", declaration.http_only), ("Secure", declaration.secure)) if is_set]
    return "; ".join(parts)
