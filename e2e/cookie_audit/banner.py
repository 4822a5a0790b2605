"""Finds the consent banner of a page by itself, and answers it: all, nothing, or one purpose alone.

It goes by accessible roles and names (`words`), and never guesses: where it is not clear what to press, it says so.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from playwright.sync_api import ElementHandle, Error, Locator, Page
from playwright.sync_api import TimeoutError as NothingCame

from cookie_audit.crawler import script
from cookie_audit.layers import Control, Layer, PlacedBox, banners_among, layers_on
from cookie_audit.observation import BannerSeen, Press
from cookie_audit.words import ButtonMeaning, accepts_all, leads_to_settings

Found = TypeVar("Found")

# Milliseconds: until a banner that scripts bring must be there; until the layer behind its settings must be; until a
# button that was pressed must be gone.
BANNER_PATIENCE = 6_000
LAYER_PATIENCE = 3_000
PRESS_PATIENCE = 10_000
FIRST_PRESS_PATIENCE = 4_000
# Milliseconds until a layer of settings must have closed by itself.
CLOSING_PATIENCE = 1_500
_SLICE = 250
# How many of the things that may lead to a withdrawal are tried.
_MOST_TRIES = 4
# How many purposes are refused one by one.
_MOST_PURPOSES = 10

# Until the page changes, or a while has passed: what is awaited may also come in a frame, which is another document.
_NEXT_CHANGE = """patience => new Promise(resolve => {
    const watcher = new MutationObserver(() => { watcher.disconnect(); resolve(); });
    watcher.observe(document, { subtree: true, childList: true, attributes: true });
    setTimeout(resolve, patience);
})"""

# The box itself may be hidden behind what is drawn for it; and one for all of them follows the others by itself.
_SET_BOX = """(box, wanted) => {
    const isOn = box.checked ?? box.getAttribute("aria-checked") === "true";
    if (isOn !== wanted) box.click();
    return isOn === wanted ? 0 : 1;
}"""


class ButtonMissing(RuntimeError):
    """The banner can't be answered like this: a button is not there, or it is not clear which; the message says why."""


@dataclass(frozen=True)
class BannerPlan:
    """What a fresh visitor found: the first layer, and the one behind its settings; None where there is none."""

    first: Layer
    second: Layer | None
    seen: BannerSeen


