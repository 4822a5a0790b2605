"""Pages on which cookies can be refused while the database, and with it perhaps the session, is away."""

from collections.abc import Mapping
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consent_gate.gate.sessions import session_of


def do_without_session(request: HttpRequest) -> None:
    """Let this answer leave also where the session can't be saved after it."""
    session = session_of(request)
    if session is not None:
        session.dispensable = True


def rendered(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render a page; where the database is away as for somebody without a session, whose page asks it nothing."""
    do_without_session(request)
    try:
        return render(request, template, context)
    except Error as error:
        go_on_without_session(request, error)
        return render(request, template, context)


def go_on_without_session(request: HttpRequest, error: Error) -> None:
    """Leave the session and its visitor aside: nobody is to wait for a database once more that is known to be away."""
    session = session_of(request)
    if session is not None:
        session.give_up(error)
