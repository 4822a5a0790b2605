"""What the pages tell a reader to type is there, and takes these options."""

import re
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.checks.registry import registry as checks
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandParser

from locallibrary.environment import CHECKOUT
from locallibrary.tests.docs.commands import Command, commands_of
from locallibrary.tests.docs.pages import DOCS, PAGES, Page

SCRIPTS = {path.name for path in (CHECKOUT / "scripts").iterdir() if path.is_file() and path.suffix == ""}

WHEELS = {"django-consent-gate", "django-exact-sessions", "django-privacy-dashboard", "pytest-cookie-harness"}

OTHERS_PROGRAMS = {"cd", "chmod", "django-admin", "export", "git", "pip", "pre-commit", "pytest", "python"}
"""Programs that a reader has."""

OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")

each_page = pytest.mark.parametrize("document", PAGES, ids=str)


@each_page
def test_every_script_is_there_and_knows_its_options(document: Page) -> None:
    for command in commands_of(document):
        if command.script:
            assert command.script in SCRIPTS, command.line
            assert set(command.options) - options_of(command) == set(), command.line


@each_page
def test_every_command_of_manage_py_takes_its_arguments(document: Page) -> None:
    for command in commands_of(document):
        if command.of_django:
            name, *arguments = command.of_django
            options = parser_of(name).parse_args(arguments)
            for tag in getattr(options, "tags", None) or ():
                assert checks.tag_exists(tag), command.line


@each_page
def test_every_other_program_is_one_that_readers_have(document: Page) -> None:
    for command in commands_of(document):
        if not command.script and not command.of_django and command.words:
            assert Path(command.words[0]).name in OTHERS_PROGRAMS, command.line
        if command.module:
            assert find_spec(command.module), command.line


@each_page
def test_what_pip_installs_is_built_here(document: Page) -> None:
    for command in commands_of(document):
        if command.words[:2] == ("pip", "install"):
            named = {re.sub(r"\[.*|-\d.*", "", Path(word).name) for word in command.words[2:] if word[0] != "-"}
            assert {name.replace("_", "-") for name in named} <= WHEELS, command.line


@each_page
def test_every_option_belongs_to_a_command_on_its_page(document: Page) -> None:
    named = {option[0] for option in map(OPTION.match, document.spans) if option}
    known = {option for command in commands_of(document) for option in options_of(command)}
    assert named - known == set()


def test_every_script_has_its_row() -> None:
    assert SCRIPTS - {command.script for command in commands_of(Page(DOCS / "commands.md"))} == set()


def test_every_command_of_the_sites_apps_has_its_row() -> None:
    documented = {command.of_django[0] for command in commands_of(Page(DOCS / "commands.md")) if command.of_django}
    own = {name for name, app in get_commands().items() if not str(app).startswith(("django.", "debug_toolbar"))}
    assert own - {"runserver"} - documented == set()


def options_of(command: Command) -> set[str]:
    """The options that a command says it takes."""
    return set(OPTION.findall(help_of(command)))


def help_of(command: Command) -> str:
    """What a command says of its options; "" where they are somebody else's business."""
    if command.of_django:
        return parser_of(command.of_django[0]).format_help()
    if command.script:
        said = output_of(f"scripts/{command.script}", "--help")
        return said + help_of_pytest() if command.script == "test" else said  # whose arguments go there
    return help_of_pytest() if command.words[:1] == ("pytest",) else ""


def help_of_pytest() -> str:
    return output_of(".venv/bin/python", "-m", "pytest", "--help", "e2e")


@cache
def output_of(*words: str) -> str:
    return subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout


def parser_of(name: str) -> CommandParser:
    """The parser of one of `manage.py`'s commands."""
    return load_command_class(get_commands()[name], name).create_parser("manage.py", name)
