"""One exploration: the browser is opened and its policy proven, a person uses it, and it is closed."""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from cookie_harness import (
    BrowserSettings,
    CookiePolicy,
    EchoSite,
    Engine,
    Profile,
    ProfileInUse,
    prove_cleared_on_exit,
    prove_policy,
    read_jar,
)
from cookie_harness.profiles import processes_on, wait_until_ended
from library_suite.explore.errors import ExploreError
from library_suite.explore.jar_changes import described, keyed, survival_sentence
from library_suite.explore.kept_jar import read_kept_jar, write_jar
from library_suite.explore.options import ExploreOptions
from library_suite.explore.tour import walk
from library_suite.explore.watcher import Watcher

# Playwright would kill the browser on these; it is closed here instead, so that its cookies reach the disk.
_OWN_HANDLERS = {"handle_sigint": False, "handle_sigterm": False, "handle_sighup": False}

_PROVEN = {
    CookiePolicy.ACCEPT: "this browser keeps cookies and sends them back",
    CookiePolicy.BLOCK: "this browser blocks cookies: it keeps none, sends none, and shows none to scripts",
    CookiePolicy.BLOCK_THIRD_PARTY: "this browser keeps cookies, but none of a site that another one embeds",
    CookiePolicy.CLEAR_ON_EXIT: "this browser keeps cookies while it is open",
}


_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether the person has asked for the end: Ctrl-C, or the terminal was closed.

    Asked for and not raised: an exception in the middle of Playwright's work leaves a browser that can't be closed.
    """

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Note it: a handler of SIGINT, SIGTERM and SIGHUP."""
        self.asked = True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP, which end a program, for a while."""
        before = {each: signal.signal(each, self) for each in _ENDING}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


@contextmanager
def _playwright() -> Iterator[Playwright]:
    """Playwright, with a process of its own that takes no notice of a Ctrl-C in the terminal they share."""
    before = {each: signal.signal(each, signal.SIG_IGN) for each in _ENDING}  # which a new process inherits
    try:
        playwright = sync_playwright().start()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    try:
        yield playwright
    finally:
        playwright.stop()


def require_display(environ: Mapping[str, str], platform: str = sys.platform) -> None:
    """Raise `ExploreError` where a browser can have no window."""
    if platform.startswith("linux") and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        raise ExploreError(
            "There is no display for the browser's window (neither DISPLAY nor WAYLAND_DISPLAY is set): run this in a "
            "terminal of a desktop session."
        )


@contextmanager
def folder_for(options: ExploreOptions) -> Iterator[Path]:
    """Give the folder of this engine's profile, to this exploration alone.

    Raises `ProfileInUse` if another one has it, and `ExploreError` if there should be an earlier profile and is none.
    """
    folder = options.data / options.engine
    profile = folder / "profile"
    if options.reopen and not profile.is_dir():
        raise ExploreError(f"There is no earlier profile in {folder}: leave out --reopen the first time.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise ExploreError(f"The folder {folder} can't be written: name another one with --data DIR.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ProfileInUse(profile) from error
        if processes_on(profile):
            raise ProfileInUse(profile)
        yield folder


def explore(options: ExploreOptions, engine: Engine, home: str, folder: Path) -> None:
    """Open the browser at `home`, and say what happens until the person has enough of it.

    `folder` holds the profile and what is noted beside it. Raises `ExploreError` and what the harness raises.
    """
    stop = Stop()
    with stop.listening(), EchoSite() as echo, _playwright() as playwright:
        profile = _profile(options, engine, folder, playwright)
        _start(profile)
        try:
            watcher = _begin(options, profile, echo, home, folder)
            try:
                if options.tour:
                    _take_tour(options, watcher, profile.context, home, stop)
                while not (stop.asked or watcher.closed):
                    watcher.wait()
            finally:
                watcher.look()
                write_jar(_note(folder), watcher.jar)
        finally:
            _close(profile)
        _say_end(options, watcher)


def _note(folder: Path) -> Path:
    return folder / "jar.json"


def _profile(options: ExploreOptions, engine: Engine, folder: Path, playwright: Playwright) -> Profile:
    """The earlier profile, or a fresh one in its place."""
    if not options.reopen:
        shutil.rmtree(folder / "profile", ignore_errors=True)
        _note(folder).unlink(missing_ok=True)
    return Profile(
        folder / "profile",
        engine,
        getattr(playwright, engine.name),
        options.settings,
        launch_arguments={"headless": False, **_OWN_HANDLERS},
        context_arguments={"no_viewport": True},  # the page is as large as the person makes the window
    )


def _start(profile: Profile) -> None:
    try:
        profile.open()
    except Error as error:
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        raise ExploreError(
            f"The browser did not start on the display {display}: {str(error).strip().splitlines()[0]}"
        ) from error


def _begin(options: ExploreOptions, profile: Profile, echo: EchoSite, home: str, folder: Path) -> Watcher:
    """Say what survived and what is proven, then watch; the site is opened unless its tabs came back by themselves."""
    # Before anything else: a tab that the browser brings back asks its site at once.
    jar = read_jar(profile.context)
    print(f"{profile.engine}", flush=True)
    if options.reopen:
        print(survival_sentence(read_kept_jar(_note(folder)), jar), flush=True)
    print(_prove(profile, echo, reopened=options.reopen), flush=True)
    print("Close the browser's window, or press Ctrl-C here, to end.\n", flush=True)
    watcher = Watcher(profile.context, home, jar, _say)
    if not options.tour and not (options.reopen and options.settings.restore):
        with contextlib.suppress(Error):  # the window shows what was wrong, or the person has closed it
            profile.context.pages[0].goto(home)
    return watcher


def _say(line: str) -> None:
    print(line, flush=True)


def _prove(profile: Profile, echo: EchoSite, *, reopened: bool) -> str:
    """Have the guard prove the policy, and say so.

    That a browser forgets at the close is proven by a close: not in a profile in which there is something to forget.
    """
    settings = profile.settings
    if settings.cookies is CookiePolicy.CLEAR_ON_EXIT and not reopened:
        prove_cleared_on_exit(profile, echo)
        proven = "this browser forgets all cookies when it is closed (it was closed and opened again to see)"
    else:
        prove_policy(profile.context, settings, echo)
        proven = _PROVEN[settings.cookies]
    return f"Proven: {proven}{_and_gpc(settings)}."


def _and_gpc(settings: BrowserSettings) -> str:
    return "; each request says Sec-GPC: 1" if settings.gpc else ""


def _take_tour(options: ExploreOptions, watcher: Watcher, context: BrowserContext, home: str, stop: Stop) -> None:
    page: Page = context.new_page() if options.settings.restore and options.reopen else context.pages[0]
    try:
        for comment in walk(page, home):
            watcher.look()
            _say(f"# {comment}")
            if stop.asked or watcher.closed:
                return
    except Error as error:
        if page.is_closed():
            _say("# The tour's page was closed, and so the tour ends.")
            return
        raise ExploreError(f"The tour could not go on: {str(error).strip().splitlines()[0]}") from error


def _close(profile: Profile) -> None:
    profile.close()
    wait_until_ended(profile.folder)  # of a browser that the person has closed too


def _say_end(options: ExploreOptions, watcher: Watcher) -> None:
    print("\nThe browser is closed. At the close the jar held", end="")
    cookies = list(keyed(watcher.jar).values())
    print(":" if cookies else " nothing.")
    for cookie in cookies:
        print(f"  {described(cookie, time.time())}")
    browser = "" if options.engine == "chromium" else f" --browser {options.engine}"
    print(f"To see what survived: scripts/explore{browser} --reopen", flush=True)
