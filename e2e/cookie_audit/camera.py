"""Pictures of a page before and after a button was pressed, in a folder beside the report."""

from pathlib import Path

from playwright.sync_api import Error, Page

from cookie_audit.words import in_small_letters

_PATIENCE = 5_000


class Camera:
    """Takes the pictures of one browser. `folder` is made with the first of them."""

    def __init__(self, folder: Path, engine: str) -> None:
        self._folder = folder
        self._engine = engine

    def take(self, page: Page, title: str) -> str:
        """The file's name in its folder; "" where the page would not hold still."""
        name = f"{self._engine}-{in_small_letters(title)[:60].replace(' ', '-')}.png"
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            page.screenshot(path=self._folder / name, animations="disabled", timeout=_PATIENCE)
        except Error:
            return ""
        return name
