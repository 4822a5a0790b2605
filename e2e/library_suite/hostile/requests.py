"""Random hostile requests; the same seed and number give the same request again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote_from_bytes

HOST = b"127.0.0.1"
PATHS = (
    *("/", "/about/", "/books/", "/books/1/", "/authors/", "/authors/1/", "/genres/", "/genres/novel/", "/cookies/"),
    *("/cookies.json", "/cookie-check/", "/cookie-check/result/", "/privacy/", "/privacy/workbench/", "/preferences/"),
    *("/accounts/sign-in/", "/accounts/register/", "/accounts/arrival/", "/accounts/password/", "/admin/login/"),
    *("/admin/", "/cookies/kept/", "/cookies/banner/", "/cookies/receipt.json", "/static/none.css", "/favicon.ico"),
)
FORMS = {
    "/accounts/sign-in/": ("username", "password", "remember_me", "next"),
    "/accounts/register/": ("username", "password1", "password2"),
    "/accounts/sign-out/": ("next",),
    "/accounts/password/": ("old_password", "new_password1", "new_password2"),
    "/cookies/choice/": ("answer", "next", "place", "fragment", "statistics"),
    "/cookie-check/start/": ("a",),
    "/privacy/erase/": ("name", "purpose"),
    "/privacy/export/": ("format",),
    "/privacy/cookies/delete/": ("name", "purpose"),
    "/privacy/session/erase/": ("name", "purpose"),
    "/privacy/account/delete/": ("password",),
    "/privacy/workbench/act/": ("action", "key", "value", "seconds"),
    "/privacy/sessions/end/": ("id",),
    "/preferences/save/": ("theme", "page_size", "next"),
    "/genres/novel/like/": ("liked",),
}
"""Where forms are sent, with the names of their fields."""
PARAMETERS = ("q", "page", "next", "page_size", "reveal", "result", "receipt", "fragment", "done", "trace", "asked")
COOKIES = (
    *("sessionid", "__Host-sessionid", "csrftoken", "__Host-csrftoken", "cookie_choice", "__Host-cookie_choice"),
    *("visits", "last_visit", "theme", "page_size", "messages", "django_language"),
)
CHARSETS = (
    *[b"utf-8"] * 9,
    b"hex",
    b"undefined",
    b"zlib",
    b"idna",
    b"unicode_escape",
    b"utf-7",
    b"utf-16",
    b"bogus",
    b"",
)
FORM = b"application/x-www-form-urlencoded"
TYPES = (FORM, FORM, FORM, b"multipart/form-data; boundary=x", b"text/plain", b"application/json")
PIECES = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"%00", b"%ed%a0%80", b"%", b"\\ud800", b"'\"<>", b"{{ 7*7 }}", b"\t"),
    *(
        b"../" * 9,
        b"//evil.example/",
        b"9" * 400,
        b"-1",
        b"1e309",
        b"NaN",
        b"true",
        b":",
        b"=",
        b";",
        b",",
        b"\xe2\x80\x80",
    ),
)
CONTROLS = bytes({*range(9), *range(10, 32), 127})


@dataclass(frozen=True)
class HostileRequest:
    """One request as it goes over the wire. `kind` and its size put it among those that should take as long."""

    number: int
    kind: str
    sent: bytes

    @property
    def brings_a_password(self) -> bool:
        """Whether the site may hash a password for it."""
        return any("password" in field for field in FORMS.get(self.kind.rpartition(" ")[2], ()))

    @property
    def size_class(self) -> str:
        """What is asked for, and the request's size: up to 1, 4, 16 or 64 KiB."""
        limit = next((limit for limit in (1, 4, 16) if len(self.sent) <= limit * 1024), 64)
        return f"{self.kind}, up to {limit} KiB"


def hostile_request(seed: int, number: int, jar: Sequence[bytes] = ()) -> HostileRequest:
    """The request of this number. `jar` holds cookies as `name=value` that the site itself has given."""
    chance = Random(f"{seed}/{number}")
    form = chance.choice(sorted(FORMS)) if chance.random() < 0.3 else ""
    path = form or (chance.choice(PATHS) if chance.random() < 0.9 else "/" + _quoted(chance, 60))
    method = (
        chance.choice((b"POST", b"POST", b"PUT", b"DELETE")) if form else chance.choice((b"GET",) * 8 + (b"HEAD", b"X"))
    )
    body = _body(chance, FORMS.get(form, ("a",))) if form or chance.random() < 0.1 else b""
    query = b"?" + _query(chance) if chance.random() < 0.5 else b""
    lines = [method + b" " + path.encode() + query[:3000] + b" HTTP/1.1"]
    lines += _headers(chance, jar)
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    sent = b"\r\n".join([*lines, b"Connection: close", b"", body])
    return HostileRequest(number, f"{method.decode()} {path if path in PATHS or form else 'elsewhere'}", sent)


