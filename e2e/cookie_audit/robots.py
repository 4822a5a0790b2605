"""Keeps to `robots.txt` (RFC 9309) on hosts that are not this machine."""

from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from cookie_audit.limits import is_this_machine
from cookie_audit.web import Unanswered, fetch

AGENT = "cookie-audit"
# Seconds: no audit waits longer between two pages, whatever the file asks for.
_LONGEST_DELAY = 10.0


class Robots:
    """What a site asks robots to leave alone."""

    def __init__(self, lines: list[str] | None = None) -> None:
        """`lines` of the file; None where nothing is asked for."""
        self._parser: RobotFileParser | None = None
        if lines is not None:
            self._parser = RobotFileParser()
            self._parser.parse(lines)

    def allow(self, url: str) -> bool:
        """Whether an address may be opened."""
        return self._parser is None or self._parser.can_fetch(AGENT, url)

    def delay(self, wanted: float) -> float:
        """Seconds between two pages: those that are wanted, or more if the file asks for more."""
        asked = self._parser.crawl_delay(AGENT) if self._parser else None
        return max(wanted, min(float(asked or 0), _LONGEST_DELAY))


def robots_of(url: str) -> Robots:
    """Read the file of the site at an address; a site without one, and this machine, ask for nothing."""
    if is_this_machine(urlsplit(url).hostname or ""):
        return Robots()
    try:
        return Robots(fetch(urljoin(url, "/robots.txt")).decode(errors="replace").splitlines())
    except Unanswered:
        return Robots()
