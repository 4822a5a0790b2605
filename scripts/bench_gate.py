"""What the consent gate costs each request, beside a middleware that does nothing; called by `scripts/bench gate`."""

import argparse
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import django

django.setup()

from django.http import HttpRequest, HttpResponse  # noqa: E402 -- what follows needs Django to be set up
from django.http.response import HttpResponseBase  # noqa: E402
from django.test import RequestFactory, override_settings  # noqa: E402

from consent_gate.api import (  # noqa: E402  # noqa: E402
    CHOICE,
    Answer,
    Choice,
    Purpose,
    cookie_value,
    current_fingerprints,
    registry,
)
from consent_gate.middleware import ConsentGateMiddleware  # noqa: E402

View = Callable[[HttpRequest], HttpResponse]
Middleware = Callable[[HttpRequest], object]

THREE = [cookie for cookie in registry.cookies if cookie.purpose is not Purpose.NECESSARY and not cookie.is_pattern][:3]


@dataclass(frozen=True)
class Case:
    """One kind of request, and what the view answers."""

    name: str
    view: View
    cookie: str


def choice_cookie(*, granted: bool) -> str:
    """The header of a browser whose visitor said yes, or no, to everything."""
    now = datetime.now(UTC)
    answers = {purpose: Answer(granted, print_, now) for purpose, print_ in current_fingerprints().items()}
    return f"{CHOICE.name}={cookie_value(Choice(now, uuid4().hex, answers))}"


def sets_nothing(request: HttpRequest) -> HttpResponse:
    """The trivial view."""
    return HttpResponse("plain")


def sets_three(request: HttpRequest) -> HttpResponse:
    """Set three declared cookies of optional purposes."""
    response = HttpResponse("plain")
    for cookie in THREE:
        cookie.send(response, "1")
    return response


def no_op(get_response: View) -> Middleware:
    """A middleware that does nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    return middleware


def microseconds(middleware: Middleware, cookie: str, requests: int) -> float:
    """One round: the mean time of a request through a middleware. Making the request is not counted."""
    headers = {"Cookie": cookie} if cookie else {}
    prepared = [RequestFactory().get("/", headers=headers) for _ in range(requests)]
    for request in prepared:
        request.COOKIES  # noqa: B018 -- Django's own parsing, which any site pays for
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    for request in prepared:
        middleware(request)
    spent = time.perf_counter() - start
    gc.enable()
    return spent / requests * 1_000_000


def main() -> None:
    """Measure all cases in interleaved rounds and print their medians."""
    parser = argparse.ArgumentParser(prog="scripts/bench gate", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--requests", type=int, default=200, help="in each round")
    arguments = parser.parse_args()
    cases = [
        Case("no cookie sent, sets nothing", sets_nothing, ""),
        Case("yes to everything, sets nothing", sets_nothing, choice_cookie(granted=True)),
        Case("yes to everything, sets three cookies", sets_three, choice_cookie(granted=True)),
        Case("no to everything, sets three cookies", sets_three, choice_cookie(granted=False)),
    ]
    pairs = [(case, no_op(case.view), ConsentGateMiddleware(case.view)) for case in cases]
    rounds: list[tuple[list[float], list[float]]] = [([], []) for _ in cases]
    for _ in range(arguments.rounds):
        for (case, plain, gate), (without, with_gate) in zip(pairs, rounds, strict=True):
            without.append(microseconds(plain, case.cookie, arguments.requests))
            with_gate.append(microseconds(gate, case.cookie, arguments.requests))
    print(f"Median of {arguments.rounds} interleaved rounds of {arguments.requests} requests, in µs")
    print(f"{'':40}{'no-op':>8}{'gate':>8}{'more':>8}{'ratio':>8}")
    for case, (without, with_gate) in zip(cases, rounds, strict=True):
        plain_time, gate_time = median(without), median(with_gate)
        print(
            f"{case.name:40}{plain_time:8.1f}{gate_time:8.1f}{gate_time - plain_time:8.1f}{gate_time / plain_time:8.2f}"
        )


if __name__ == "__main__":
    with override_settings(CONSENT_STRICT=False):
        main()
