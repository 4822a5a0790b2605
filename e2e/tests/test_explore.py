"""`scripts/explore`: a person watches, in a browser with a window, what enters and leaves the jar."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cookie_audit.declared import read_declared
from cookie_harness import BrowserSettings, CookiePolicy, Engine, JarCookie
from cookie_harness.displays import VirtualDisplay, XvfbMissing, find_xvfb
from cookie_harness.windows import close_front_window
from library_suite.cookie_names import CHOICE, CSRF, KNOWN, SESSION
from library_suite.explore.__main__ import main
from library_suite.explore.exchanges import Exchange, exchange_line, refused_lines
from library_suite.explore.exploration import require_display
from library_suite.explore.jar_changes import Jar, change_lines, survival_sentence
from library_suite.explore.kept_jar import read_kept_jar, write_jar
from library_suite.explore.options import CHECKOUT, ExploreOptions, parse
from library_suite.fixtures import OwnSite, SharedSite
from library_suite.site import Site

pytestmark = pytest.mark.promise("U6")

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has displays that nobody sees")
# Seconds: three browsers with a window, one after the other, each with its own start of Python, on a busy machine.
patient = pytest.mark.timeout(300)

HOME = "http://127.0.0.1:8000/"
NOW = 1_000_000.0
DAY = 86_400
END = "To see what survived:"


def cookie(name: str, value: str = "1", *, expires: float | None = NOW + DAY, path: str = "/") -> JarCookie:
    return JarCookie(name, value, "127.0.0.1", path, expires, http_only=True, secure=False, same_site="Lax")


# What is said, without a browser


def test_each_cookie_that_enters_changes_or_leaves_has_a_line() -> None:
    before = (cookie("gone"), cookie("same"), cookie("visits", "1", expires=NOW + DAY))
    after = (
        cookie("visits", "2", expires=NOW + 365 * DAY),
        cookie("same"),
        cookie("sessionid", "abcdefgh", expires=None, path="/shop"),
    )
    assert change_lines(before, after, NOW) == [
        "- gone (gone)",
        "+ sessionid=abcd…, lives until the browser closes, HttpOnly, SameSite=Lax, Path=/shop",
        "~ visits 1 -> 2, renewed, lives 365 days",
    ]
    assert change_lines(after, after, NOW) == []


def test_a_cookie_that_changes_its_kind_or_its_attributes_is_said_to() -> None:
    until_close, lasting = cookie("s", expires=None), cookie("s", expires=NOW + 14 * DAY)
    assert change_lines((until_close,), (lasting,), NOW) == ["~ s lives 14 days from now on"]
    assert change_lines((lasting,), (until_close,), NOW) == ["~ s lives until the browser closes from now on"]
    open_to_scripts = JarCookie("s", "1", "127.0.0.1", "/", None, http_only=False, secure=False, same_site=None)
    assert change_lines((until_close,), (open_to_scripts,), NOW) == ["~ s now without attributes"]


def test_two_cookies_of_one_name_are_told_apart_by_their_path() -> None:
    assert change_lines((cookie("a"),), (cookie("a"), cookie("a", path="/shop")), NOW) == [
        "+ a=1, lives 24 hours, HttpOnly, SameSite=Lax, Path=/shop"
    ]


def test_a_request_says_what_was_sent_along_and_a_picture_is_not_worth_a_line() -> None:
    assert exchange_line(Exchange("GET", HOME, 200), HOME) == "GET / (200), no cookie sent"
    page = Exchange("GET", f"{HOME}books/?q=x", 200, cookie="visits=1; a=b=c")
    assert exchange_line(page, HOME) == "GET /books/?q=x (200), sent a, visits"
    long = Exchange("GET", f"{HOME}?receipt={'x' * 400}", 200)
    assert exchange_line(long, HOME) == "GET /?… (200), no cookie sent"
    elsewhere = Exchange("POST", "http://localhost:8000/x", 302)
    assert exchange_line(elsewhere, HOME) == "POST http://localhost:8000/x (302), no cookie sent"
    assert exchange_line(Exchange("GET", f"{HOME}a.png", 200, is_page=False), HOME) is None
    tracking = Exchange("GET", f"{HOME}a.png", 200, set_cookie=("t=1",), is_page=False)
    assert exchange_line(tracking, HOME) == "GET /a.png (200), no cookie sent"


def test_what_the_site_sent_and_the_browser_did_not_keep_is_said() -> None:
    sent = [
        Exchange("GET", HOME, 200, set_cookie=("visits=1; Path=/", "sessionid=abcdefgh; HttpOnly", "old=; Max-Age=0"))
    ]
    assert refused_lines(sent, (), (), NOW) == [
        "! visits=1 was sent by the site, but the browser kept nothing",
        "! sessionid=abcd… was sent by the site, but the browser kept nothing",
    ]
    kept = (cookie("visits", "1"), cookie("sessionid", "abcdefgh"))
    assert refused_lines(sent, (), kept, NOW) == []
    from_before = (cookie("visits", "7"), cookie("sessionid", "abcdefgh"))
    assert refused_lines(sent, from_before, from_before, NOW) == [
        "! visits=1 was sent by the site, but the browser kept its old one"
    ]


def test_a_cookie_that_a_later_answer_replaced_or_deleted_was_not_refused() -> None:
    first, then = (
        Exchange("GET", HOME, 200, set_cookie=("a=1", "b=1")),
        Exchange("GET", HOME, 200, set_cookie=("a=2", "b=; Max-Age=0")),
    )
    assert refused_lines([first, then], (), (cookie("a", "2"),), NOW) == []


def test_what_survived_a_close_is_said_in_one_sentence(tmp_path: Path) -> None:
    session, visits, last = cookie("sessionid", "x"), cookie("visits"), cookie("last_visit")
    assert survival_sentence((session, visits, last), (visits, last)) == (
        "Reopened: sessionid is gone; last_visit, visits survived."
    )
    assert survival_sentence((session, visits), ()) == "Reopened: sessionid, visits are gone; nothing survived."
    assert survival_sentence((visits,), (cookie("visits", "2"),)) == (
        "Reopened: visits came back with another value; nothing survived."
    )
    assert survival_sentence((), ()) == "Reopened: the jar was empty at the close."
    jar: Jar = (session, cookie("until close", expires=None))
    assert read_kept_jar(tmp_path / "jar.json") == ()
    write_jar(tmp_path / "jar.json", jar)
    assert read_kept_jar(tmp_path / "jar.json") == jar


# What is asked


def test_every_option_reaches_the_browsers_settings(tmp_path: Path) -> None:
    assert parse([]) == ExploreOptions()
    given = parse(
        [
            *("--browser", "firefox", "--cookies=clear-on-exit", "--reopen", "--restore", "--gpc", "--tour"),
            *("--url", "https://library.example/x", "--data", str(tmp_path)),
        ]
    )
    settings = BrowserSettings(cookies=CookiePolicy.CLEAR_ON_EXIT, gpc=True, restore=True)
    assert given == ExploreOptions(
        "firefox", settings, "https://library.example/x", reopen=True, tour=True, data=tmp_path
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--cookies", "some"], "--cookies takes one of accept, block, block-third-party, clear-on-exit, not “some”"),
        (["--browser", "opera"], "--browser takes one of chromium, firefox, not “opera”"),
        (["--cookie", "block"], "Unknown option --cookie"),
        (["--port", "many"], "--port takes a number from 0 to 65535"),
        (["--port", "65536"], "--port takes a number from 0 to 65535"),
        (["--url", "library.example"], "--url takes an address such as http://127.0.0.1:8000/"),
        (["--url", HOME, "--port", "1"], "not allowed with argument"),
        (["--cookies"], "expected one argument"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_a_missing_profile_and_a_site_that_does_not_answer_are_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert main(["--data", str(tmp_path), "--reopen"]) == 1
    assert capsys.readouterr().err == (
        f"There is no earlier profile in {tmp_path / 'chromium'}: leave out --reopen the first time.\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    earlier = tmp_path / "chromium" / "profile"
    earlier.mkdir(parents=True)
    assert main(["--data", str(tmp_path), "--url", address]) == 1
    assert capsys.readouterr().err == (
        f"Nothing answers at {address}: start the site there, or leave out --url to have the demo.\n"
    )
    assert earlier.is_dir(), "a start that fails leaves the earlier profile alone"


def test_only_linux_needs_to_name_its_display() -> None:
    require_display({"DISPLAY": ":0"}, "linux")
    require_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    require_display({}, "darwin")


def test_a_missing_xvfb_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(XvfbMissing, match="apt-get install xvfb"):
        find_xvfb({"PATH": str(tmp_path)})


# The script itself, with real browsers that have a window


class Terminal:
    """What a person has before them: the script's lines, and Ctrl-C."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def read_until(self, beginning: str) -> list[str]:
        """Read on to the line that begins so, and give the lines on the way; fails if the script ends before."""
        assert self.process.stdout is not None
        start = len(self.lines)
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith(beginning):
                return self.lines[start:]
        raise AssertionError(f"No line begins with {beginning!r}:\n" + "\n".join(self.lines))

    def press_ctrl_c(self) -> list[str]:
        """As a terminal does it, to everything that runs in its foreground."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.read_to_the_end()

    def read_to_the_end(self) -> list[str]:
        last = self.read_until(END)
        assert self.process.stdout is not None
        assert self.process.stdout.read() == ""
        assert self.process.wait(30) == 0
        return last


@pytest.fixture(scope="module")
def display() -> Iterator[VirtualDisplay]:
    with VirtualDisplay() as display:
        yield display


@contextmanager
def exploring(display: VirtualDisplay, *arguments: str) -> Iterator[Terminal]:
    script = subprocess.Popen(
        [CHECKOUT / "scripts" / "explore", *arguments],
        env={
            **{name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"},
            "DISPLAY": display.name,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert script.stdout is not None
    try:
        yield Terminal(script)
    finally:
        if script.poll() is None:
            # So that it closes what it has opened; only what is stuck is killed.
            script.terminate()
            try:
                script.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(script.pid, signal.SIGKILL)
        script.wait()
        script.stdout.close()


def known_part(said: str, site: Site) -> str:
    """What was said of the cookies that this suite knows: a new one that the site declares stands in no expectation."""
    names = (re.escape(each.name) for each in read_declared(site.url).cookies if each.name not in KNOWN)
    new = "|".join(names) or "(?!)"
    return re.sub(rf"\b({new}), |, ({new})\b", "", said)


@linux_only
@patient
def test_a_tour_says_what_enters_the_jar_and_each_reopening_what_survived(
    display: VirtualDisplay, engine: Engine, library_with: SharedSite, tmp_path: Path
) -> None:
    site = library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true")
    how = ("--browser", engine.name, "--url", site.url, "--data", str(tmp_path))
    with exploring(display, *how, "--tour") as terminal:
        first = terminal.read_until("# Tour, 2 of 4: “Accept all”")
        assert "Proven: this browser keeps cookies and sends them back." in first
        assert [line for line in first if line.startswith("GET")] == ["GET / (200), no cookie sent"]
        assert not [line for line in first if line.lstrip().startswith("+")], "nothing enters before an answer"
        accepted = "\n".join(terminal.read_until("# The page says that the answer was kept."))
        assert re.search(
            r"^  \+ __Host-cookie_choice=.{4}…, lives 180 days, HttpOnly, Secure, SameSite=Lax$",
            accepted,
            re.MULTILINE,
        )
        rest = "\n".join(terminal.read_until("# The tour is over"))
        both = accepted + rest
        assert re.search(r"^  \+ visits=1, lives 365 days, ", both, re.MULTILINE)
        assert re.search(
            r"^  \+ __Host-sessionid=.{4}…, lives until the browser closes, HttpOnly, ", both, re.MULTILINE
        )
        assert f"GET / (200), sent {CHOICE}, {CSRF}, {SESSION}, last_visit, visits" in known_part(rest, site)
        assert "# The page counts: visit 3 by the session, 1 by cookies" in rest
        assert "# The page says that cookies work." in rest
        assert not re.search(r"^  !", both, re.MULTILINE)
        last = terminal.press_ctrl_c()
        assert "The browser is closed. At the close the jar held:" in last
        assert any(line.startswith("  visits=1, lives 365 days") for line in last)
    with exploring(display, *how, "--reopen", "--restore") as terminal:
        said = terminal.read_until("Proven:")
        said = known_part("\n".join(said), site).splitlines()
        assert f"Reopened: {CHOICE}, {CSRF}, {SESSION}, last_visit, visits survived." in said
        terminal.press_ctrl_c()
    with exploring(display, *how, "--reopen") as terminal:
        said = terminal.read_until("GET /")
        said = known_part("\n".join(said), site).splitlines()
        assert f"Reopened: {CSRF}, {SESSION} are gone; {CHOICE}, last_visit, visits survived." in said
        assert said[-1] == f"GET / (200), sent {CHOICE}, last_visit, visits"
        terminal.press_ctrl_c()


@linux_only
@patient
def test_a_browser_that_blocks_is_seen_to_send_and_to_keep_nothing(
    display: VirtualDisplay, engine: Engine, library_with: SharedSite, tmp_path: Path
) -> None:
    how = ("--browser", engine.name, "--url", library_with().url, "--data", str(tmp_path))
    with exploring(display, *how, "--cookies", "block", "--tour") as terminal:
        said = terminal.read_until("# The tour is over")
        assert "Proven: this browser blocks cookies: it keeps none, sends none, and shows none to scripts." in said
        requests = [line for line in said if re.match(r"(GET|POST) ", line)]
        assert len(requests) >= 6
        assert {line.rpartition(", ")[2] for line in requests} == {"no cookie sent"}
        refused = [line.partition("=")[0] for line in said if line.endswith("but the browser kept nothing")]
        assert refused == [f"  ! {CHOICE}", f"  ! {SESSION}"]
        assert "# The page says that the answer was lost: no cookie came back." in said
        assert said[-2] == "# The page says that cookies do not work."
        assert sum(line.startswith("# The page counts: visit 1 by") for line in said) == 3
        assert terminal.press_ctrl_c()[-2] == "The browser is closed. At the close the jar held nothing."


@linux_only
@patient
def test_it_ends_with_the_window_and_a_second_one_keeps_off_the_profile(
    display: VirtualDisplay, engine: Engine, library_with: SharedSite, tmp_path: Path
) -> None:
    how = ("--browser", engine.name, "--url", library_with().url, "--data", str(tmp_path))
    with exploring(display, *how, "--cookies", "clear-on-exit", "--gpc") as terminal:
        said = terminal.read_until("GET / (200), no cookie sent")
        assert (
            "Proven: this browser forgets all cookies when it is closed (it was closed and opened again to see); "
            "each request says Sec-GPC: 1."
        ) in said
        profile = tmp_path / engine.name / "profile"
        with exploring(display, *how) as second:
            assert second.process.wait(60) == 1
            assert second.process.stdout is not None
            assert second.process.stdout.read() == (
                f"The profile {profile} is open in a browser already: close that one first.\n"
            )
        close_front_window(display.name)
        assert terminal.read_to_the_end()[-2] == "The browser is closed. At the close the jar held nothing."


@linux_only
@patient
def test_it_starts_the_demo_where_none_runs_and_stops_it_at_the_end(
    display: VirtualDisplay, own_library: OwnSite, tmp_path: Path
) -> None:
    # A demo that was here before: a first start would load the whole collection.
    site = own_library()
    site.stop()
    data = tmp_path / "explore"
    data.mkdir()
    site.data.rename(data / "demo")
    with exploring(display, "--port", "0", "--data", str(data)) as terminal:
        terminal.read_until("GET / (200), no cookie sent")
        found = re.search(r"The demo runs at http://127\.0\.0\.1:(\d+)/ and is stopped", "\n".join(terminal.lines))
        assert found
        socket.create_connection(("127.0.0.1", int(found[1]))).close()
        terminal.press_ctrl_c()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(found[1])))


@linux_only
def test_without_a_display_it_says_so_in_one_sentence() -> None:
    """Asked for without `scripts/explore`, which may have to install something first and says that too."""
    without = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    explore = [sys.executable, "-m", "library_suite.explore"]
    said = subprocess.run(explore, cwd=CHECKOUT, env=without, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.startswith("There is no display for the browser's window")
    assert len(said.stderr.splitlines()) == 1
