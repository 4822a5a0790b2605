"""What went over the wire: which cookies the browser sent, and which the site sent that the browser did not keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from cookie_harness import JarCookie
from library_suite.explore.jar_changes import Jar
from library_suite.explore.values import shown

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


@dataclass(frozen=True)
class SentCookie:
    """One `Set-Cookie` line, as far as it matters here."""

    name: str
    value: str
    deletes: bool
    """Whether it takes the cookie away, by an end that has passed."""


def parse_set_cookie(line: str, now: float) -> SentCookie:
    """Read a `Set-Cookie` line as RFC 6265 has browsers do it; `now` is in seconds since the epoch."""
    pair, *parts = line.split(";")
    name, _, value = pair.partition("=")
    attributes = {}
    for part in parts:
        attribute, _, argument = part.partition("=")
        attributes[attribute.strip().lower()] = argument.strip()
    return SentCookie(name.strip(), value.strip(), _has_ended(attributes, now))


def _has_ended(attributes: dict[str, str], now: float) -> bool:
    try:
        if "max-age" in attributes:  # it outranks the other
            return int(attributes["max-age"]) <= 0
        return "expires" in attributes and parsedate_to_datetime(attributes["expires"]).timestamp() <= now
    except ValueError:  # browsers leave out what they can't read
        return False


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
    last: dict[tuple[str, str], SentCookie] = {}
    for exchange in exchanges:
        host = urlsplit(exchange.url).hostname or ""
        for sent in (parse_set_cookie(line, now) for line in exchange.set_cookie):
            last[sent.name, host] = sent  # what is sent later takes the earlier one's place
    return [
        line
        for (name, host), sent in last.items()
        if not sent.deletes and (line := _refusal(sent, _find(before, name, host), _find(after, name, host)))
    ]


def _refusal(sent: SentCookie, old: JarCookie | None, new: JarCookie | None) -> str:
    value = shown(sent.name, sent.value)
    if new is None:
        return f"! {sent.name}={value} was sent by the site, but the browser kept nothing"
    if new == old and new.value != sent.value:
        return f"! {sent.name}={value} was sent by the site, but the browser kept its old one"
    return ""


def _find(jar: Jar, name: str, host: str) -> JarCookie | None:
    found = (cookie for cookie in jar if cookie.name == name and _belongs(cookie.domain, host))
    return next(found, None)


def _belongs(domain: str, host: str) -> bool:
    return host == domain.lstrip(".") or host.endswith("." + domain.lstrip("."))
