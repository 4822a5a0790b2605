"""Finds the browser that a run drives: which binary, which version, and over which protocol.

The first that exists wins: the binary that the environment names (``E2E_CHROMIUM``, ``E2E_FIREFOX``), Playwright's own
build, the system's. Of WebKit there is Playwright's own build alone: no other understands it. A missing browser is an
error, never a skipped test.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import playwright

EngineName = Literal["chromium", "firefox", "webkit"]
Kind = Literal["given", "managed", "system"]

ENGINE_NAMES: tuple[EngineName, ...] = get_args(EngineName)
DEFAULT_ENGINES: tuple[EngineName, ...] = ("chromium", "firefox")
"""What a run drives that names none: those that can be had on every machine, and told every cookie policy."""
ENVIRONMENT_VARIABLES: dict[EngineName, str] = {"chromium": "E2E_CHROMIUM", "firefox": "E2E_FIREFOX"}
SYSTEM_COMMANDS: dict[EngineName, tuple[str, ...]] = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
    "webkit": (),
}
PACKAGES: dict[EngineName, str] = {"chromium": "chromium", "firefox": "firefox-esr"}

# Seconds; `--version` answers in well under one.
VERSION_TIMEOUT = 30


class EngineError(RuntimeError):
    """No usable browser: the message is one sentence for whoever runs the tests."""


class BrowserMissing(EngineError):
    """The browser is nowhere on this machine; the message names the commands that install it."""

    def __init__(self, name: EngineName) -> None:
        found_nowhere = f"No {name} was found: install one with `python -m playwright install --no-shell {name}`"
        elsewhere = (
            f" or with `apt-get install {PACKAGES[name]}`, or name a binary in {ENVIRONMENT_VARIABLES[name]}."
            if name in PACKAGES
            else "; where Playwright has no build for the machine, or it can't be downloaded, run the other engines."
        )
        super().__init__(found_nowhere + elsewhere)


class BrowserRefused(EngineError):
    """The browser that was found or named cannot serve: it does not exist, does not start, or is a headless shell."""


@dataclass(frozen=True)
class Engine:
    """One browser binary, and how Playwright is told to drive it."""

    name: EngineName
    executable: Path
    channel: str | None
    version: str
    kind: Kind

    @property
    def driver(self) -> Literal["CDP", "Juggler", "BiDi", "Inspector"]:
        """The protocol: Playwright's patched Firefox speaks Juggler, a stock one WebDriver BiDi."""
        if self.name == "chromium":
            return "CDP"
        if self.name == "webkit":
            return "Inspector"
        return "BiDi" if self.channel else "Juggler"

    @property
    def launch_arguments(self) -> dict[str, Any]:
        """What `launch` and `launch_persistent_context` need to start this binary and no other."""
        arguments: dict[str, Any] = {"channel": self.channel} if self.channel else {}
        if self.kind != "managed":
            arguments["executable_path"] = str(self.executable)
        return arguments

    def __str__(self) -> str:
        return f"{self.name} {self.version}, {self.kind} {self.executable}, driven over {self.driver}"


def find_engine(name: str, environ: Mapping[str, str] | None = None) -> Engine:
    """Find the browser for `name`, one of `ENGINE_NAMES`.

    Raises `BrowserMissing` where there is none, and `BrowserRefused` for a binary that cannot serve.
    """
    environ = os.environ if environ is None else environ
    if name not in ENGINE_NAMES:
        raise BrowserRefused(f"{name} is not driven by this harness, only {', '.join(ENGINE_NAMES)} are.")
    folder = browsers_folder(environ)
    kind, executable = winner(
        name,
        given=given_executable(name, environ),
        managed=managed_executable(name, folder),
        system=system_executable(name, environ),
    )
    version = started_version(name) if name == "webkit" else version_of(executable)
    return Engine(name, executable, channel_of(name, kind, executable, folder), version, kind)


def winner(name: EngineName, *, given: Path | None, managed: Path | None, system: Path | None) -> tuple[Kind, Path]:
    """Say which of the browsers found is driven; raises `BrowserMissing` if there is none."""
    found: tuple[tuple[Kind, Path | None], ...] = (("given", given), ("managed", managed), ("system", system))
    for kind, executable in found:
        if executable is not None:
            return kind, executable
    raise BrowserMissing(name)


