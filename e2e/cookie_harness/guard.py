"""Proves that the browser's cookie policy is in force, before a test relies on it.

Three witnesses must agree: the jar, the next request's `Cookie` header, and `document.cookie`. One alone can lie: under
`--blink-settings=cookieEnabled=false` scripts see nothing while headers flow, and under a real block a cookie added
through the automation API sits in the jar and is never sent.
"""

import re
import secrets
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from cookie_harness.echo import EchoSite
from cookie_harness.jar import read_jar
from cookie_harness.policies import BrowserSettings, CookiePolicy
from cookie_harness.profiles import Profile

GUARD_COOKIES = "guard-"
"""How the names of the guard's own cookies begin: they are no part of a test."""


class PolicyNotInForce(AssertionError):
    """The browser does not do what its settings say; the message tells what was expected and what was seen."""


@dataclass(frozen=True)
class Witnesses:
    """What the witnesses say after the guard's cookies were set at one origin."""

    jar: frozenset[str]
    """Names of the guard's own cookies in the jar."""
    header: str
    """The next request's `Cookie` header, "" for none."""
    script: str | None
    """`document.cookie`, or None where no script runs."""
    gpc: bool = False
    """Whether that request had `Sec-GPC: 1`."""
    origin: str = ""


def prove_policy(context: BrowserContext, settings: BrowserSettings, echo: EchoSite) -> None:
    """Prove that `settings` are in force in `context`, in a page of its own; the jar is left as it was.

    While the browser is open "clear on exit" is the same as "accept"; `prove_cleared_on_exit` proves the rest. Where
    single origins are allowed, `echo.url` must be one of them, or the guard could not see that they are.
    Raises `PolicyNotInForce`.
    """
    if settings.allowed and echo.url not in settings.allowed:
        raise ValueError(f"Allow {echo.url} too: the guard proves there that an exception holds.")
    name = f"{GUARD_COOKIES}{secrets.token_hex(4)}"
    page = context.new_page()
    try:
        refuse_headless_shell(context)
        complaints = []
        for origin in (echo.url, echo.other_url) if settings.allowed else (echo.url,):
            complaints += disagreements(settings, name, _question(page, settings, echo, origin, name))
        if settings.cookies is CookiePolicy.BLOCK_THIRD_PARTY:
            complaints += _third_party_complaints(page, echo, f"{name}-framed")
        context.clear_cookies(name=re.compile(f"^{name}-"))
    finally:
        page.close()
    if complaints:
        raise PolicyNotInForce(
            f'The cookie policy "{settings.cookies.value}" is not in force: {"; ".join(complaints)}.'
        )


def _question(page: Page, settings: BrowserSettings, echo: EchoSite, origin: str, name: str) -> Witnesses:
    """Set the guard's cookies at one of the echo site's origins, and ask the witnesses."""
    page.goto(echo.set_url(name).replace(echo.url, origin))
    if settings.javascript:
        # A script's write may still be on its way when the page is left, and the next request overtakes it (seen in
        # Chromium on a busy machine). To read is to wait for it: both go the same way, one after the other.
        page.evaluate("document.cookie")
    page.goto(echo.received_url.replace(echo.url, origin))
    return Witnesses(
        jar=frozenset(cookie.name for cookie in read_jar(page.context, origin) if cookie.name.startswith(name)),
        header=echo.last_cookie_header,
        script=page.evaluate("document.cookie") if settings.javascript else None,
        gpc=echo.received[-1].gpc,
        origin=origin,
    )


def _third_party_complaints(page: Page, echo: EchoSite, name: str) -> list[str]:
    """Let a page of one site embed another twice, and say what came back to the embedded one."""
    page.goto(echo.embedding_url(name))
    page.goto(echo.embedding_url(name))
    returned = echo.last_cookie_header
    return [f"a frame of another site should get no cookie back, but gets {returned}"] if returned else []


def disagreements(settings: BrowserSettings, name: str, seen: Witnesses) -> list[str]:
    """Say what contradicts the settings; `name` is that of the guard's cookies, without the endings."""
    wanted = {f"{name}-header"} | ({f"{name}-script"} if settings.javascript else set())
    blocked = settings.blocks(seen.origin)
    expected = "nothing" if blocked else " and ".join(sorted(wanted))
    testimony = {"the jar": ", ".join(sorted(seen.jar)), "the next request's Cookie header": seen.header}
    if seen.script is not None:
        testimony["document.cookie"] = seen.script
    complaints = []
    for witness, text in testimony.items():
        named = {part.partition("=")[0].strip() for part in text.replace(",", ";").split(";")}
        if (text != "") if blocked else not wanted <= named:
            complaints.append(f"{witness} should hold {expected}, but holds {text or 'nothing'}")
    if not settings.javascript and f"{name}-script" in seen.jar:
        complaints.append("a script ran, although JavaScript is off")
    if seen.gpc is not settings.gpc:
        complaints.append(f"Sec-GPC: 1 was {'sent' if seen.gpc else 'not sent'}")
    return complaints


def prove_cleared_on_exit(profile: Profile, echo: EchoSite) -> None:
    """Prove, by closing and reopening an open profile, that a cookie with a lifetime does not outlive the browser.

    Raises `PolicyNotInForce`. The profile is open again afterwards, and has lost its cookies.
    """
    name = f"{GUARD_COOKIES}{secrets.token_hex(4)}"
    prove_policy(profile.context, profile.settings, echo)
    page = profile.context.new_page()
    page.goto(echo.set_url(name))
    page.goto("about:blank")  # so that no page is left that a browser could restore
    context = profile.reopen()
    page = context.new_page()
    page.goto(echo.received_url)
    sent = echo.last_cookie_header
    page.close()
    kept = [cookie.name for cookie in read_jar(context, echo.url) if cookie.name.startswith(name)]
    if kept or name in sent:
        raise PolicyNotInForce(
            'The cookie policy "clear on exit" is not in force: after closing and opening the browser again the jar '
            f"holds {', '.join(kept) or 'nothing'}, and the next request's Cookie header is {sent or 'empty'}."
        )


def refuse_headless_shell(context: BrowserContext) -> None:
    """Raise `PolicyNotInForce` if the browser is Chromium's headless shell, which ignores cookie settings."""
    browser = context.browser
    if browser is None or browser.browser_type.name != "chromium":
        return
    # The user agent does not tell: "HeadlessChrome" stands in that of the full browser too.
    session = browser.new_browser_cdp_session()
    product = session.send("Browser.getVersion")["product"]
    session.detach()
    if is_headless_shell_product(product):
        raise PolicyNotInForce(f"The browser is a headless shell ({product}), which ignores cookie settings.")


def is_headless_shell_product(product: str) -> bool:
    """Tell the headless shell from a full Chromium by the product name that it gives over its protocol."""
    return product.startswith("HeadlessChrome/")
