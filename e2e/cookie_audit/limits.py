"""How much an audit may take: pages, time and bytes; and how long it waits between two requests of a stranger."""

import ipaddress
import time
from dataclasses import dataclass, field

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """`pages` for each state; `seconds` and `megabytes` for all visits of one browser.

    `delay` in seconds; `page_seconds` until a page that does not end loading is left as it is.
    """

    pages: int = 30
    seconds: float = 900
    megabytes: int = 200
    delay: float = 1.0
    page_seconds: float = 20


@dataclass
class Budget:
    """What is left of the limits of one browser."""

    limits: Limits
    began: float = field(default_factory=time.monotonic)
    received: int = 0
    """Bytes of bodies."""

    @property
    def page_patience(self) -> float:
        """Milliseconds until a page is left as it is."""
        return 1000 * self.limits.page_seconds

    def spent(self) -> str:
        """Which limit was reached, as a sentence; "" for none."""
        if time.monotonic() - self.began > self.limits.seconds:
            return f"the time is over: {self.limits.seconds:g} seconds (--seconds)"
        if self.received > self.limits.megabytes * MEGABYTE:
            return f"more than {self.limits.megabytes} MB were received (--megabytes)"
        return ""


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by its name or address, where nobody has to be spared."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
