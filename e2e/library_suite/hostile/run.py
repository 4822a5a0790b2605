"""Sends hostile requests to a running site, and says what it showed."""

from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from cookie_harness.set_cookie import parse_set_cookie
from library_suite.hostile.findings import Asked, Findings, slow_answers
from library_suite.hostile.memory import resident
from library_suite.hostile.requests import hostile_request
from library_suite.hostile.wire import WireAnswer, ask
from library_suite.site import LibrarySite

ENGINES = ("db", "cached_db", "cache", "file", "signed_cookies")
SAMPLES = 40
"""How often the memory is looked at."""
A_SESSIONS_LIFE = 100
"""Requests after which somebody new comes: some of them sign out, erase everything, or delete the account."""
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
PASSWORD = "correct horse battery"
Progress = Callable[[int], None]


def attack(
    site: LibrarySite, seed: int, numbers: range, engine: str = "db", progress: Progress = lambda _sent: None
) -> Findings:
    """Send the requests of these numbers, one after the other; `progress` hears how many were sent."""
    port = urlsplit(site.url).port or 80
    price = price_of_a_password(port)
    jar: tuple[bytes, ...] = ()
    asked: list[Asked] = []
    memory = [resident(site.process)]
    every = max(len(numbers) // SAMPLES, 1)
    for number in numbers:
        if len(asked) % A_SESSIONS_LIFE == 0:
            jar = jar_of_a_reader(port, f"reader-{seed}-{number}")
        request = hostile_request(seed, number, jar)
        asked.append(Asked(request, ask(port, request.sent)))
        if len(asked) % every == 0:
            memory.append(resident(site.process))
            progress(len(asked))
    return Findings(
        engine=engine,
        statuses=Counter(each.answer.status for each in asked),
        errors=tuple(each for each in asked if each.is_error),
        slow=slow_answers(asked, price, lambda request: ask(port, request.sent)),
        memory=tuple(memory),
        has_failed=site.has_failed,
    )


def answer_alone(site: LibrarySite, seed: int, number: int) -> WireAnswer:
    """Send one request once more."""
    port = urlsplit(site.url).port or 80
    return ask(port, hostile_request(seed, number, jar_of_a_reader(port, f"reader-{seed}")).sent)


def price_of_a_password(port: int) -> float:
    """Seconds that the site takes to see that a password is wrong: the longest of three."""
    body = urlencode({"username": "nobody", "password": PASSWORD}).encode()
    lines = (b"POST /accounts/sign-in/ HTTP/1.1", b"Host: 127.0.0.1", *(f"{k}: {v}".encode() for k, v in FORM.items()))
    sent = b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"Connection: close", b"", body])
    return max(ask(port, sent).seconds for _ in range(3))


def jar_of_a_reader(port: int, name: str) -> tuple[bytes, ...]:
    """The cookies of somebody who allowed everything and opened an account, as far as the site gave them any."""
    jar: dict[str, str] = {}
    account = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    for method, path, form in [
        ("POST", "/cookies/choice/", {"answer": "accept"}),
        ("GET", "/", {}),
        ("POST", "/accounts/register/", account),
        ("GET", "/preferences/", {}),
    ]:
        cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request(method, path, urlencode(form), {**FORM, "Cookie": cookies} if cookies else FORM)
        answer = connection.getresponse()
        answer.read()
        sent = map(parse_set_cookie, answer.headers.get_all("Set-Cookie", ()))
        jar |= {each.name: each.value for each in sent}
        connection.close()
    return tuple(f"{name}={value}".encode("latin-1") for name, value in jar.items() if value not in ("", '""'))
