"""Every string that a visitor reads is marked for translation: shown here by a language that puts marks around each."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import trans_real

# Names that are the same in every language, and the zone of a time.
UNTRANSLATED = ("Chrome, Chromium", "Firefox", "Safari", "Edge", "UTC")
PAGES = [
    "/about/",
    "/books/",
    "/authors/",
    "/genres/",
    "/cookie-check/",
    "/privacy/",
    "/cookie-check/result/?asked=1",
    "/accounts/sign-in/",
    "/accounts/register/",
    "/privacy/workbench/",
    "/there-is-no-such-page/",
    "/",  # last, because from the first visit on a date is shown
]


class Marked(NullTranslations):
    """A language whose every text is the English one between ⟦ and ⟧."""

    plural = "(n != 1)"

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)

    def language(self) -> str:
        return "en"

    def to_language(self) -> str:
        return "en"


class Texts(HTMLParser):
    """Collects what a page lets a visitor read: its texts but for code, what screen readers say, its description."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in {"code", "style", "script"}
        self.found += [
            value for name, value in attrs if value and name in {"aria-label", "placeholder", "title", "alt"}
        ]
        if ("name", "description") in attrs:
            self.found.append(dict(attrs)["content"] or "no description")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in {"code", "style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.found.append(data)


def unmarked(page: str) -> list[str]:
    texts = Texts()
    texts.feed(page)
    left = [without_marked(" ".join(text.split())) for text in texts.found]
    return [text for text in left if text not in UNTRANSLATED and re.search(r"[^\W\d_]", text)]


def without_marked(text: str) -> str:
    """Take the marked texts out, the innermost first: a translated duration may stand in a translated sentence."""
    shorter = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    return text.strip() if shorter == text else without_marked(shorter)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(trans_real, "translation", lambda _language: Marked())
    trans_real.activate("en")
    yield
    trans_real.deactivate()


@pytest.mark.django_db
@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("path", PAGES)
def test_every_text_of_a_page_can_be_translated(path: str) -> None:
    page = Client().get(path).content.decode()
    assert "⟦" in page
    if path == "/":
        page = re.sub(r"<time.*?</time>", "", page)
    assert unmarked(page) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("marked")
def test_the_refused_form_and_the_error_page_can_be_translated() -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert unmarked(client.post("/accounts/sign-in/").content.decode()) == []
    client.get("/accounts/sign-in/")
    assert unmarked(client.post("/accounts/sign-in/").content.decode()) == []


def test_a_text_that_is_not_marked_is_found() -> None:
    assert unmarked("<p>⟦Marked⟧ not marked <code>code</code></p>") == ["not marked"]
