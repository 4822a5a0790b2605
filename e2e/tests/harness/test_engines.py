"""Which browser is driven, decided without starting one."""

from pathlib import Path

import pytest

from cookie_harness.engines import (
    DEFAULT_ENGINES,
    ENGINE_NAMES,
    BrowserMissing,
    BrowserRefused,
    Engine,
    EngineName,
    browsers_folder,
    channel_of,
    find_engine,
    given_executable,
    started_version,
    system_executable,
    version_in,
    winner,
)

pytestmark = pytest.mark.promise("H2")

GIVEN, MANAGED, SYSTEM, FOLDER = Path("/given"), Path("/folder/managed"), Path("/usr/bin/system"), Path("/folder")


def binary(path: Path, version: str = "Chromium 1.2.3.4") -> Path:
    """A file that passes for a browser as long as only its version is asked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{version}'\n")
    path.chmod(0o755)
    return path


def test_the_environment_beats_playwrights_build_beats_the_system() -> None:
    assert winner("chromium", given=GIVEN, managed=MANAGED, system=SYSTEM) == ("given", GIVEN)
    assert winner("chromium", given=None, managed=MANAGED, system=SYSTEM) == ("managed", MANAGED)
    assert winner("chromium", given=None, managed=None, system=SYSTEM) == ("system", SYSTEM)


def test_a_run_drives_chromium_and_firefox_unless_told_otherwise() -> None:
    assert DEFAULT_ENGINES == ("chromium", "firefox")
    assert ENGINE_NAMES == ("chromium", "firefox", "webkit")


@pytest.mark.parametrize(("name", "package"), [("chromium", "chromium"), ("firefox", "firefox-esr")])
def test_a_missing_browser_names_both_commands_that_install_it(name: EngineName, package: str) -> None:
    with pytest.raises(BrowserMissing) as caught:
        winner(name, given=None, managed=None, system=None)
    assert f"playwright install --no-shell {name}" in str(caught.value)
    assert f"apt-get install {package}" in str(caught.value)


def test_a_missing_webkit_names_playwrights_build_and_what_to_do_without(tmp_path: Path) -> None:
    """Really missing: Playwright looks into an empty folder, and a system's WebKit is none that it could drive."""
    binary(tmp_path / "bin" / "MiniBrowser", "WebKitGTK 2.50.6")
    with pytest.raises(BrowserMissing) as caught:
        find_engine("webkit", {"PATH": str(tmp_path / "bin"), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)})
    assert "playwright install --no-shell webkit" in str(caught.value)
    assert "run the other engines" in str(caught.value)
    assert "apt-get" not in str(caught.value)


def test_a_webkit_is_always_playwrights_own_and_needs_no_arguments(tmp_path: Path) -> None:
    assert given_executable("webkit", {"E2E_WEBKIT": str(tmp_path / "nowhere")}) is None
    assert channel_of("webkit", "managed", MANAGED, FOLDER) is None
    engine = Engine("webkit", MANAGED, None, "27.2", "managed")
    assert (engine.driver, engine.launch_arguments) == ("Inspector", {})


def test_a_build_that_does_not_start_is_refused_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(
        BrowserRefused,
        match=r"Playwright's webkit does not start: BrowserType.launch: Executable doesn't exist .* playwright install",
    ):
        started_version("webkit")


def test_playwrights_chromium_is_asked_for_by_channel_as_a_full_browser() -> None:
    assert channel_of("chromium", "managed", MANAGED, FOLDER) == "chromium"
    assert channel_of("chromium", "system", SYSTEM, FOLDER) is None


@pytest.mark.parametrize(
    ("executable", "channel", "driver"),
    [("/folder/firefox-1/firefox", None, "Juggler"), ("/usr/bin/firefox", "moz-firefox", "BiDi")],
)
def test_a_firefox_below_playwrights_folder_is_its_own_and_any_other_a_stock_one(
    executable: str, channel: str | None, driver: str
) -> None:
    assert channel_of("firefox", "given", Path(executable), FOLDER) == channel
    assert Engine("firefox", Path(executable), channel, "1.0", "given").driver == driver


def test_a_managed_build_is_found_by_playwright_and_any_other_by_its_path() -> None:
    managed = Engine("chromium", MANAGED, "chromium", "1.0", "managed")
    system = Engine("firefox", SYSTEM, "moz-firefox", "1.0", "system")
    assert managed.launch_arguments == {"channel": "chromium"}
    assert system.launch_arguments == {"channel": "moz-firefox", "executable_path": str(SYSTEM)}


def test_a_given_binary_is_taken_with_its_version(tmp_path: Path) -> None:
    executable = binary(tmp_path / "browser")
    engine = find_engine("chromium", {"E2E_CHROMIUM": str(executable), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)})
    assert engine == Engine("chromium", executable, None, "1.2.3.4", "given")


def test_a_given_binary_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrowserRefused, match=r"E2E_FIREFOX names .*nowhere"):
        given_executable("firefox", {"E2E_FIREFOX": str(tmp_path / "nowhere")})


@pytest.mark.parametrize("name", ["chromium-headless-shell", "headless_shell", "link"])
def test_a_given_headless_shell_is_refused(tmp_path: Path, name: str) -> None:
    binary(tmp_path / "chromium-headless-shell")
    binary(tmp_path / "headless_shell")
    (tmp_path / "link").symlink_to(tmp_path / "headless_shell")
    with pytest.raises(BrowserRefused, match="headless shell"):
        given_executable("chromium", {"E2E_CHROMIUM": str(tmp_path / name)})


def test_a_binary_that_does_not_start_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\necho 'libnss3.so is missing' >&2\nexit 127\n")
    broken.chmod(0o755)
    with pytest.raises(BrowserRefused, match=r"libnss3.so is missing"):
        find_engine("firefox", {"E2E_FIREFOX": str(broken)})


def test_a_system_browser_is_looked_for_on_the_path_in_a_fixed_order(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path)}
    assert system_executable("firefox", environ) is None
    second = binary(tmp_path / "firefox")
    assert system_executable("firefox", environ) == second
    first = binary(tmp_path / "firefox-esr")
    assert system_executable("firefox", environ) == first


def test_an_engine_that_the_harness_does_not_drive_is_refused() -> None:
    with pytest.raises(BrowserRefused, match="opera is not driven by this harness, only chromium, firefox, webkit are"):
        find_engine("opera")


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"HOME": "/home/me"}, "/home/me/.cache/ms-playwright"),
        ("linux", {"HOME": "/home/me", "XDG_CACHE_HOME": "/cache"}, "/cache/ms-playwright"),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Caches/ms-playwright"),
        ("linux", {"HOME": "/home/me", "PLAYWRIGHT_BROWSERS_PATH": "/browsers"}, "/browsers"),
    ],
)
def test_playwrights_browser_folder_is_where_playwright_puts_it(
    platform: str, environ: dict[str, str], folder: str
) -> None:
    assert browsers_folder(environ, platform) == Path(folder)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Mozilla Firefox 153.7.0esr", "153.7.0esr"),
        ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)", "156.0.8078.79"),
        ("nothing of the kind", "unknown"),
    ],
)
def test_the_version_is_picked_out_of_what_the_binary_prints(text: str, version: str) -> None:
    assert version_in(text) == version
