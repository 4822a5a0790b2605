"""The README's tables are those of the code."""

import re

from accounts.management.commands.create_demo_accounts import DEMO_ACCOUNTS
from catalog.collection import authors
from locallibrary.environment import CHECKOUT, Environment

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_table_of_settings_names_every_variable_and_what_it_takes() -> None:
    documented = {row[0].strip("`"): row[1] for row in rows("Settings")}
    assert documented == {name.upper(): field.description for name, field in Environment.model_fields.items()}


def test_the_table_of_commands_names_every_script_that_is_there() -> None:
    documented = {re.sub(r"[` ].*", "", row[0].strip("`")) for row in rows("Commands")}
    scripts = {f"scripts/{path.name}" for path in (CHECKOUT / "scripts").iterdir() if path.suffix == ""}
    assert scripts <= documented


def test_the_demo_accounts_are_those_that_the_demo_makes() -> None:
    for name, password, _librarian in DEMO_ACCOUNTS:
        assert f"`{name}`" in README
        assert f"`{password}`" in README


def test_the_size_of_the_collection_is_what_the_files_hold() -> None:
    books = [book for author in authors() for book in author.books]
    spoken = {book.language for book in books}
    assert f"{len(books)} books by {len(authors())} authors in {len(spoken)} languages" in README


def test_every_test_that_the_security_page_names_is_there() -> None:
    security = (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\btest_\w+(?!\.py)\b", re.sub(r"test_\w+\.py", "", security)))
    sources = [path for folder in ("site", "dashboard", "e2e") for path in (CHECKOUT / folder).rglob("test_*.py")]
    there = set(re.findall(r"\bdef (test_\w+)", "".join(path.read_text(encoding="utf-8") for path in sources)))
    assert named
    assert named - there == set()
    files = set(re.findall(r"\btest_\w+\.py", security))
    assert files - {path.name for path in sources} == set()


def test_every_file_that_the_readme_shows_is_there() -> None:
    for path in re.findall(r"\]\(((?!https?:)[^)#]+)\)", README):
        assert (CHECKOUT / path).exists(), path
