"""A made-up site for the gate's tests: its declarations, its addresses, and what its visitors answered."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import BytesIO
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template import RequestContext, Template
from django.urls import path
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import csrf_exempt

from consent_gate.cookies import CHOICE, CSRF, MESSAGES, SESSION
from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.choice_cookie import cookie_value
from consent_gate.declarations.declaration import CookieDeclaration, Registry, SessionKeyDeclaration
from consent_gate.declarations.fingerprints import Fingerprints, fingerprints_of
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.consent import consent_of
from consent_gate.headers.origin import from_this_site_only

RECEIPT = "0123456789abcdef0123456789abcdef"

COUNTER = CookieDeclaration(
    name="counter", purpose=Purpose.STATISTICS, reason="Counts.", lifetime=timedelta(days=1), secure=False
)
COLOUR = CookieDeclaration(name="colour_*", purpose=Purpose.PREFERENCES, reason="Colours.", secure=False)
TOUR = CookieDeclaration(name="tour", purpose=Purpose.NECESSARY, reason="Steps.", ground="Asked for.", secure=False)
COUNT_KEY = SessionKeyDeclaration(name="count", purpose=Purpose.STATISTICS, reason="Counts.")
BASKET_KEY = SessionKeyDeclaration(name="basket", purpose=Purpose.NECESSARY, reason="Basket.", ground="Asked for.")
USED_KEY = SessionKeyDeclaration(
    name="used", purpose=Purpose.NECESSARY, reason="When.", ground="Security.", auxiliary=True
)


def made_up_registry() -> Registry:
    made_up = Registry()
    for cookie in (CHOICE, SESSION, CSRF, MESSAGES, COUNTER, COLOUR, TOUR):
        made_up.declare(cookie)
    for key in (COUNT_KEY, BASKET_KEY, USED_KEY):
        made_up.declare(key)
    return made_up


FINGERPRINTS: Fingerprints = fingerprints_of(made_up_registry())


def choice(*granted: Purpose, made_at: datetime | None = None, fingerprints: Fingerprints = FINGERPRINTS) -> Choice:
    """An answer to everything: yes to `granted` and no to the rest."""
    moment = (made_at or datetime.now(UTC)).replace(microsecond=0)
    answers = {purpose: Answer(purpose in granted, print_, moment) for purpose, print_ in fingerprints.items()}
    return Choice(moment, RECEIPT, answers)


NO_CHOICE: dict[str, str] = {}
REFUSED = {CHOICE.name: cookie_value(choice())}
STATISTICS = {CHOICE.name: cookie_value(choice(Purpose.STATISTICS))}
EVERYTHING = {CHOICE.name: cookie_value(choice(*FINGERPRINTS))}


class UsesNoSession(MiddlewareMixin):
    """A middleware that may stand between the two gates."""

    uses_no_session = True


KINDS: dict[str, Callable[[], HttpResponseBase]] = {
    "plain": lambda: HttpResponse("plain"),
    "empty": lambda: HttpResponse(status=204),
    "json": lambda: JsonResponse({}),
    "streaming": lambda: StreamingHttpResponse([b"streaming"]),
    "file": lambda: FileResponse(BytesIO(b"file")),
    "redirect": lambda: HttpResponseRedirect("/ok/"),
    "status-404": lambda: HttpResponse(status=404),
    "status-403": lambda: HttpResponse(status=403),
    "status-500": lambda: HttpResponse(status=500),
}
RAISED: dict[str, Exception] = {
    "raised-404": Http404(),
    "raised-403": PermissionDenied(),
    "raised-500": RuntimeError("a defect in a view"),
}


def with_cookies(response: HttpResponseBase) -> HttpResponseBase:
    """Set one cookie of each sort, and one past Django."""
    COUNTER.send(response, "1")
    response.set_cookie("colour_page", "red", httponly=True, samesite="Lax")
    response.set_cookie("stranger", "1")
    response.headers["Set-Cookie"] = "raw=1; Path=/"
    return response


def answers(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind in RAISED:
        raise RAISED[kind]
    return with_cookies(KINDS[kind]())


async def answers_later(request: HttpRequest, kind: str) -> HttpResponseBase:
    return answers(request, kind)


def answers_an_error(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return cast(HttpResponse, with_cookies(HttpResponse("error", status=500 if exception is None else 404)))


def refuses(request: HttpRequest, reason: str) -> HttpResponse:
    return HttpResponse(reason, status=403)


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def page(request: HttpRequest) -> HttpResponse:
    """A page that looks at the decision, as one with a banner does."""
    return HttpResponse(f"asks about {consent_of(request).decision.asks_about}")


def sees(request: HttpRequest) -> HttpResponse:
    """What a view can read."""
    return JsonResponse({"cookies": dict(request.COOKIES), "session": dict(request.session.items())})


@csrf_exempt
def keeps(request: HttpRequest) -> HttpResponse:
    """Keep what the address says in the session."""
    for key, value in request.GET.items():
        request.session[key] = value
    return HttpResponse(status=204)


@csrf_exempt
def keeps_and_saves(request: HttpRequest) -> HttpResponse:
    keeps(request)
    request.session.save()
    return HttpResponse(json.dumps(dict(request.session.items())))


@csrf_exempt
def keeps_and_reads(request: HttpRequest) -> HttpResponse:
    keeps(request)
    return HttpResponse(json.dumps(dict(request.session.items())))


@csrf_exempt
def renews(request: HttpRequest) -> HttpResponse:
    """Give the session another key, as signing in does."""
    keeps(request)
    request.session.cycle_key()
    return HttpResponse(get_token(request))


@csrf_exempt
def swaps(request: HttpRequest) -> HttpResponse:
    """Put a session of the stock store into the request's place."""
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    if "saved" in request.GET:
        request.session.save()
    return renews(request) if "renewed" in request.GET else keeps(request)


