"""The privacy dashboard, as its visitor reads it and uses it."""

import re

from playwright.sync_api import Locator, Page, expect


class Dashboard:
    """The page at /privacy/, which is open."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def cookie_names(self) -> set[str]:
        """The names of the cookies that are listed."""
        return self._names("cookie")

    def key_names(self) -> set[str]:
        """The session keys that are listed."""
        return self._names("key")

    def value_of_cookie(self, name: str) -> str:
        """A cookie's value as it is shown: masked or in full."""
        return self._value(self._kept("cookie", name))

    def value_of_key(self, name: str) -> str:
        """A session key's value as it is shown: JSON, or masked."""
        return self._value(self._kept("key", name))

    def state_of_cookie(self, name: str) -> str | None:
        """The gate's verdict on a cookie, as the page shows it."""
        return self._kept("cookie", name).get_attribute("data-state")

    def number_of_cookies(self) -> int:
        """How many cookies the page says that the browser holds."""
        return self._number("num-cookies")

    def number_on_server(self) -> int:
        """How many things the page says that the server keeps."""
        return self._number("num-on-server")

    def session_ids(self) -> set[str]:
        """The shortened ids in the picture of the two sides."""
        return set(self.page.locator(".session-id").all_text_contents())

    def stored_form(self) -> str:
        """The session as its store holds it."""
        return self.page.get_by_test_id("stored-form").locator("code").text_content() or ""

    def account(self) -> str:
        """All that is shown of the account; nothing for whoever is not signed in."""
        return "\n".join(self.page.get_by_test_id("user").all_text_contents())

    def account_sessions(self) -> list[bool]:
        """For each session of the account that is listed, whether it is marked as this one."""
        listed = self.page.get_by_test_id("account-session")
        return [listed.nth(i).get_attribute("data-this") is not None for i in range(listed.count())]

    def ids_of_account_sessions(self) -> list[str]:
        """What the buttons that end other sessions would send."""
        buttons = self.page.get_by_test_id("account-session").locator("button[name=id]")
        return [str(buttons.nth(i).get_attribute("value")) for i in range(buttons.count())]

    def end_newest_account_session(self) -> None:
        """Press the first of the buttons that end other sessions."""
        with self.page.expect_navigation(url=re.compile("done=")):
            self.page.get_by_test_id("account-session").get_by_role("button", name="End it").first.click()

    def has_no_cookies(self) -> bool:
        """Whether the page says that it knows nothing."""
        return self.page.get_by_test_id("no-cookies").count() == 1 and not self.cookie_names()

    def trace(self) -> str:
        """The reference that a visitor is given."""
        return self.page.get_by_test_id("trace").inner_text()

    def what_scripts_see(self, *, filled_in: bool = True) -> dict[str, str]:
        """What stands beside each store, once the script has filled it in."""
        stores = self.page.locator("[data-store]")
        if filled_in:
            expect(stores.filter(has_text="not looked at")).to_have_count(0)
        return {
            str(each.get_attribute("data-store")): each.text_content() or ""
            for each in (stores.nth(i) for i in range(stores.count()))
        }

    def reveal_cookie(self, name: str) -> None:
        """Ask for a masked value in full."""
        kept = self._kept("cookie", name)
        kept.locator("summary").click()
        kept.get_by_role("link", name="Show it in full").click()
        self.page.wait_for_url(re.compile("reveal="))

    def reveal_stored_form(self) -> None:
        """Ask for the session as it is stored in full."""
        self.page.locator("summary", has_text="as it is stored").click()
        self.page.get_by_test_id("stored-form").get_by_role("link").click()
        self.page.wait_for_url(re.compile("reveal=stored"))

    def press(self, button: str, *, group: str | None = None) -> None:
        """Press a button, and wait for the page that says what was done."""
        with self.page.expect_navigation(url=re.compile("done=")):
            self._button(button, group).click()
        self.page.get_by_test_id("done").wait_for()

    def press_by_keyboard(self, button: str) -> None:
        """As `press`, with scripts switched off: Playwright's click needs them in Firefox."""
        self._button(button, None).focus()
        with self.page.expect_navigation(url=re.compile("done=")):
            self.page.keyboard.press("Enter")

    def _button(self, name: str, group: str | None) -> Locator:
        place = self.page.locator(f'[data-group="{group}"]') if group else self.page.get_by_role("main")
        return place.get_by_role("button", name=name, exact=True)

    def _number(self, sentence: str) -> int:
        found = re.search(r"\d+", self.page.get_by_test_id(sentence).inner_text())
        return int(found[0]) if found else 0

    def _kept(self, kind: str, name: str) -> Locator:
        return self.page.locator(f'[data-testid="{kind}"][data-name="{name}"]')

    def _names(self, kind: str) -> set[str]:
        found = self.page.get_by_test_id(kind)
        return {str(found.nth(i).get_attribute("data-name")) for i in range(found.count())}

    def _value(self, kept: Locator) -> str:
        return kept.get_by_test_id("value").locator("code").text_content() or ""
