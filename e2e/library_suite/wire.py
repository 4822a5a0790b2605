"""The site on the wire, without a browser."""

from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

# Seconds until an answer that does not come is given up.
PATIENCE = 20


def connection_to(address: str) -> HTTPConnection:
    """A connection to the site at an address, encrypted if that says so; nothing is sent yet."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=PATIENCE)
