"""A request that the site can't read gets the site's own page, inside gate and policy, and leaves nothing behind."""

import encodings
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import RequestFactory

from locallibrary.handler import Handler

pytestmark = pytest.mark.django_db

CODECS = ["hex", "undefined", "zlib", "idna", "unicode_escape", "utf-7", "utf-16", "latin-1", "bogus", ""]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def ask(path: str = "/about/", query: str = "", **environ: Any) -> Answer:
    heard: list[Any] = []
    environ = RequestFactory().generic("GET", path).environ | {"QUERY_STRING": query} | environ

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None, /) -> Callable[[bytes], object]:
        heard.extend((status, headers))
        return heard.append

    body = b"".join(Handler()(environ, start_response))
    return Answer(int(heard[0].split()[0]), dict(heard[1]), body.decode())


def is_said_by_the_site(answer: Answer) -> bool:
    return (
        answer.status == 400
        and "We could not read that request" in answer.body
        and 'class="site-nav"' in answer.body
        and "default-src 'none'" in answer.headers["Content-Security-Policy"]
        and "Cookie" in answer.headers["Vary"]
    )


@pytest.mark.parametrize("query", ["", "q=abc", "q=%5Cud800", "%ff%fe", "&".join("a" * 1500)])
@pytest.mark.parametrize("codec", CODECS)
def test_a_charset_that_is_not_utf_8_is_a_bad_request(codec: str, query: str) -> None:
    assert is_said_by_the_site(ask("/books/", query, CONTENT_TYPE=f"text/plain; charset={codec}"))


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/plain; charset=UTF-8", 'text/plain; charset="utf8"'])
def test_too_many_parameters_are_a_bad_request_in_utf_8_as_well(content_type: str) -> None:
    assert is_said_by_the_site(ask("/books/", "&".join("a" * 1500), CONTENT_TYPE=content_type))


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/plain; charset=UTF-8", 'text/plain; charset="utf8"'])
def test_a_query_in_utf_8_is_read(content_type: str) -> None:
    answer = ask("/books/", "q=%C3%A9t%C3%A9", CONTENT_TYPE=content_type)
    assert answer.status == 200
    assert "été" in answer.body


@pytest.mark.parametrize("parameter", ["charset*=bogus''x", "charset*=hex''%41", "a*=undefined''%41", "a*0*=utf-8''x"])
def test_a_parameter_in_a_charset_of_its_own_is_a_bad_request(parameter: str) -> None:
    assert is_said_by_the_site(ask("/books/", "q=abc", CONTENT_TYPE=f"text/plain; {parameter}"))


@pytest.mark.parametrize("end", ["", "; charset=hex", "; charset=utf-8"])
def test_a_form_with_files_is_a_bad_request(end: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nabc\r\n--x--\r\n'
    sent: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": f"multipart/form-data; boundary=x{end}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = ask("/accounts/sign-in/", **sent)
    assert is_said_by_the_site(answer)


@pytest.mark.parametrize("content_type", ["text/plain; charset=no_{}", "text/plain; a*=no_{}''b"])
def test_an_unknown_charset_is_not_kept_in_memory(content_type: str) -> None:
    """Python keeps every name that was looked up for as long as it runs."""
    ask("/books/", "q=abc", CONTENT_TYPE=content_type.format("such_charset"))
    assert not [name for name in vars(encodings)["_cache"] if "such_charset" in name]
