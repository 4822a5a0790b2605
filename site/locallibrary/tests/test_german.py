"""The site in German: nothing is left in English but names and the books' own texts."""

import ast
import functools
import json
import re
import struct
from collections.abc import Iterator
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

import django
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

from catalog.models import Author, Book, Genre, Language
from catalog.years import life_text
from consent_gate.api import OPTIONAL_PURPOSES, Purpose, Receipt, fingerprint_of, registry
from consent_gate.pages.banner import AnswerOutcome, with_outcome
from consent_gate.testing import give_stale_choice
from locallibrary.environment import CHECKOUT
from locallibrary.tests.test_translation import PAGES

PACKAGES = (
    CHECKOUT / "site" / "consent_gate",
    CHECKOUT / "site" / "exact_sessions",
    CHECKOUT / "dashboard" / "privacy_dashboard",
)
SITE = CHECKOUT / "site"
each_catalogue = pytest.mark.parametrize("folder", [*PACKAGES, SITE], ids=lambda folder: folder.name)
"""Each package brings its own German along; all else is the site's."""
GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.5"}
FROM_HERE = {"sec-fetch-site": "same-origin", **GERMAN}
TEMPLATE_CALL = r"""(?s)\b(?:_|gettext|ngettext)\(\s*u?("{3}|'{3}|"|')(.*?)(?<!\\)\1"""
"""As in what Django's `templatize` makes of a template for gettext's tools."""
MARKERS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}

Entries = dict[str, tuple[str, ...]]
"""Each English text, of a plural the singular, with its German: one text, or singular and plural."""


def catalogue_of(folder: Path, suffix: str) -> Path:
    return (folder / "locale" / "de" / "LC_MESSAGES" / "django").with_suffix(suffix)


def written(folder: Path) -> Entries:
    """The entries of a .po file. It reads what `msgcat` writes, which is all that the file may hold."""
    text = catalogue_of(folder, ".po").read_text(encoding="utf-8")
    entries = {}
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if found := re.fullmatch(r'(?:(msg\w+(?:\[\d\])?) )?(".*")', line):
                name = found[1] or name
                fields[name] = fields.get(name, "") + ast.literal_eval(found[2])
        entries[fields["msgid"]] = tuple(each for name, each in fields.items() if name.startswith("msgstr"))
    return entries


def compiled(file: Path) -> GNUTranslations:
    with file.open("rb") as opened:
        return GNUTranslations(opened)


def sources_of(folder: Path) -> Iterator[Path]:
    """The modules and templates whose texts a catalogue holds, without those of a package inside the folder."""
    for path in folder.rglob("*.*"):
        inside = any(package in path.parents for package in PACKAGES if package != folder)
        if path.suffix in {".py", ".html"} and "tests" not in path.parts and not inside:
            yield path


def marked_in(path: Path) -> set[str]:
    """The texts that a module or a template marks for translation, of a plural the singular."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        calls = re.findall(TEMPLATE_CALL, templatize(source))
        return {ast.literal_eval(f"{quote}{text}{quote}") for quote, text in calls}
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in MARKERS
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


@functools.cache
def marked_below(folder: Path) -> dict[str, Path]:
    """Each text that a catalogue must hold, with a file that asks for it."""
    return {text: path for path in sources_of(folder) for text in marked_in(path)}


def to_add(file: Path, text: str, source: Path) -> str:
    """What to write into a catalogue for a text that it lacks."""
    return f'{file}: add the lines\n\n#: {source.relative_to(CHECKOUT)}\nmsgid {quoted(text)}\nmsgstr "…"\n'


def quoted(text: str) -> str:
    """As catalogues write it (gnu.org/software/gettext/manual, "PO Files")."""
    return json.dumps(text, ensure_ascii=False)


class Untranslated(NullTranslations):
    """What German falls back on: notes each text that neither this site nor Django has in German."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()
        self._named = {text for folder in (*PACKAGES, SITE) for text in marked_below(folder).keys() - written(folder)}
        """What a test names already, with the lines to write: it is not said again for each page."""

    def gettext(self, message: str) -> str:
        if message not in self._named:
            self.asked.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def untranslated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Untranslated]:
    german: Any = trans_real.DjangoTranslation("de")
    german._fallback = untranslated = Untranslated()
    monkeypatch.setattr(trans_real, "translation", lambda _language: german)
    yield untranslated
    trans_real.deactivate()


