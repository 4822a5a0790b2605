"""Looks at a page for what may be a consent banner: buttons by role and name, and boxes, in frames and shadow roots."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Error, Frame, Locator, Page

from cookie_audit.crawler import script
from cookie_audit.links import origin_of
from cookie_audit.observation import Box
from cookie_audit.words import ButtonMeaning, accepts_all, cookie_words, leads_to_settings, meaning_of

# Playwright looks through open shadow roots with such a selector. What reopens a banner may be known by class alone.
_CONTROLS = (
    "button, a, summary, input[type=button], input[type=submit], [role=button], [role=link], [onclick], "
    "[class*=revoke], input[type=checkbox], [role=switch], [role=checkbox]"
)

_ROLES: dict[str, Literal["button", "link"]] = {"button": "button", "link": "link"}


@dataclass(frozen=True)
class Control:
    """Something to press. `leads` is the other page that a link opens, "" for none."""

    frame: Frame
    index: int
    role: str
    name: str
    meaning: ButtonMeaning
    leads: str = ""

    @property
    def locator(self) -> Locator:
        """Finds it again: by role and name where that is enough, else by its place among all that can be pressed."""
        role = _ROLES.get(self.role)
        if role:
            named = self.frame.get_by_role(role, name=self.name, exact=True)
            if named.count() == 1:
                return named
        return self.frame.locator(_CONTROLS).nth(self.index)

    def __str__(self) -> str:
        return f"the {self.role or 'text'} “{self.name}”"


@dataclass(frozen=True)
class PlacedBox:
    """A box, and where it is."""

    frame: Frame
    index: int
    box: Box

    @property
    def locator(self) -> Locator:
        """Finds it again."""
        return self.frame.locator(_CONTROLS).nth(self.index)


@dataclass(frozen=True)
class Layer:
    """One part of a page with what can be pressed in it. `sure`: it speaks of cookies, or is called after them."""

    controls: tuple[Control, ...]
    boxes: tuple[PlacedBox, ...]
    sure: bool

    def those(self, meaning: ButtonMeaning) -> tuple[Control, ...]:
        """The buttons of one meaning, each name once; buttons before links to other pages."""
        named = {each.name: each for each in reversed(self.controls) if each.meaning is meaning}
        return tuple(sorted(named.values(), key=lambda each: (bool(each.leads), each.index)))

    def first(self, meaning: ButtonMeaning) -> Control | None:
        """The button of a meaning that says it best."""
        found = self.those(meaning)
        return next((each for each in found if accepts_all(each.name)), None) or next(iter(found), None)

    @property
    def accepts(self) -> bool:
        """Whether it can be the banner: accepts, and speaks of cookies or can be refused too."""
        return bool(self.those(ButtonMeaning.ACCEPT)) and (self.sure or bool(self.those(ButtonMeaning.REFUSE)))

    @property
    def saves_boxes(self) -> bool:
        """Whether it can be a banner without a button to accept: it speaks of cookies, and has boxes to save."""
        return self.sure and bool(self.open_boxes) and bool(self.those(ButtonMeaning.SAVE))

    def named(self, control: Control) -> tuple[Control, ...]:
        """Every button that means the same under the same name: of several each may stand for one purpose."""
        return tuple(each for each in self.controls if (each.meaning, each.name) == (control.meaning, control.name))

    @property
    def open_boxes(self) -> tuple[PlacedBox, ...]:
        """The boxes that can be changed."""
        return tuple(each for each in self.boxes if not each.box.locked)


def layers_on(page: Page, *, whole: bool = False) -> tuple[Layer, ...]:
    """All parts of the page and its frames that have such controls; with `whole` each document is one part."""
    found: list[Layer] = []
    for frame in page.frames:
        try:
            seen = frame.locator(_CONTROLS).evaluate_all(
                script("controls.js"), {"words": cookie_words(), "whole": whole}
            )
        except Error:  # a frame that goes away meanwhile, or that is not a document
            continue
        found += _layers_in(frame, seen, whole=whole)
    return tuple(found)


def _layers_in(frame: Frame, seen: dict[str, Any], *, whole: bool) -> list[Layer]:
    layers = []
    for number, container in enumerate(seen["containers"]):
        controls = [
            Control(frame, each["index"], each["role"], each["name"], meaning, each["leads"])
            for each in seen["controls"]
            if number in each["inside"]
            and (meaning := _meaning(each["name"], whole=whole))
            and (not each["leads"] or origin_of(each["leads"]) == origin_of(frame.url))
        ]
        boxes = [
            PlacedBox(frame, each["index"], Box(each["label"], each["checked"], each["locked"], each["text"]))
            for each in seen["boxes"]
            if number in each["inside"]
        ]
        if controls or boxes:
            layers.append(Layer(tuple(controls), tuple(boxes), container["sure"]))
    return layers


def _meaning(name: str, *, whole: bool) -> ButtonMeaning | None:
    """What a control does; on a page without banner, what is called after cookies may lead to their settings."""
    return meaning_of(name) or (ButtonMeaning.SETTINGS if whole and leads_to_settings(name) else None)


def banners_among(layers: Sequence[Layer]) -> list[Layer]:
    """The parts that can be the banner; of those that lie in one another the outermost with the fewest others."""
    likely = [each for each in layers if each.accepts] or [each for each in layers if each.saves_boxes]
    sure = [each for each in likely if each.sure] or likely
    kept: list[Layer] = []
    for each in sorted(sure, key=lambda layer: -len(layer.controls)):
        places = {(control.frame, control.index) for control in each.controls}
        if not any(places <= {(control.frame, control.index) for control in other.controls} for other in kept):
            kept.append(each)
    return kept
