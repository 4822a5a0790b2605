"""Answers banners by the rules of DuckDuckGo's autoconsent, where its npm package is installed; none of it is copied.

The package's script for Playwright talks by messages (`lib/messages.ts` there): it asks for rules, says whether it
knows the banner, and what came of answering it.
"""

import contextlib
import json
import subprocess
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Error, Frame, Page

PACKAGE = Path("@duckduckgo", "autoconsent")
_SCRIPT = Path("dist", "autoconsent.playwright.js")
_RULES = Path("rules", "rules.json")
# Milliseconds until it must have said what came of it.
PATIENCE = 15_000
_SLICE = 250
_NPM_PATIENCE = 10

Action = Literal["optIn", "optOut"]


class AutoconsentUnusable(RuntimeError):
    """The package is not there, or has another form than it had; the message is one sentence."""


@dataclass
class _Answer:
    """What the script says of one page."""

    manager: str = ""
    result: bool | None = None


@dataclass
class Autoconsent:
    """The package in a folder. It works in the contexts that `join` was called with."""

    script: str
    rules: dict[str, Any]
    _answer: _Answer = field(default_factory=_Answer)
    _action: Action = "optOut"
    _heard: deque[tuple[Frame, object]] = field(default_factory=deque)

    def join(self, context: BrowserContext) -> None:
        """Let the script's messages come through, in a context with no page yet."""

        # What is heard is answered from outside: whoever is told something can't ask Playwright for anything meanwhile.
        def hear(source: Any, message: object) -> None:
            self._heard.append((source["frame"], message))

        context.expose_binding("autoconsentSendMessage", hear)

    def answer(self, page: Page, action: Action) -> str:
        """Answer the banner on a page: the manager's name, or "" if the rules know none, or fail."""
        self._answer, self._action = _Answer(), action
        self._heard.clear()
        for frame in page.frames:
            with contextlib.suppress(Error):
                frame.evaluate(self.script)
        waited = 0
        while self._answer.result is None and waited < PATIENCE:
            while self._heard:
                self._hear(*self._heard.popleft())
            page.wait_for_timeout(_SLICE)  # messages come in meanwhile; the script itself looks again and again
            waited += _SLICE
        return self._answer.manager if self._answer.result else ""

    def _hear(self, frame: Frame, message: object) -> None:
        """Any page can call this too: what has another form is left out."""
        if not isinstance(message, Mapping):
            return
        match message.get("type"):
            case "init":
                self._tell(frame, {"type": "initResp", "rules": self.rules, "config": self._config()})
            case "eval":
                self._evaluate(frame, str(message.get("id")), str(message.get("code")))
            case "cmpDetected" | "popupFound":
                self._answer.manager = str(message.get("cmp"))
            case "optInResult" | "optOutResult":
                self._answer.result = bool(message.get("result"))

    def _evaluate(self, frame: Frame, number: str, code: str) -> None:
        result: object = False
        with contextlib.suppress(Error):
            result = frame.evaluate(code)
        self._tell(frame, {"type": "evalResp", "id": number, "result": result})

    @staticmethod
    def _tell(frame: Frame, message: dict[str, Any]) -> None:
        with contextlib.suppress(Error):
            frame.evaluate("message => { void window.autoconsentReceiveMessage(message); }", message)

    def _config(self) -> dict[str, Any]:
        quiet = dict.fromkeys(
            ("lifecycle", "rulesteps", "detectionsteps", "evals", "errors", "messages", "waits"), False
        )
        return {
            "enabled": True,
            "autoAction": self._action,
            "disabledCmps": [],
            "enablePrehide": False,
            "enableCosmeticRules": False,
            "enableGeneratedRules": True,
            "detectRetries": 20,
            "isMainWorld": True,
            "prehideTimeout": 2000,
            "enableHeuristicDetection": False,
            "enablePopupMutationObserver": False,
            "visualTest": False,
            "logs": quiet,
            "performanceLoggingEnabled": False,
            "heuristicPopupSearchTimeout": 100,
            "heuristicMode": "off",
        }


def autoconsent_in(folder: Path) -> Autoconsent:
    """The package in its own folder, or in a `node_modules`; raises `AutoconsentUnusable`."""
    for root in (folder, folder / PACKAGE, folder / "node_modules" / PACKAGE):
        if (root / _SCRIPT).is_file():
            try:
                rules = json.loads((root / _RULES).read_text(encoding="utf-8"))
                return Autoconsent((root / _SCRIPT).read_text(encoding="utf-8"), {"autoconsent": rules["autoconsent"]})
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise AutoconsentUnusable(
                    f"The autoconsent in {root} has another form than is known ({error!r})."
                ) from error
    raise AutoconsentUnusable(
        f"There is no autoconsent in {folder}: npm install @duckduckgo/autoconsent, and name its folder."
    )


def installed_autoconsent() -> Autoconsent | None:
    """The one that npm has for this folder; None where there is none, or no npm."""
    try:
        found = subprocess.run(["npm", "root"], capture_output=True, text=True, timeout=_NPM_PATIENCE, check=True)
        return autoconsent_in(Path(found.stdout.strip()))
    except (OSError, subprocess.SubprocessError, AutoconsentUnusable):
        return None