def channel_of(name: EngineName, kind: Kind, executable: Path, folder: Path) -> str | None:
    """Choose Playwright's channel for a binary.

    Chromium: "chromium" for Playwright's own build, because without a channel Playwright starts its headless shell,
    which ignores the user's cookie settings. Firefox: a binary below Playwright's browser folder is its own patched
    build (Juggler, no channel); any other is a stock one, driven over BiDi by the channel "moz-firefox". WebKit has no
    channel.
    """
    if name == "chromium":
        return "chromium" if kind == "managed" else None
    if name == "webkit":
        return None
    return None if executable.resolve().is_relative_to(folder.resolve()) else "moz-firefox"


def given_executable(name: EngineName, environ: Mapping[str, str]) -> Path | None:
    """Read the binary that the environment names; raises `BrowserRefused` if it is no file or a headless shell."""
    variable = ENVIRONMENT_VARIABLES.get(name, "")
    if not (value := environ.get(variable)):
        return None
    executable = Path(value).expanduser()
    if not executable.is_file():
        raise BrowserRefused(f"{variable} names {value}, where there is no browser.")
    if is_headless_shell(executable):
        raise BrowserRefused(
            f"{variable} names a headless shell ({value}), which ignores cookie settings: name a full Chromium."
        )
    return executable


def is_headless_shell(executable: Path) -> bool:
    """Tell by its file name whether a binary is the headless shell, which ignores the settings in a profile."""
    names = {executable.name, executable.resolve().name}
    return any("headless-shell" in name.lower().replace("_", "-") for name in names)


def browsers_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where Playwright keeps the browsers that it downloads."""
    chosen = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":  # "beside the package", in Playwright's words
        return Path(playwright.__file__).parent / "driver" / "package" / ".local-browsers"
    if chosen:
        return Path(chosen)
    home = Path(environ.get("HOME") or Path.home())
    if platform == "darwin":
        return home / "Library" / "Caches" / "ms-playwright"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ms-playwright"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"


def managed_executable(name: EngineName, folder: Path) -> Path | None:
    """Playwright's own full build, if it is on disk.

    Playwright itself is asked for the path, in a process of its own: its synchronous API cannot start twice in one.
    """
    if not any(folder.glob(f"{name}-*")):
        return None
    executable = Path(_playwright_says(name, "executable_path"))
    return executable if executable.is_file() else None


def started_version(name: EngineName) -> str:
    """Start Playwright's own build and hear its version; raises `BrowserRefused` if it does not start.

    For WebKit, whose launcher has no `--version`.
    """
    try:
        return _playwright_says(name, "launch().version")
    except subprocess.CalledProcessError as error:
        _, _, said = error.stderr.partition("Error: ")
        words = " ".join(re.sub("[╔═╗║╚╝]", " ", said or error.stderr).split())  # Playwright's are in a frame
        raise BrowserRefused(f"Playwright's {name} does not start: {words}") from error


def _playwright_says(name: EngineName, question: str) -> str:
    program = (
        "import json; from playwright.sync_api import sync_playwright\n"
        f"with sync_playwright() as p: print(json.dumps(p.{name}.{question}))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return str(json.loads(answer.stdout))


def system_executable(name: EngineName, environ: Mapping[str, str]) -> Path | None:
    """The system's browser: the first of its known commands that is on the path."""
    found = (shutil.which(command, path=environ.get("PATH", "")) for command in SYSTEM_COMMANDS[name])
    return next((Path(path) for path in found if path and not is_headless_shell(Path(path))), None)


def version_of(executable: Path) -> str:
    """Ask the binary for its version; raises `BrowserRefused` if it does not start."""
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        last_words = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1]
        raise BrowserRefused(f"{executable} does not tell its version: {last_words}") from error
    return version_in(answer.stdout)


def version_in(text: str) -> str:
    """Pick the version out of what `--version` printed, such as "Mozilla Firefox 153.7.0esr"."""
    match = re.search(r"\d+(\.\d+)+\w*", text)
    return match.group() if match else "unknown"
