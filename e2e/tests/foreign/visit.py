"""What a person does in anybody's project, in whatever language: look, answer, look again."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

from cookie_harness import read_jar


class Visit:
    """One visitor to one project."""

    def __init__(self, visitor: BrowserContext, url: str) -> None:
        self.page: Page = visitor.new_page()
        self.url = url
        self._visitor = visitor

    def open(self, path: str = "/") -> None:
        """Open a page; raises `AssertionError` where the answer is no page."""
        response = self.page.goto(self.url + path)
        assert response, path
        assert response.ok, f"{path} answered {response.status}"

    @property
    def banner(self) -> Locator:
        """The question."""
        return self.page.get_by_test_id("cookie-banner")

    def answer(self, answer: str) -> None:
        """Press "accept" or "refuse" in the banner, and wait until the page says what became of it."""
        self.banner.locator(f"button[value={answer}]").click()
        expect(self.page.get_by_test_id("choice-kept")).to_be_visible()

    def withdraw(self) -> None:
        """Take everything back on the page that the gate brings along."""
        self.open("/cookies/")
        self.page.locator("main button[value=refuse]").click()
        expect(self.page.get_by_test_id("choice-kept")).to_be_visible()

    def kept(self) -> set[str]:
        """The names in the cookie jar."""
        return {cookie.name for cookie in read_jar(self._visitor)}

    def shown(self, name: str) -> str:
        """What the shop's page says."""
        return self.page.get_by_test_id(name).inner_text()
