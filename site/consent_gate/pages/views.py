"""The cookies page, the answer to the banner, and what tools may read: declarations, receipt, the word on GPC."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consent_gate.conf import configuration
from consent_gate.cookies import CHOICE
from consent_gate.decision.answers import answers_from, asked_in, new_choice
from consent_gate.decision.choice import Answer
from consent_gate.decision.choice_cookie import cookie_value
from consent_gate.declarations.declaration import Declaration, registry
from consent_gate.declarations.description import described
from consent_gate.declarations.purposes import PURPOSES, Purpose
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.gate.erasure import withdraw
from consent_gate.headers.origin import from_this_site_only
from consent_gate.pages.addresses import own_page
from consent_gate.pages.banner import AnswerOutcome, banner, with_outcome
from consent_gate.pages.outages import do_without_session, go_on_without_session, rendered
from consent_gate.pages.outlines import outlines
from consent_gate.receipts import receipts
from consent_gate.receipts.receipts import Place

logger = logging.getLogger(__name__)


@require_safe
def cookies_page(request: HttpRequest) -> HttpResponse:
    """Every declaration with a yes or no for each purpose, and what the visitor has decided so far.

    From what the browser brings alone: whether the receipt is still kept, its own address says.
    """
    consent = consent_of(request)
    return rendered(
        request,
        "consent_gate/cookies.html",
        {
            "state": consent.decision.state.value,
            "choice": consent.choice,
            "purposes": list(purposes(consent, datetime.now(UTC))),
            "next_page": own_page(request.GET.get("next"), reverse("consent:cookies")),
        },
    )


class PurposeShape(NamedTuple):
    """What decides how one purpose's part of the cookies page looks.

    `answer` is the one that still counts, as "yes" or "no"; "" for none. With each declaration comes the day on which
    it would end if it were stored now, or None.
    """

    purpose: Purpose
    answer: str
    declarations: tuple[tuple[Declaration, date | None], ...]


def purposes(consent: Consent, now: datetime) -> Iterator[SafeString]:
    """The cookies page's part for each purpose that anything is declared for."""
    outline = outlines()
    last_days = {
        lifetime: localdate(now + lifetime) if lifetime else None for lifetime in {each.lifetime for each in registry}
    }
    for purpose in PURPOSES:
        if declared := registry.of(purpose):
            answer = _answer_that_counts(purpose, consent)
            word = ("yes" if answer.granted else "no") if answer else ""
            shape = PurposeShape(purpose, word, tuple((each, last_days[each.lifetime]) for each in declared))
            yield outline("consent_gate/_purpose.html", shape).filled(
                given=_day(answer.given_at) if answer else "", lapses=_day(answer.lapses_at) if answer else ""
            )


def _answer_that_counts(purpose: Purpose, consent: Consent) -> Answer | None:
    if consent.choice is None or purpose in consent.decision.changed:
        return None
    return consent.choice.answers.get(purpose)


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


@require_POST
@from_this_site_only
def choose(request: HttpRequest) -> HttpResponse:
    """Take a visitor's answer: note it in their browser, and erase at once what a withdrawn yes had allowed.

    The receipt is written by the next page, which sees whether the browser kept the answer: of somebody who blocks
    cookies the server keeps nothing.
    """
    consent = consent_of(request)
    do_without_session(request)
    place = _place(request.POST.get("place"), consent)
    asked = asked_in(request.POST, consent.fingerprints)
    choice = new_choice(
        answers_from(request.POST, asked), consent.choice, fingerprints=consent.fingerprints, now=datetime.now(UTC)
    )
    withdrawn = consent.decide_anew(choice)
    next_page = own_page(request.POST.get("next"), reverse("consent:cookies"))
    token = receipts.propose(choice, asked, place, get_language() or settings.LANGUAGE_CODE, gpc=consent.gpc)
    query = {"receipt": token, "next": next_page} | ({"fragment": "1"} if "fragment" in request.POST else {})
    response = HttpResponseRedirect(f"{reverse('consent:kept')}?{urlencode(query)}")
    if withdrawn:
        withdraw(request, response, withdrawn, next_page)
    CHOICE.send(response, cookie_value(choice))
    return response


def _place(posted: str | None, consent: Consent) -> Place:
    """Where the answer was given; in spite of GPC only where the browser sends it."""
    if posted == Place.GPC and consent.gpc:
        return Place.GPC
    return Place.BANNER if posted == Place.BANNER else Place.PAGE


@never_cache
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """See whether the answer came back; write its receipt if so; and go on to the page that the visitor was on.

    While the database is away a refusal counts without a receipt, and the cookies page says so, which needs none. What
    was allowed is taken back, and an error page says that it was not taken in: a yes has to be shown.
    """
    consent = consent_of(request)
    do_without_session(request)
    next_page = own_page(request.GET.get("next"), reverse("consent:cookies"))
    outcome = AnswerOutcome.KEPT if consent.choice else AnswerOutcome.LOST
    if consent.choice:
        try:
            receipts.keep(request.GET.get("receipt", ""), consent.choice)
        except Error as error:
            if consent.take_back_the_last_yes():
                raise
            logger.error("A refusal counts without a receipt: %s", type(error).__name__)  # noqa: TRY400 -- an outage
            go_on_without_session(request, error)
            next_page, outcome = reverse("consent:cookies"), AnswerOutcome.KEPT_WITHOUT_RECEIPT
    if "fragment" in request.GET:
        return rendered(request, "consent_gate/_banner.html", {"banner": banner(consent, outcome, next_page)})
    return HttpResponseRedirect(with_outcome(next_page, outcome))


@never_cache
@require_safe
def banner_fragment(request: HttpRequest) -> HttpResponse:
    """The banner alone, for a page that a browser brought back from its memory."""
    next_page = own_page(request.GET.get("next"), reverse("consent:cookies"))
    return rendered(request, "consent_gate/_banner.html", {"banner": banner(consent_of(request), None, next_page)})


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The signed receipt of the choice that the browser holds, to keep."""
    choice = consent_of(request).choice
    found = receipts.find(choice) if choice else None
    if found is None:
        return render(request, "consent_gate/no_receipt.html", {"choice": choice}, status=HTTPStatus.NOT_FOUND)
    response = JsonResponse(receipts.export(found), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="cookie-receipt-{found.pk}.json"'
    return response


@require_safe
def declarations(request: HttpRequest) -> HttpResponse:
    """Everything that is declared, for tools."""
    consent = consent_of(request)
    # Its texts are in the language that a cookie may name, which counts only if the visitor allows it.
    consent.was_asked = True
    document = {
        "version": 1,
        "purposes": [
            {
                "purpose": purpose,
                "label": str(purpose.label),
                "summary": str(purpose.summary),
                "fingerprint": consent.fingerprints.get(purpose),
            }
            for purpose in PURPOSES
            if registry.of(purpose)
        ],
        "cookies": [described(each) for each in registry.cookies],
        "session_keys": [described(each) for each in registry.session_keys],
    }
    return JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})


@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    """Say that this site honours Global Privacy Control (w3.org/TR/gpc, section 4)."""
    reviewed = configuration().gpc_reviewed
    return JsonResponse({"gpc": True} | ({"lastUpdate": reviewed.isoformat()} if reviewed else {}))
