"""What the installer decides, without installing anything."""

from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.harness.engines import BrowserMissing, Engine, EngineName
from e2e.harness.install import Powers, Step, install, package_steps, playwright_steps

pytestmark = pytest.mark.promise("H2")

ROOT, SUDO, NOBODY = Powers((), apt=True), Powers(("sudo", "-n"), apt=True), Powers(None, apt=True)


class Machine:
    """A machine that has some browsers, and on which commands that mention `helpful` bring the others."""

    def __init__(self, *present: EngineName, helpful: str = "nothing helps") -> None:
        self.present: set[str] = set(present)
        self.helpful = helpful
        self.ran: list[Step] = []

    def find(self, name: str) -> Engine:
        if name not in self.present:
            raise BrowserMissing("firefox" if name == "firefox" else "chromium")
        return Engine("chromium", Path("/usr/bin") / name, None, "1.0", "system")

    def run(self, step: Step) -> bool:
        self.ran.append(step)
        if helps := self.helpful in step.command:
            self.present |= {"chromium", "firefox"}
        return helps or "update" in step.command


def install_on(machine: Machine, powers: Powers) -> int:
    return install(machine.find, machine.run, lambda: powers)


def test_with_everything_in_place_nothing_runs_and_each_engine_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine("chromium", "firefox")
    assert install_on(machine, ROOT) == 0
    assert machine.ran == []
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_playwrights_builds_are_tried_first_and_suffice() -> None:
    machine = Machine("chromium", helpful="playwright")
    assert install_on(machine, ROOT) == 0
    assert [step.command[3:] for step in machine.ran] == [
        ("install", "--no-shell", "firefox"),
        ("install-deps", "firefox"),
    ]


def test_packages_follow_where_playwrights_host_cannot_be_reached() -> None:
    machine = Machine(helpful="firefox-esr")
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
def test_only_what_is_missing_is_installed(steps: Callable[[list[EngineName], Powers], list[Step]]) -> None:
    assert not any("chromium" in step.command for step in steps(["firefox"], ROOT))


def test_sudo_comes_first_and_asks_for_no_password() -> None:
    assert all(step.command[:2] == ("sudo", "-n") for step in package_steps(["firefox"], SUDO))
