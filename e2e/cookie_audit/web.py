"""Asks for one small document over HTTP, beside the browsers."""

import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

_PATIENCE = 20
_MOST_BYTES = 1_000_000


class Unanswered(OSError):
    """The document did not come; the message is the reason. `status` is that of the answer, None where none came."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


def fetch(url: str) -> bytes:
    """The document at an address, or its first megabyte; raises `Unanswered`.

    A name below `.localhost` is this machine, as browsers have it and not every resolver.
    """
    parts = urlsplit(url)
    headers = {"User-Agent": "cookie-audit"}
    if (parts.hostname or "").endswith(".localhost"):
        url = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl()
        headers["Host"] = parts.netloc
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=_PATIENCE) as answer:
            body: bytes = answer.read(_MOST_BYTES)
            return body
    except urllib.error.HTTPError as error:
        raise Unanswered(str(error), error.code) from error
    except (OSError, HTTPException, ValueError) as error:
        raise Unanswered(str(error)) from error
