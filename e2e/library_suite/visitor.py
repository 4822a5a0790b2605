"""Somebody in front of a browser, at the library: what they do there and what they see."""

import secrets
from enum import Enum
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Response

from cookie_audit.declared import read_declared
from cookie_harness import JarCookie, by_name, read_jar
from library_suite.cookie_names import SESSION, without_newcomers
from library_suite.deployed import at_host
from library_suite.site import Site

PATIENCE = 20_000
"""Milliseconds to wait for what a page should show: long for a busy machine, short enough for a failing test.

For what `expect` waits for too (`library_suite.fixtures`). With 25 processes that want each of its two processors, a
machine took more than ten seconds for a page.
"""

PASSWORD = "correct horse battery"


class Counter(Enum):
    """One of the three visit counters, by the mark of its slip on the page."""

    NUM_VISITS = "num-visits"
    IN_COOKIES = "cookie-visits"
    IN_SESSION = "session-visits"


class Visitor:
    """A browser with one page open, at one site."""

    def __init__(self, context: BrowserContext, site: Site, host: str | None = None) -> None:
        self.context = context
        self.site = site
        self.address = at_host(site.url, host) if host else site.url
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def open(self, path: str = "/") -> Response:
        """Type an address of the site."""
        response = self.page.goto(self.address + path)
        if response is None:
            raise RuntimeError(f"The browser did not load {path}.")
        return response

    def new_tab(self) -> "Visitor":
        """Open a second page of the same browser."""
        return Visitor(self.context, self.site)

    def at(self, site: Site, host: str) -> "Visitor":
        """Open a second page of the same browser at another site, under a host name that shares no cookie with this."""
        return Visitor(self.context, site, host)

    def through(self, address: str) -> "Visitor":
        """Open a second page of the same browser at the same site, by way of a server in front of it."""
        other = self.new_tab()
        other.address = address
        return other

    def turn_to(self, site: Site) -> None:
        """Go on at another site, in the same page of the same browser."""
        self.site, self.address = site, site.url

    def leave(self) -> None:
        """Go to an empty page, so that nothing of the site is open when the browser is closed."""
        self.page.goto("about:blank")

    def count(self, counter: Counter = Counter.NUM_VISITS) -> int:
        """Read a counter off the page that is open (the home page or About)."""
        return int(self.page.get_by_test_id(counter.value).get_by_test_id("number").inner_text())

    def visit(self, counter: Counter = Counter.NUM_VISITS) -> int:
        """Open the home page and read a counter."""
        self.open()
        return self.count(counter)

    @property
    def banner(self) -> Locator:
        """The cookie banner, where it asks."""
        return self.page.get_by_test_id("cookie-banner")

    def answer_banner(self, button: str) -> None:
        """Press one of the banner's buttons, and wait for what the site says to it."""
        self.banner.get_by_role("button", name=button).click()
        self.page.get_by_test_id("choice-kept").or_(self.page.get_by_test_id("choice-lost")).wait_for()

    def consent(self, *purposes: str) -> None:
        """Answer yes to these purposes (none given: to all) and no to the others, without opening a page.

        The site's own form, sent by Playwright with the browser's own jar: no test is about an answer of this kind.
        """
        form = {"answer": "choose", **dict.fromkeys(purposes, "yes")} if purposes else {"answer": "accept"}
        self.send_choice(form)

    def refuse(self) -> None:
        """Answer no to everything, or withdraw, without opening a page."""
        self.send_choice({"answer": "refuse"})

    def send_choice(self, form: dict[str, str]) -> None:
        """Send the form of the cookies page."""
        answer = self.context.request.post(
            f"{self.address}/cookies/choice/",
            form={"place": "page", "fragment": "1", **form},
            headers={"Origin": self.address},
        )
        if not answer.ok:
            raise RuntimeError(f"The site answered a choice with {answer.status}.")

    def jar(self) -> dict[str, JarCookie]:
        """The cookies that a request to the site could carry, by name."""
        return by_name(read_jar(self.context, self.address))

    def known_cookies(self) -> set[str]:
        """The names in the jar of somebody who allows everything, without new cookies that the site declares."""
        declared = read_declared(self.site.url)
        return without_newcomers(self.jar(), declared, {each.purpose for each in declared.cookies})

    def alter_cookie(self, name: str, *, value: str | None = None, expires: float | None = None) -> None:
        """Give a kept cookie another value or end, as time or another version of the site would have done.

        `expires` is in seconds since the epoch.
        """
        kept = self.jar()[name]
        self.context.add_cookies(
            [
                {
                    "name": name,
                    "value": kept.value if value is None else value,
                    "domain": kept.domain,
                    "path": kept.path,
                    "expires": expires or kept.expires or -1,
                    "httpOnly": kept.http_only,
                    "secure": kept.secure,
                    "sameSite": "Lax",
                }
            ]
        )

    def plant_session(self, value: str) -> None:
        """Put a session's id into the jar, as whoever has stolen or made up one would do."""
        host = urlsplit(self.address).hostname or ""
        self.context.add_cookies([{"name": SESSION, "value": value, "domain": host, "path": "/", "secure": True}])

    def session_id(self) -> str:
        """The value of the session cookie; KeyError if there is none."""
        return self.jar()[SESSION].value

    def fill_in_sign_in(self, name: str, *, remember: bool) -> None:
        """Open the sign-in page and fill in its form, without sending it."""
        self.open("/accounts/sign-in/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        if remember:
            self.page.get_by_label("Remember me").check()

    def sign_in(self, name: str, *, remember: bool) -> None:
        """Sign in and wait for the page that follows."""
        self.fill_in_sign_in(name, remember=remember)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    def register(self) -> str:
        """Open an account under a name that nobody has yet, and give back the name. That signs in too."""
        name = f"reader-{secrets.token_hex(6)}"
        self.open("/accounts/register/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password:", exact=True).fill(PASSWORD)
        self.page.get_by_label("Password confirmation").fill(PASSWORD)
        self.page.get_by_role("button", name="Open an account").click()
        self.page.get_by_role("button", name="Sign out").wait_for()
        return name

    def sign_out(self) -> None:
        """Sign out and wait for the page that follows."""
        self.page.get_by_role("button", name="Sign out").click()
        self.page.get_by_text("You are signed out.").wait_for()

    def check_cookies(self) -> bool:
        """Do the cookie check from its page on, and say what it found."""
        self.open("/cookie-check/")
        self.page.get_by_role("button", name="Check now").click()
        verdict = self.page.get_by_test_id("cookies-work").or_(self.page.get_by_test_id("cookies-do-not-work"))
        verdict.wait_for()
        return verdict.get_attribute("data-testid") == "cookies-work"