@csrf_exempt
def flashes(request: HttpRequest) -> HttpResponse:
    messages.info(request, "You are signed out.")
    return HttpResponseRedirect("/messages/")


def shows_messages(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(str(message) for message in messages.get_messages(request)))


@csrf_exempt
def grants_late(request: HttpRequest) -> HttpResponseBase:
    """Set cookies and session keys, read these back, then take a yes to everything."""
    keeps(request)
    response = with_cookies(HttpResponse(json.dumps(dict(request.session.items()))))
    del response.headers["Set-Cookie"], response.cookies["stranger"]
    consent_of(request).decide_anew(choice(*FINGERPRINTS))
    return response


@csrf_exempt
def withdraws_late(request: HttpRequest) -> HttpResponseBase:
    """Set cookies and session keys, then take a no to everything."""
    response = with_cookies(HttpResponse())
    del response.headers["Set-Cookie"], response.cookies["stranger"]
    request.session["count"] = 2
    consent_of(request).decide_anew(choice())
    return response


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def page_with_form(request: HttpRequest) -> HttpResponse:
    """A form as the pages of this site write it."""
    template = "{% if needs_token %}{% csrf_token %}{% endif %}"
    return HttpResponse(Template(template).render(RequestContext(request)))


def tutorial_form(request: HttpRequest) -> HttpResponse:
    """A form as Django's tutorial writes it, and what it leads to."""
    if request.method == "POST":
        return HttpResponse("taken")
    return HttpResponse(Template("<form method=post>{% csrf_token %}</form>").render(RequestContext(request)))


@csrf_exempt
def raw(request: HttpRequest) -> HttpResponse:
    """A view that reads the body itself, as one for a machine's signed message does."""
    return HttpResponse(request.body)


def form_and_session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request) + "".join(request.session.keys()))


def form_and_count(request: HttpRequest) -> HttpResponse:
    request.session["count"] = 1
    return form(request)


@csrf_exempt
def deletes(request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.delete_cookie("stranger")
    response.delete_cookie("counter")
    response.headers["Set-Cookie"] = "other=; Max-Age=0"
    return response


@from_this_site_only
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [
    path("answers/<kind>/", answers),
    path("answers-later/<kind>/", answers_later),
    path("ok/", ok),
    path("page/", page),
    path("sees/", sees),
    path("keeps/", keeps),
    path("keeps-and-saves/", keeps_and_saves),
    path("keeps-and-reads/", keeps_and_reads),
    path("renews/", renews),
    path("swaps/", swaps),
    path("flashes/", flashes),
    path("messages/", shows_messages),
    path("grants-late/", grants_late),
    path("withdraws-late/", withdraws_late),
    path("form/", form),
    path("form-and-count/", form_and_count),
    path("form-and-session/", form_and_session),
    path("page-with-form/", page_with_form),
    path("tutorial-form/", tutorial_form),
    path("raw/", raw),
    path("deletes/", deletes),
    path("guarded/", guarded),
]
handler403 = handler404 = answers_an_error
handler500 = answers_an_error