class BannerOnPage:
    """The banner on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def survey(self) -> BannerPlan:
        """Say what the banner offers, without answering it; raises `ButtonMissing` where none is found."""
        first = self.find()
        covers = self._covers(first)
        second = None
        if first.those(ButtonMeaning.SETTINGS):
            with contextlib.suppress(ButtonMissing, Error):
                second = self._open_settings(first)
        boxes = tuple(each.box for each in (*first.boxes, *(second.boxes if second else ())))
        names = tuple(each.name for each in first.controls)
        clicks = clicks_to_accept(first), clicks_to_refuse(first, second)
        seen = BannerSeen(*clicks, tuple(dict.fromkeys(boxes)), covers, names)
        return BannerPlan(first, second, seen)

    def find(self) -> Layer:
        """The banner's first layer, as soon as it is there; raises `ButtonMissing` if there is none, or two."""
        banners = self._await(lambda: banners_among(layers_on(self._page)), BANNER_PATIENCE)
        if not banners:
            raise ButtonMissing("no consent banner was found: nothing that speaks of cookies has a button to accept")
        if len(banners) > 1:
            meant = (each.first(ButtonMeaning.ACCEPT) or each.first(ButtonMeaning.SAVE) for each in banners[:3])
            words = " or ".join(map(str, meant))
            raise ButtonMissing(f"it is not clear which is the banner: {words}; name the button with --accept")
        return banners[0]

    def accept(self) -> tuple[Press, ...]:
        """Accept all; raises `ButtonMissing`."""
        first = self.find()
        if not first.those(ButtonMeaning.ACCEPT):
            return self._save(first, lambda _: True, clicks=0)
        return (self.press(_only(first, ButtonMeaning.ACCEPT), clicks=1),)

    def refuse(self) -> tuple[Press, ...]:
        """Refuse all, on whichever layer; raises `ButtonMissing`."""
        first = self.find()
        if refuse := first.first(ButtonMeaning.REFUSE):
            return (self.press(refuse, clicks=1),)
        if first.boxes and first.first(ButtonMeaning.SAVE):
            return self._save(first, lambda _: False, clicks=0)
        second = self._open_settings(first)
        opened = _only(first, ButtonMeaning.SETTINGS)
        pressed = Press(opened.role, opened.name, _frame_of(opened), 1)
        return (pressed, *self._refuse_on(second, clicks=1))

    def allow_alone(self, label: str) -> tuple[Press, ...]:
        """Tick one box alone, and save; raises `ButtonMissing`."""
        first = self.find()
        layer = first if first.boxes else self._open_settings(first)
        return self._save(layer, lambda each: each.box.label == label, clicks=1)

    def withdraw(self, open_start: Callable[[], object], tried: list[str]) -> tuple[Press, ...]:
        """Take consent back from a page without its banner, and note what was tried; raises `ButtonMissing`."""
        candidates = self._await(lambda: withdrawals_among(layers_on(self._page, whole=True)), LAYER_PATIENCE)
        for number, control in enumerate(candidates[:_MOST_TRIES]):
            if number:
                open_start()
            before = self._page.url
            tried.append(str(control))
            with contextlib.suppress(ButtonMissing, Error):
                withdraws = control.meaning is ButtonMeaning.WITHDRAW and not control.leads
                patience = _SLICE * 4 if withdraws else LAYER_PATIENCE
                pressed, layers = self._press_for(
                    control, partial(self._layers_after, before), patience, may_repeat=not withdraws
                )
                if layers:
                    return (pressed, *self._refuse_on(layers[0], clicks=1))
                if withdraws:
                    return (pressed,)
        why = f"{', '.join(tried)} did not lead to one" if tried else "nothing on the page is called so"
        raise ButtonMissing(f"no way to take consent back was found: {why}")

    def press(self, control: Control, clicks: int, *, must_go: bool = True) -> Press:
        """Press a button, and wait until it has gone; raises `ButtonMissing`."""
        return self._press(
            control.locator, Press(control.role, control.name, _frame_of(control), clicks), must_go=must_go
        )

    def wait_for(self, selector: str) -> None:
        """Wait for a button by its selector; raises `ButtonMissing`."""
        try:
            self._page.locator(selector).first.wait_for(timeout=BANNER_PATIENCE)
        except Error as error:
            raise ButtonMissing(f"the button “{selector}” is not on {self._page.url}") from error

    def press_selector(self, selector: str) -> Press:
        """Press a button by its selector, and wait until it has gone; raises `ButtonMissing`."""
        return self._press(self._page.locator(selector).first, Press("button", selector, "", 1), must_go=True)

    def _press(self, locator: Locator, press: Press, *, must_go: bool) -> Press:
        words = f"the {press.role or 'text'} “{press.name}”"
        try:
            handle = locator.element_handle(timeout=PRESS_PATIENCE)
            locator.click(timeout=PRESS_PATIENCE)
        except Error as error:
            raise ButtonMissing(f"{words} can't be pressed") from error
        if must_go:
            self._wait_until_gone(locator, handle, words)
        with contextlib.suppress(Error):
            self._page.wait_for_load_state("load")
        return press

    @staticmethod
    def _wait_until_gone(locator: Locator, handle: ElementHandle, words: str) -> None:
        """Wait until a pressed button has gone; a script may hear presses only after it has drawn the button.

        Raises `ButtonMissing`.
        """
        for patience, is_first in ((FIRST_PRESS_PATIENCE, True), (PRESS_PATIENCE, False)):
            try:
                handle.wait_for_element_state("hidden", timeout=patience)
            except NothingCame:
                if is_first:
                    with contextlib.suppress(Error):
                        locator.click(timeout=FIRST_PRESS_PATIENCE)
            except Error:
                return  # its page has gone, and it with it
            else:
                return
        raise ButtonMissing(f"{words} stays when it was pressed")

    def _open_settings(self, first: Layer) -> Layer:
        """Press the banner's settings, and give back the layer or the page that comes."""
        settings = _only(first, ButtonMeaning.SETTINGS)
        before = self._page.url.split("#")[0]
        shown = {each.box.label for each in first.boxes}

        def came() -> list[Layer]:
            whole = self._page.url.split("#")[0] != before
            layers = self._answering_layers(whole=whole)
            return [each for each in layers if whole or _more(each, first, shown)]

        _, layers = self._press_for(settings, came, LAYER_PATIENCE, may_repeat=True)
        if not layers:
            raise ButtonMissing(f"{settings} was pressed, and nothing came that can be answered")
        return layers[0]

    def _layers_after(self, before: str) -> list[Layer]:
        """The answering parts, of all of the page if it is another one than before."""
        return self._answering_layers(whole=self._page.url.split("#")[0] != before.split("#", maxsplit=1)[0])

    def _press_for(
        self, control: Control, look: Callable[[], list[Found]], patience: int, *, may_repeat: bool
    ) -> tuple[Press, list[Found]]:
        """Press a button, and wait for what it brings; a script may hear presses only after it has drawn the button."""
        pressed = self.press(control, clicks=1, must_go=False)
        found = self._await(look, patience)
        if not found and may_repeat and not control.leads:
            with contextlib.suppress(ButtonMissing):
                self.press(control, clicks=1, must_go=False)
                found = self._await(look, patience)
        return pressed, found

    def _answering_layers(self, *, whole: bool = False) -> list[Layer]:
        """The parts by which an answer can be given in detail: with boxes and a button to save, or one to refuse."""
        layers = [
            each
            for each in layers_on(self._page, whole=whole)
            if each.those(ButtonMeaning.REFUSE) or (each.boxes and each.those(ButtonMeaning.SAVE))
        ]
        return sorted(layers, key=lambda each: (-each.sure, -len(each.boxes), -len(each.controls)))

    def _refuse_on(self, layer: Layer, clicks: int) -> tuple[Press, ...]:
        """Refuse on a layer of settings, which may stay open: there the answer may have to be saved too."""
        refuse = layer.first(ButtonMeaning.REFUSE)
        if refuse is None:
            return self._save(layer, lambda _: False, clicks=clicks)
        if len(layer.named(refuse)) > 1:
            return self._press_each(refuse, clicks)
        pressed = self.press(refuse, clicks=clicks + 1, must_go=False)

        def same() -> list[Layer]:
            names = ((each, control.name) for each in self._answering_layers() for control in each.controls)
            return [each for each, name in names if name == refuse.name]

        self._await(lambda: [] if same() else [True], CLOSING_PATIENCE)
        saves = [save for each in same() if (save := each.first(ButtonMeaning.SAVE))]
        return (pressed, self.press(saves[0], clicks=clicks + 2, must_go=False)) if saves else (pressed,)

    def _press_each(self, control: Control, clicks: int) -> tuple[Press, ...]:
        """Press every button of this name, where each refuses one purpose alone; one that was pressed may go."""

        def left() -> list[Control]:
            return [each for layer in self._answering_layers(whole=True)[:1] for each in layer.named(control)]

        def fewer(number: int) -> list[bool]:
            return [True] if len(left()) < number else []

        presses: list[Press] = []
        there, stayed = left(), 0
        while stayed < len(there) and len(presses) < _MOST_PURPOSES:
            presses.append(self.press(there[stayed], clicks + len(presses) + 1, must_go=False))
            went = self._await(partial(fewer, len(there)), CLOSING_PATIENCE)
            there, stayed = left(), stayed + (not went)
        return tuple(presses)

    def _save(self, layer: Layer, wanted: Callable[[PlacedBox], bool], clicks: int) -> tuple[Press, ...]:
        save = layer.first(ButtonMeaning.SAVE)
        if save is None:
            raise ButtonMissing("there is no button that saves the boxes")
        for each in layer.open_boxes:
            clicks += each.locator.evaluate(_SET_BOX, wanted(each))
        return (self.press(save, clicks=clicks + 1),)

    def _covers(self, layer: Layer) -> str:
        """How the banner keeps the page from being used."""
        control = layer.controls[0]
        try:
            if control.frame == self._page.main_frame:
                words: str = control.locator.evaluate(script("covers.js"))
            else:
                words = control.frame.frame_element().evaluate(script("covers.js"))
        except Error:
            return ""
        return words

    def _await(self, look: Callable[[], list[Found]], patience: int) -> list[Found]:
        """What a look finds, as soon as it finds something, after each change of the page."""
        deadline = time.monotonic() + patience / 1000
        while not (found := look()) and time.monotonic() < deadline and not self._page.is_closed():
            with contextlib.suppress(Error):
                self._page.evaluate(_NEXT_CHANGE, _SLICE)
        return found