def answer(client: Client, **form: str) -> str:
    response = client.post("/cookies/choice/", {"place": "page", **form}, headers=FROM_HERE, follow=True)
    return response.content.decode()


@each_catalogue
def test_the_compiled_catalogue_says_what_the_written_one_says(folder: Path) -> None:
    entries, catalogue = written(folder), compiled(catalogue_of(folder, ".mo"))
    older = f"{catalogue_of(folder, '.mo').relative_to(CHECKOUT)} is older than django.po: run scripts/translate."
    header = entries.pop("")[0]
    assert catalogue.info()["plural-forms"] == "nplurals=2; plural=(n != 1);"
    assert "Plural-Forms: nplurals=2; plural=(n != 1);" in header
    for english, german in entries.items():
        if len(german) == 1:
            assert catalogue.gettext(english) == german[0], older
        else:
            assert (catalogue.ngettext(english, "", 1), catalogue.ngettext(english, "", 2)) == german, older
    # The number of texts stands in the third word of the file (gnu.org/software/gettext/manual, "MO Files").
    assert struct.unpack("<I", catalogue_of(folder, ".mo").read_bytes()[8:12]) == (len(entries) + 1,), older


@each_catalogue
def test_no_entry_is_empty_or_a_guess_and_each_keeps_its_placeholders(folder: Path) -> None:
    assert "fuzzy" not in catalogue_of(folder, ".po").read_text(encoding="utf-8")
    for english, german in written(folder).items():
        for text in german:
            assert text.strip(), english
            if english:
                assert re.findall(r"%\(\w+\)s|<[^>]+>", text) == re.findall(r"%\(\w+\)s|<[^>]+>", english)


@each_catalogue
def test_every_marked_text_of_the_sources_is_in_the_catalogue_and_no_other(folder: Path) -> None:
    file = catalogue_of(folder, ".po").relative_to(CHECKOUT)
    needed, entries = marked_below(folder), written(folder).keys() - {""}
    complaints = [to_add(file, text, path) for text, path in needed.items() if text not in entries]
    surplus = entries - needed.keys()
    complaints += [f"{file}: take out msgid {quoted(text)}, which no source asks for." for text in surplus]
    assert not complaints, "\n".join([*complaints, "Then run scripts/translate, and commit django.po and django.mo."])


def test_a_missing_german_text_is_asked_for_by_file_and_line() -> None:
    assert to_add(Path("site/locale/de/django.po"), 'Say "A"', CHECKOUT / "site" / "visits" / "cookies.py") == (
        'site/locale/de/django.po: add the lines\n\n#: site/visits/cookies.py\nmsgid "Say \\"A\\""\nmsgstr "…"\n'
    )


@pytest.mark.parametrize("package", PACKAGES, ids=lambda folder: folder.name)
def test_no_text_of_a_package_means_another_thing_in_django(package: Path) -> None:
    """Where two apps translate one text, the one that stands first in INSTALLED_APPS speaks for both."""
    entries = written(package)
    for file in Path(django.__path__[0]).rglob("de/LC_MESSAGES/django.mo"):
        theirs = compiled(file)
        for english in (text for text in entries if text and theirs.gettext(text) != text):
            assert theirs.gettext(english) == entries[english][0], f"{english!r} in {file}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/cookies/", "/preferences/", "/books/1/", "/authors/1/", "/genres/satire/"])
def test_every_text_that_a_page_asks_for_is_there_in_german(path: str, untranslated: Untranslated) -> None:
    a_book()
    page = Client().get(path, headers=GERMAN).content.decode()
    assert '<html lang="de">' in page
    assert untranslated.asked == set()


