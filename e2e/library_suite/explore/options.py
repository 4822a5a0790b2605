"""What may be asked of `scripts/explore`, and what is wrong with what was asked."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from cookie_harness import BrowserSettings, CookiePolicy
from cookie_harness.engines import DEFAULT_ENGINES, EngineName

CHECKOUT = Path(__file__).resolve().parents[3]
DATA = CHECKOUT / "build" / "explore"
HOST = "127.0.0.1"
PORT = 8000
HIGHEST_PORT = 65_535

ENGINES: dict[str, EngineName] = {name: name for name in DEFAULT_ENGINES}
POLICIES = {policy.value.replace(" ", "-"): policy for policy in CookiePolicy}


@dataclass(frozen=True)
class ExploreOptions:
    """What a person asked for."""

    engine: EngineName = "chromium"
    settings: BrowserSettings = field(default_factory=BrowserSettings)
    url: str | None = None
    """The site's address, if it was given: that site must be there. None: the demo, which is started if need be."""
    port: int = PORT
    """The demo's port; 0: a demo of its own, at any free one."""
    reopen: bool = False
    tour: bool = False
    data: Path = DATA


class OneSentence(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Say it, and end with code 2, as shells do for wrong usage."""
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}; see scripts/explore --help.\n")


def parse(arguments: Sequence[str]) -> ExploreOptions:
    """Read the command line; raises `SystemExit` with one sentence if something is wrong with it."""
    parser = _parser()
    given, unknown = parser.parse_known_args(arguments)
    if unknown:
        parser.error(f"unknown option {unknown[0]}")
    for name, value, allowed in (("--browser", given.browser, ENGINES), ("--cookies", given.cookies, POLICIES)):
        if value not in allowed:
            parser.error(f"{name} takes one of {', '.join(allowed)}, not “{value}”")
    if not (given.port.isascii() and given.port.isdecimal() and int(given.port) <= HIGHEST_PORT):
        parser.error(f"--port takes a number from 0 to {HIGHEST_PORT}, not “{given.port}”")
    if given.url is not None and not _is_address(given.url):
        parser.error(f"--url takes an address such as http://{HOST}:{PORT}/, not “{given.url}”")
    return ExploreOptions(
        engine=ENGINES[given.browser],
        settings=BrowserSettings(cookies=POLICIES[given.cookies], gpc=given.gpc, restore=given.restore),
        url=given.url,
        port=int(given.port),
        reopen=given.reopen,
        tour=given.tour,
        data=Path(given.data).absolute(),
    )


def _parser() -> OneSentence:
    parser = OneSentence(
        prog="scripts/explore",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Opens a browser with a window and a cookie policy of your choice at the library, and says in the\n"
        "terminal what leaves and enters the jar. It ends when you close the window or press Ctrl-C.",
        epilog="Examples:\n"
        "  scripts/explore --cookies block --tour                a guided tour with cookies blocked\n"
        "  scripts/explore --browser firefox                     then close it, and see what survived:\n"
        "  scripts/explore --browser firefox --reopen\n"
        "  SESSION_EXPIRE_AT_BROWSER_CLOSE=true scripts/explore  the demo that it starts has your settings",
    )
    parser.add_argument(
        "--browser", default="chromium", metavar="NAME", help=f"{' or '.join(ENGINES)} (the default: %(default)s)"
    )
    parser.add_argument(
        "--cookies", default="accept", metavar="POLICY", help=f"one of {', '.join(POLICIES)} (the default: %(default)s)"
    )
    parser.add_argument("--reopen", action="store_true", help="the same profile as last time; without it a fresh one")
    parser.add_argument(
        "--restore", action="store_true", help="the browser brings its last tabs back when it is reopened"
    )
    parser.add_argument("--gpc", action="store_true", help="Global Privacy Control: each request says Sec-GPC: 1")
    parser.add_argument("--tour", action="store_true", help="walk through the library first, with comments")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--url", metavar="ADDRESS", help="a site that runs already, in place of the demo")
    where.add_argument(
        "--port",
        default=str(PORT),
        metavar="N",
        help="the demo's port (default %(default)s): if nothing answers there the demo is started, and stopped at the"
        " end; 0 starts one at any free port",
    )
    parser.add_argument(
        "--data",
        default=str(DATA),
        metavar="DIR",
        help="the folder for profiles, and for the log of a demo that it starts (default build/explore)",
    )
    return parser


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        _ = address.port
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(address.hostname)
