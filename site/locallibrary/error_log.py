"""What the server writes of its errors: enough to find them, and nothing that a visitor sent.

So neither addresses nor cookies, form values or queries are written down, and no exception's message: a `KeyError` says
the key, `int()` what it was given, a database the row. Class and stack tell where it broke; the number on the visitor's
page tells which of several it was.
"""

import copy
import logging
import secrets
import traceback
from collections.abc import Iterator

from django.http import HttpRequest

from locallibrary.outages import is_outage, origin_of

LINE = "%(asctime)s [%(process)d] [%(levelname)s] %(message)s"
_ANSWERED_WELL_ENOUGH = 499


def error_id(request: HttpRequest) -> str:
    """The number of the error that this request met: eight hexadecimal digits, made when first asked for."""
    if not hasattr(request, "error_id"):
        request.error_id = secrets.token_hex(4)  # type: ignore[attr-defined]
    return str(request.error_id)  # type: ignore[attr-defined]


class ErrorFormatter(logging.Formatter):
    """Writes a line for each record, and a stack for each exception, without what came with a request."""

    def format(self, record: logging.LogRecord) -> str:
        """Say it anew: what is handed to the handlers beside this one stays as it is."""
        said = copy.copy(record)
        said.exc_info, said.exc_text, said.stack_info = None, None, None
        said.msg, said.args = _happened(record), None
        lines = [super().format(said)]
        error = record.exc_info[1] if record.exc_info else None
        if error and is_outage(error):  # no line of the site's own is to blame, and there is one for each request
            lines[0] += f": {_name(origin_of(error))}"
        elif error and getattr(record, "status_code", 500) > _ANSWERED_WELL_ENOUGH:
            lines.extend(line.rstrip("\n") for line in trace(error))
        return "\n".join(lines)


def _happened(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        # Django's own words here are an address or a value (django.utils.log.log_response).
        status = getattr(record, "status_code", 500)
        number = f", error {error_id(request)}" if status > _ANSWERED_WELL_ENOUGH else ""
        route = f", at /{request.resolver_match.route}" if request.resolver_match else ""
        return f"{record.name}: answered {status}{route}{number}"
    if record.exc_info:
        # What is filled in may be a value, and what stands in the place of the text an exception.
        return record.msg if isinstance(record.msg, str) else f"{record.name}: an error"
    return record.getMessage()


def trace(error: BaseException) -> Iterator[str]:
    """The stack of an exception, after those of the exceptions that led to it; of each the class and no message."""
    chain = [error]
    while (earlier := _led_to(chain[-1])) and earlier not in chain:
        chain.append(earlier)
    for each in reversed(chain):
        yield "Traceback (most recent call last):"
        yield from traceback.format_tb(each.__traceback__)
        yield _name(each)


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _led_to(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)
