"""On the way out: judge every cookie that a response would send, by the decision as it stands then."""

import logging
import time
from copy import deepcopy

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from consent_gate.conf import configuration
from consent_gate.cookies import CHOICE
from consent_gate.decision.choice_cookie import cookie_value
from consent_gate.declarations.declaration import CookieDeclaration, registry
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.gate.expiry import expire
from consent_gate.gate.judgement import Undeclared
from consent_gate.gate.responses import HEADER, carry_out, judge_response, set_cookie_lines
from consent_gate.signals import response_released

logger = logging.getLogger("consent_gate.gate")


def release(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let through what may leave, mend what was sent otherwise than declared, and delete what may not stay.

    Sends `consent_gate.signals.response_released`. Raises `judgement.Undeclared` in strict mode, for a defect,
    as is a receiver that sets a cookie.
    """
    try:
        _hold_to_the_declarations(request, response)
    except Undeclared:
        response_released.send_robust(sender=type(None), request=request, response=None)
        raise
    if response_released.has_listeners(type(response)):
        _tell(request, response)
    return response


def _tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell whoever listens. A cookie that they set or change does not leave: nobody has judged it."""
    judged, header, cookies = set_cookie_lines(response), response.headers.get(HEADER), deepcopy(response.cookies)
    response_released.send_robust(sender=type(response), request=request, response=response)
    changed = set(set_cookie_lines(response)).symmetric_difference(judged)
    if not changed:
        return
    response.cookies = cookies
    if header is None:
        response.headers.pop(HEADER, None)
    else:
        response.headers[HEADER] = header
    names = ", ".join(sorted({line.partition("=")[0] for line in changed}))
    problem = f"A receiver of response_released changed cookies of a response that was judged already: {names}"
    if configuration().strict:
        raise Undeclared(f"{problem}. Set them in a view or in a middleware inside the gate.")
    logger.warning("%s. They were stopped.", problem)


def _hold_to_the_declarations(request: HttpRequest, response: HttpResponseBase) -> None:
    consent = consent_of(request)
    if consent.choice_was_taken_back:
        _send_choice(response, consent)
    # Caches have to tell visitors apart: what is left of these cookies, and what is deleted, depends on the decision.
    varies = consent.was_asked or _sends_cookies(response) or bool(consent.expiring)
    _judge(response, consent)
    _expire_hidden(request, response, consent)
    if varies:
        _vary_by_the_decision(response)
    if _sends_cookies(response):
        # `Set-Cookie` alone keeps no shared cache from storing a response (RFC 9111, section 7.3), and `Vary` does not
        # help where the next request comes with the same cookies: it would be given the first one's session.
        _keep_private(response)


def _send_choice(response: HttpResponseBase, consent: Consent) -> None:
    """Have the browser keep the choice as it is by now, on a page that says what went wrong."""
    if consent.choice:
        CHOICE.send(response, cookie_value(consent.choice))
    else:
        CHOICE.delete(response)


# Django's two functions take a header apart also where there is none, which each response would pay for.
def _vary_by_the_decision(response: HttpResponseBase) -> None:
    if "Vary" in response.headers:
        patch_vary_headers(response, ("Cookie", "Sec-GPC"))
    else:
        response.headers["Vary"] = "Cookie, Sec-GPC"


def _keep_private(response: HttpResponseBase) -> None:
    if "Cache-Control" in response.headers:
        patch_cache_control(response, private=True)
    else:
        response.headers["Cache-Control"] = "private"


def _judge(response: HttpResponseBase, consent: Consent) -> None:
    """Judge all that a response would send, and carry the verdicts out."""
    if _sends_cookies(response):
        judged = judge_response(response, registry, consent.context, time.time())
        carry_out(judged, response, registry)
        consent.note(each.verdict for each in judged)


def _sends_cookies(response: HttpResponseBase) -> bool:
    return bool(response.cookies) or HEADER in response.headers


def _expire_hidden(request: HttpRequest, response: HttpResponseBase, consent: Consent) -> None:
    """Delete the cookies that came without being allowed, unless they were allowed in the meantime."""
    if not consent.expiring:
        return
    granted = consent.context.decision.granted
    unwanted: list[CookieDeclaration | str] = []
    for name in consent.expiring:
        declared = registry.cookies.find(name)
        if declared and declared.purpose not in granted:
            unwanted.append(name if declared.is_pattern else declared)
    expire(response, unwanted, addresses=(request.path,), host=request.META.get("HTTP_HOST", ""))
