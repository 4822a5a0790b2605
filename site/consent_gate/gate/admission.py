"""On the way in: work out the visitor's decision, and hide the cookies that views may not read."""

from datetime import UTC, datetime

from django.http import HttpRequest

from consent_gate.cookies import CHOICE
from consent_gate.decision.choice_cookie import choice_among
from consent_gate.declarations.declaration import registry
from consent_gate.declarations.fingerprints import current_fingerprints
from consent_gate.gate.consent import Consent
from consent_gate.headers.same_site import SAFE_METHODS
from consent_gate.headers.sent_cookies import given_to_the_site, is_plain


def admit(request: HttpRequest) -> None:
    """Work out the visitor's decision, and hide the cookies that views may not read."""
    header: str = request.META.get("HTTP_COOKIE", "")
    kept_back: tuple[str, ...] = ()
    if not is_plain(header):
        request.COOKIES, kept_back = given_to_the_site(header)
    cookies = request.COOKIES
    consent = Consent(
        choice_among(header, CHOICE.name, cookies.get(CHOICE.name), datetime.now(UTC)),
        gpc=request.META.get("HTTP_SEC_GPC") == "1",
        fingerprints=current_fingerprints(),
    )
    consent.safe_method = request.method in SAFE_METHODS
    consent.hidden = kept_back
    request.consent = consent  # type: ignore[attr-defined]
    if not cookies:
        return
    granted = consent.context.decision.granted
    hidden, expiring = [], []
    for name in cookies:
        declared = registry.cookies.find(name)
        if declared:
            consent.brought_a_declared_cookie = True
        if declared is None or declared.purpose not in granted:
            hidden.append(name)
            if declared:
                expiring.append(name)
    for name in hidden:
        del cookies[name]
    consent.hidden, consent.expiring = (*kept_back, *hidden), tuple(expiring)
