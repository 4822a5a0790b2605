"""What the pages name is there: settings, addresses, files, tests, and what the examples import."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import Template
from django.urls import Resolver404, resolve

from consent_gate.conf import SETTINGS
from locallibrary.environment import CHECKOUT, VARIABLES
from locallibrary.tests.docs.commands import commands_of
from locallibrary.tests.docs.pages import DOCS, PAGES, PARTS, Page
from privacy_dashboard.conf import IDLE_LIMIT, PASSWORD_CHANGE_URL

PACKAGES = ("consent_gate", "cookie_audit", "cookie_evidence", "cookie_harness", "privacy_dashboard")

OTHERS_VARIABLES = {"NODE_EXTRA_CA_CERTS", "PYTHON", "SCRIPT_NAME", "SSL_CERT_FILE"}
"""Environment variables that other programs read; `PYTHON` is that of `scripts/environment.sh`."""

each_page = pytest.mark.parametrize("document", PAGES, ids=str)


@each_page
def test_every_setting_is_one_that_somebody_reads(document: Page) -> None:
    typed = [*document.spans, *document.lines_in("console"), *document.lines_in("nginx")]
    named = {name for text in typed for name in re.findall(r"(?<![\w$/])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", text)}
    named |= {variable for command in commands_of(document) for variable in command.variables}
    assert {name for name in named if not is_read(name)} == set()


def test_the_table_of_the_gates_settings_names_each_and_what_it_takes() -> None:
    documented = {row[0].strip("`"): row[1] for row in Page(DOCS / "install-the-gate.md").rows("Settings")}
    assert documented == {name: setting.takes for name, setting in SETTINGS.items()}


@each_page
def test_every_module_is_there(document: Page) -> None:
    named = {*document.spans, *re.findall(r"""["']([\w.]+)["']""", "\n".join(document.lines_in("python")))}
    dotted = {name for name in named if name.split(".")[0] in PACKAGES and re.fullmatch(r"\w+(\.\w+)+", name)}
    assert {name for name in dotted if not can_be_imported(name)} == set()


@each_page
def test_every_template_is_one(document: Page) -> None:
    for block in document.blocks:
        if block.language == "html":
            Template(block.text)


def can_be_imported(name: str) -> bool:
    """Whether it is a module, or something in one. A check's id, such as `consent_gate.E009`, is neither."""
    module, _dot, inside = name.rpartition(".")
    if re.fullmatch(r"[EW]\d{3}", inside):
        return name in checks_source()
    try:
        return hasattr(import_module(module), inside) or find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def checks_source() -> str:
    return (CHECKOUT / "site" / "consent_gate" / "checks.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "package", "prefix"),
    [
        ("install-the-gate.md", "consent_gate", "--consent-"),
        ("install-the-dashboard.md", "privacy_dashboard", "--privacy-"),
    ],
)
def test_the_styles_that_a_project_can_set_are_those_that_are_read(page: str, package: str, prefix: str) -> None:
    folder = Path(apps.get_app_config(package).path) / "static"
    styles = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.css"))
    documented = re.findall(r"(--[a-z-]+):", "\n".join(Page(DOCS / page).lines_in("css")))
    assert set(documented) == set(re.findall(rf"var\(({prefix}[a-z-]+)", styles))


def is_read(name: str) -> bool:
    """Whether Django, one of its apps here, the site's environment, the browser suite or another program reads it."""
    return (
        hasattr(settings, name)
        or name.lower() in VARIABLES
        or name in {*SETTINGS, IDLE_LIMIT, PASSWORD_CHANGE_URL}
        or name in variables_of_the_suite() | OTHERS_VARIABLES
    )


@cache
def variables_of_the_suite() -> set[str]:
    sources = "".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "e2e").rglob("*.py"))
    return set(re.findall(r"\bE2E_[A-Z_]+\b", sources))


def test_the_table_of_settings_names_every_variable_and_what_it_takes() -> None:
    documented = {
        row[0].strip("`"): row[1] for row in Page(DOCS / "settings.md").rows("Which settings does the site take?")
    }
    assert documented == {name.upper(): takes for name, takes in VARIABLES.items()}


@each_page
def test_every_address_is_one_of_this_site(document: Page) -> None:
    addresses = {span for span in document.spans if re.fullmatch(r"/(?:[\w.-]+/)*[\w.-]*", span)}
    assert {address for address in addresses if not is_served(address)} == set()


def is_served(address: str) -> bool:
    try:
        return bool(resolve(address, urlconf="locallibrary.tests.development"))
    except Resolver404:
        return False


@each_page
def test_every_file_and_folder_is_there(document: Page) -> None:
    top = {path.name for path in CHECKOUT.iterdir()} - {"build"}
    paths = {span.partition("::")[0] for span in document.spans if re.match(r"[\w.-]+/\S*$", span)}
    assert {path for path in paths if path.split("/")[0] in top and not list(CHECKOUT.glob(path))} == set()


@each_page
def test_every_test_is_there(document: Page) -> None:
    spans = " ".join(document.spans)
    # One with its class is a test of Django's own.
    assert set(re.findall(r"(?<![\w.])test_\w+\b(?!\.py)", spans)) - functions_in_tests() == set()
    assert set(re.findall(r"\btest_\w+\.py\b", spans)) - {path.name for path in files_with_tests()} == set()


@cache
def files_with_tests() -> list[Path]:
    return [path for part in PARTS for path in (CHECKOUT / part).rglob("test_*.py")]


@cache
def functions_in_tests() -> set[str]:
    return set(
        re.findall(r"\bdef (test_\w+)", "".join(path.read_text(encoding="utf-8") for path in files_with_tests()))
    )


@each_page
def test_what_an_example_imports_is_there(document: Page) -> None:
    missing = [
        f"{module}.{name}"
        for block in document.blocks
        if block.language == "python"
        for module, name in imports_in(block.text)
        if module.partition(".")[0] in PACKAGES and not hasattr(import_module(module), name)
    ]
    assert missing == []


def imports_in(source: str) -> Iterator[tuple[str, str]]:
    for statement in ast.walk(ast.parse(source)):
        if isinstance(statement, ast.ImportFrom) and statement.module:
            yield from ((statement.module, each.name) for each in statement.names)
