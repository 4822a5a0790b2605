"""What went over the wire: which cookies the browser sent, and which the site sent that the browser did not keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from cookie_harness import JarCookie
from cookie_harness.jar import domain_matches
from cookie_harness.masking import masked
from cookie_harness.set_cookie import SetCookie, parse_set_cookie
from library_suite.explore.jar_changes import Jar

# Characters: a longer one tells a person nothing.
LONGEST_QUERY = 40


@dataclass(frozen=True)
class Exchange:
    """One request and the answer to it."""

    method: str
    url: str
    status: int
    cookie: str = ""
    """The request's `Cookie` header, "" for none."""
    set_cookie: tuple[str, ...] = ()
    """The answer's `Set-Cookie` lines."""
    is_page: bool = True
    """Whether a page was asked for, or a script asked: no picture, style sheet or the like."""


def exchange_line(exchange: Exchange, home: str) -> str | None:
    """The request in one line: "GET /about/ (200), sent visits, sessionid"; None for one that is not worth a line.

    `home` is an address of the site whose host need not be said each time.
    """
    if not (exchange.is_page or exchange.set_cookie):
        return None
    asked, at_home = urlsplit(exchange.url), urlsplit(home)
    host = "" if asked.netloc == at_home.netloc else f"{asked.scheme}://{asked.netloc}"
    query = f"?{asked.query}" if asked.query else ""
    where = f"{host}{asked.path}{query if len(query) <= LONGEST_QUERY else '?…'}"
    names = ", ".join(sorted(pair.partition("=")[0].strip() for pair in exchange.cookie.split(";") if pair.strip()))
    return f"{exchange.method} {where} ({exchange.status}), {f'sent {names}' if names else 'no cookie sent'}"


def refused_lines(exchanges: Iterable[Exchange], before: Jar, after: Jar, now: float) -> list[str]:
    """One line for each cookie that the site sent and the browser did not take, by the jar before and after."""
    last: dict[tuple[str, str], SetCookie] = {}
    for exchange in exchanges:
        host = urlsplit(exchange.url).hostname or ""
        for sent in map(parse_set_cookie, exchange.set_cookie):
            last[sent.name, host] = sent  # what is sent later takes the earlier one's place
    return [
        line
        for (name, host), sent in last.items()
        if not sent.deletes(now) and (line := _refusal(sent, _find(before, name, host), _find(after, name, host)))
    ]


def _refusal(sent: SetCookie, old: JarCookie | None, new: JarCookie | None) -> str:
    value = masked(sent.value)
    if new is None:
        return f"! {sent.name}={value} was sent by the site, but the browser kept nothing"
    if new == old and new.value != sent.value:
        return f"! {sent.name}={value} was sent by the site, but the browser kept its old one"
    return ""


def _find(jar: Jar, name: str, host: str) -> JarCookie | None:
    found = (cookie for cookie in jar if cookie.name == name and domain_matches(cookie.domain, host))
    return next(found, None)