def _headers(chance: Random, jar: Sequence[bytes]) -> list[bytes]:
    lines = [b"Host: " + (HOST if chance.random() < 0.95 else _bytes(chance, 40))]
    if chance.random() < 0.6:
        lines.append(b"Sec-Fetch-Site: same-origin")
    makers: tuple[Callable[[], bytes], ...] = (
        lambda: b"Cookie: " + _cookies(chance, jar),
        lambda: b"Content-Type: " + chance.choice(TYPES) + b"; charset=" + chance.choice(CHARSETS),
        lambda: b"Content-Type: " + _bytes(chance, 60),
        lambda: b"Accept-Language: " + chance.choice((b"de", b"x-" * 2000, _bytes(chance, 60))),
        lambda: b"Origin: " + chance.choice((b"null", b"http://127.0.0.1", _bytes(chance, 60))),
        lambda: b"Referer: " + _bytes(chance, 60),
        lambda: b"User-Agent: " + _bytes(chance, 200),
        lambda: b"If-None-Match: " + _bytes(chance, 40),
        lambda: b"X-Forwarded-Proto: " + _bytes(chance, 10),
        lambda: b"Sec-GPC: " + chance.choice((b"1", b"0", _bytes(chance, 5))),
    )
    if jar and chance.random() < 0.5:
        lines.append(b"Cookie: " + b"; ".join(jar))
    if b"Content-Type" not in b"".join(lines) and chance.random() < 0.5:
        lines.append(b"Content-Type: " + FORM)
    return lines + [make() for make in chance.sample(makers, chance.randint(0, 4))]


def _cookies(chance: Random, jar: Sequence[bytes]) -> bytes:
    shape = chance.randrange(5)
    if shape == 0:
        return _bytes(chance, 300)
    if shape == 1:
        return b"; ".join(b"%b%d=%b" % (_bytes(chance, 4), each, _bytes(chance, 8)) for each in range(200))[:8000]
    if shape == 2:
        return chance.choice(COOKIES).encode() + b"=" + _bytes(chance, 40) * 200
    if shape == 3 and jar:
        return b"; ".join(_changed(chance, cookie) for cookie in jar)
    return b"; ".join(name.encode() + b"=" + _bytes(chance, 30) for name in chance.sample(COOKIES, 4))


def _changed(chance: Random, cookie: bytes) -> bytes:
    place = chance.randrange(cookie.index(b"=") + 1, len(cookie) + 1)
    return cookie[:place] + _bytes(chance, 3) + cookie[place + chance.randrange(3) :]


def _query(chance: Random) -> bytes:
    shape = chance.randrange(20)
    if shape < 5:
        return _bytes(chance, 100).replace(b" ", b"+").replace(b"\t", b"")
    if shape == 5:
        return b"a&" * 1500
    parameters = chance.choices(PARAMETERS, k=chance.randint(1, 5))
    return "&".join(f"{name}={_quoted(chance, 200)}" for name in parameters).encode()


def _body(chance: Random, fields: Sequence[str]) -> bytes:
    shape = chance.randrange(20)
    if shape < 2:
        return _bytes(chance, 500, whole=True)
    if shape == 2:
        return b"a=b&" * 1500
    if shape == 3:
        part = b"--x\r\nContent-Disposition: form-data; name=%b\r\n\r\n%b\r\n"
        return b"".join(part % (name.encode(), _bytes(chance, 50)) for name in fields) + b"--x--\r\n"
    return "&".join(f"{name}={_quoted(chance, 200)}" for name in fields).encode()


def _quoted(chance: Random, longest: int) -> str:
    return quote_from_bytes(_bytes(chance, longest, whole=True))


def _bytes(chance: Random, longest: int, *, whole: bool = False) -> bytes:
    """Any bytes; unless `whole`, mostly those alone that gunicorn passes on in a header."""
    length = chance.randint(1, longest)
    made = b""
    while len(made) < length:
        made += chance.choice(PIECES) if chance.random() < 0.3 else chance.randbytes(chance.randint(1, 8))
    return made[:length] if whole or chance.random() < 0.03 else made.translate(None, CONTROLS)[:length]