@pytest.mark.django_db
def test_every_answer_to_the_banner_and_every_setting_speaks_german(untranslated: Untranslated) -> None:
    client = Client(headers=GERMAN)
    for setting in ({"theme": "dark"}, {"theme": "polka dots"}):
        assert 'lang="de"' in client.post("/preferences/save/", setting, headers=FROM_HERE).content.decode()
    for given in ("refuse", "accept"):
        answer(client, answer=given)
        client.get("/")
        client.get("/cookies/")
    blocked = Client(headers=GERMAN)
    blocked.get(with_outcome("/about/", AnswerOutcome.LOST))
    give_stale_choice(client, Purpose.STATISTICS)
    client.get("/about/")
    client.get("/cookies/")
    Client(headers={**GERMAN, "sec-gpc": "1"}).get("/cookies/")
    client.post("/accounts/register/", {"username": "a b", "password1": "x", "password2": "y"}, headers=FROM_HERE)
    assert untranslated.asked == set()


def a_book() -> None:
    genre = Genre.objects.create(name="Satire", slug="satire")
    author = Author.objects.create(pk=1, sort_name="Lucian", name="Lucian", born=125, died=180, country="Syria")
    language = Language.objects.create(code="grc", name="Ancient Greek")
    book = Book.objects.create(pk=1, title="A True Story", author=author, language=language, year=170, summary="…")
    book.genres.add(genre)


@pytest.mark.django_db
def test_a_browser_that_asks_for_german_gets_it_banner_and_all_before_any_answer() -> None:
    response = Client().get("/", headers=GERMAN)
    page = response.content.decode()
    assert '<html lang="de">' in page
    assert "Cookies bei Local Library" in page
    assert ">Alle annehmen</button>" in page
    assert ">Alle ablehnen</button>" in page
    assert not response.cookies
    assert "Accept-Language" in response.headers["Vary"]
    assert ">Accept all</button>" in Client().get("/", headers={"accept-language": "fr"}).content.decode()


@pytest.mark.django_db
def test_dates_and_years_are_written_as_each_language_writes_them() -> None:
    german, english = Client(), Client()
    confirmed = answer(german, answer="accept")
    assert re.search(r"Gewählt am \d+\. \w+ 20\d\d, \d\d:\d\d UTC; nach dem \d+\. \w+ 20\d\d werden", confirmed)
    english.post("/cookies/choice/", {"answer": "accept"}, headers={"sec-fetch-site": "same-origin"}, follow=True)
    page = english.get("/cookies/").content.decode()
    assert re.search(r"Chosen on \d+ \w+ 20\d\d, \d\d:\d\d UTC; you are asked again after \d+ \w+ 20\d\d\.", page)
    with translation.override("de"):
        assert life_text(56, 120, approximate=True) == "ca. 56–120 n. Chr."
        assert life_text(-43, 17) == "43 v. Chr.–17 n. Chr."


@pytest.mark.django_db
def test_the_chosen_language_outranks_the_browsers_once_it_may_be_kept() -> None:
    client = Client()
    answer(client, answer="accept")
    client.post("/preferences/save/", {"language": "en"}, headers=FROM_HERE)
    assert '<html lang="en">' in client.get("/", headers=GERMAN).content.decode()


def test_a_yes_in_one_language_counts_in_the_other() -> None:
    for purpose in OPTIONAL_PURPOSES:
        fingerprints = set()
        for language in ("en", "de", None):
            with translation.override(language):
                fingerprints.add(fingerprint_of(registry.of(purpose)))
        assert len(fingerprints) == 1


@pytest.mark.django_db
def test_a_receipt_keeps_the_german_words_that_were_shown_whoever_reads_it() -> None:
    client = Client()
    answer(client, answer="accept")
    assert Receipt.objects.get().text.language == "de"
    exported = client.get("/cookies/receipt.json", headers={"accept-language": "en"}).json()
    assert exported["shown"]["language"] == "de"
    assert exported["shown"]["banner"]["accept"] == "Alle annehmen"
    reasons = {each["name"]: each["reason"] for each in exported["shown"]["declarations"]}
    assert reasons["django_language"] == "Die Sprache, die Sie gewählt haben."


@pytest.mark.django_db
def test_a_german_receipt_is_genuine_to_an_english_command_line(tmp_path: Path) -> None:
    client = Client()
    answer(client, answer="accept")
    file = tmp_path / "receipt.json"
    file.write_bytes(client.get("/cookies/receipt.json").content)
    call_command("verify_receipt", str(file))