def clicks_to_accept(first: Layer) -> int | None:
    """How many clicks it takes to accept all; None if there is no way on the first layer."""
    if first.those(ButtonMeaning.ACCEPT):
        return 1
    return 1 + sum(not each.box.checked for each in first.open_boxes) if first.saves_boxes else None


def clicks_to_refuse(first: Layer, second: Layer | None) -> int | None:
    """How many clicks a refusal takes; None if there is none."""
    if first.those(ButtonMeaning.REFUSE):
        return 1
    if first.boxes and first.those(ButtonMeaning.SAVE):
        return 1 + sum(each.box.checked for each in first.open_boxes)
    if second and (refuse := second.first(ButtonMeaning.REFUSE)):
        return 1 + len(second.named(refuse))
    if second and second.boxes and second.those(ButtonMeaning.SAVE):
        return 2 + sum(each.box.checked for each in second.open_boxes)
    return None


def withdrawals_among(layers: tuple[Layer, ...]) -> list[Control]:
    """What may lead to a withdrawal: what is called so, then what leads to settings of cookies."""
    controls = [control for layer in layers for control in layer.controls]
    named = [each for each in controls if each.meaning is ButtonMeaning.WITHDRAW]
    settings = [each for each in controls if each.meaning is ButtonMeaning.SETTINGS and leads_to_settings(each.name)]
    return named + settings


def _more(layer: Layer, first: Layer, shown: set[str]) -> bool:
    """Whether a layer offers more than the first one did."""
    new_boxes = {each.box.label for each in layer.boxes} - shown
    before = {each.name for each in first.controls}
    return bool(new_boxes) or any(each.name not in before for each in layer.those(ButtonMeaning.REFUSE))


def _only(layer: Layer, meaning: ButtonMeaning) -> Control:
    """The one button of a meaning; raises `ButtonMissing` if there is none, or if two say as much."""
    options = layer.those(meaning)
    found = layer.first(meaning)
    if meaning is ButtonMeaning.ACCEPT and len(options) > 1 and found and not accepts_all(found.name):
        raise ButtonMissing(f"it is not clear which button accepts all: {' or '.join(map(str, options))}")
    if found is None:
        raise ButtonMissing(f"the banner has no button to {meaning.value}")
    return found


def _frame_of(control: Control) -> str:
    return "" if control.frame.parent_frame is None else control.frame.url
