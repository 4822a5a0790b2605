"""Takes requests in: what this site can't read is a bad request, said by its own page, inside gate and policy."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest
from django.utils.http import parse_header_parameters

UTF_8 = frozenset({"utf-8", "utf8"})
"""How a charset may be named: pages and forms here are in no other (encoding.spec.whatwg.org, its first advice)."""


class Request(WSGIRequest):
    """A request whose query and forms are in UTF-8, whatever it says."""

    is_readable = True

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """Take the content type apart, without Django's next step.

        Django looks the charset up among all of Python's codecs and decodes the query by it, outside all middleware: a
        codec that fails (`hex`, `undefined`) is an answer without gate and policy, others make text that can't be
        written again (`unicode_escape`), and Python remembers each name that it ever looked up.
        """
        self.content_type, self.content_params = "", {}
        content_type = meta.get("CONTENT_TYPE", "")
        # RFC 2231 has a charset for each parameter, and for those of a form's parts: no browser sends either, and
        # nothing here takes files.
        if "*" in content_type or content_type.lower().lstrip().startswith("multipart/"):
            self.is_readable = False
            return
        self.content_type, self.content_params = parse_header_parameters(content_type)
        self.is_readable = self.content_params.get("charset", "utf-8").lower() in UTF_8


class Handler(WSGIHandler):
    """In the place of Django's handler for WSGI servers."""

    request_class = Request

    def resolve_request(self, request: HttpRequest) -> Any:
        """Look for the view, as Django does at the end of all middleware; raises BadRequest for what can't be read."""
        if isinstance(request, Request) and not request.is_readable:
            raise BadRequest("a form with files, or another charset than UTF-8")
        return super().resolve_request(request)
