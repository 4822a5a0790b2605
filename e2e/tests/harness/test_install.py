"""What the installer decides, without installing anything."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cookie_harness.displays import XvfbMissing
from cookie_harness.engines import BrowserMissing, Engine
from cookie_harness.install import (
    PARTS,
    Part,
    Powers,
    Step,
    install,
    package_steps,
    parts_for,
    parts_named,
    playwright_steps,
)

pytestmark = pytest.mark.promise("H2")

ROOT, SUDO, NOBODY = Powers((), apt=True), Powers(("sudo", "-n"), apt=True), Powers(None, apt=True)


class Machine:
    """A machine that has some parts, and on which commands that mention `helpful` bring the others."""

    def __init__(self, *present: Part, helpful: str = "nothing helps") -> None:
        self.present: set[str] = set(present)
        self.helpful = helpful
        self.ran: list[Step] = []

    def find(self, name: Part) -> Engine | Path:
        if name not in self.present:
            raise XvfbMissing if name == "xvfb" else BrowserMissing(name)
        if name == "xvfb":
            return Path("/usr/bin/Xvfb")
        return Engine("chromium", Path("/usr/bin") / name, None, "1.0", "system")

    def run(self, step: Step) -> bool:
        self.ran.append(step)
        if helps := self.helpful in step.command:
            self.present |= set(PARTS)
        return helps or "update" in step.command


def install_on(machine: Machine, powers: Powers) -> int:
    return install(parts_for("linux"), machine.find, machine.run, lambda: powers)


def test_with_everything_in_place_nothing_runs_and_each_part_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine("chromium", "firefox", "xvfb")
    assert install_on(machine, ROOT) == 0
    assert machine.ran == []
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_playwrights_builds_are_tried_first_and_suffice() -> None:
    machine = Machine("chromium", helpful="playwright")
    assert install_on(machine, ROOT) == 0
    assert [step.command[3:] for step in machine.ran] == [
        ("install", "--no-shell", "firefox"),
        ("install-deps", "firefox"),
    ]


def test_packages_follow_where_playwrights_host_cannot_be_reached() -> None:
    machine = Machine("xvfb", helpful="firefox-esr")
    assert install_on(machine, ROOT) == 0
    assert [step.command[-1] for step in machine.ran] == ["firefox", "-a", "update", "firefox-esr"]


def test_an_installation_that_was_cut_off_is_finished_first_and_need_not_succeed() -> None:
    machine = Machine(helpful="firefox-esr")
    install_on(machine, ROOT)
    settling, *others = [step for step in machine.ran if "playwright" not in step.command]
    assert settling.command[-3:] == ("dpkg", "--configure", "-a")
    assert not machine.run(settling)
    assert all(step.needed for step in others)


def test_when_nothing_helps_the_sentence_names_both_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert install_on(Machine(), NOBODY) == 1
    shown = capsys.readouterr().out
    assert "playwright install" in shown
    assert "apt-get install" in shown


def test_without_root_and_without_sudo_there_is_no_step_that_needs_root() -> None:
    assert package_steps(["chromium"], NOBODY) == []
    assert len(playwright_steps(["chromium"], NOBODY)) == 1


@pytest.mark.parametrize("steps", [playwright_steps, package_steps])
def test_only_what_is_missing_is_installed(steps: Callable[[list[Part], Powers], list[Step]]) -> None:
    assert not any("chromium" in step.command for step in steps(["firefox"], ROOT))


def test_xvfb_comes_from_the_packages_alone() -> None:
    machine = Machine("chromium", "firefox", helpful="xvfb")
    assert install_on(machine, ROOT) == 0
    assert [step.command[-1] for step in machine.ran] == ["-a", "update", "xvfb"]


def test_a_missing_xvfb_fails_the_installation_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert install_on(Machine("chromium", "firefox"), ROOT) == 1
    assert "No Xvfb was found" in capsys.readouterr().out


def test_all_is_installed_unless_parts_are_named_and_xvfb_on_linux_alone() -> None:
    assert parts_named([], "linux") == ("chromium", "firefox", "xvfb")
    assert parts_named([], "darwin") == parts_for("darwin") == ("chromium", "firefox")
    assert parts_named(["firefox"], "linux") == ("firefox",)
    with pytest.raises(SystemExit, match="Only chromium, firefox, webkit, xvfb can be installed, not opera"):
        parts_named(["opera"], "linux")


def test_webkit_is_installed_when_it_is_named_and_comes_from_playwright_alone() -> None:
    assert parts_named(["webkit"], "linux") == ("webkit",)
    machine = Machine(helpful="nothing helps")
    assert install(parts_named(["webkit"]), machine.find, machine.run, lambda: ROOT) == 1
    assert [step.command[3:] for step in machine.ran] == [("install", "--no-shell", "webkit")]


def test_sudo_comes_first_and_asks_for_no_password() -> None:
    assert all(step.command[:2] == ("sudo", "-n") for step in package_steps(["firefox"], SUDO))
