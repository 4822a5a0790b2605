"""The picture of how long everything lives: one line for each thing, on an axis from now to more than a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import TYPE_CHECKING, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consent_gate.api import joined
from privacy_dashboard.expiries import Expiry, ExpiryKind
from privacy_dashboard.holdings import Holding, Kind, Side
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.quantities import in_sentence

if TYPE_CHECKING:
    from consent_gate.api import Text

# Where the axis has its parts, in percent of its width: the browser's closing has no hour, so it stands before them.
CLOSE = 10.0
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=400)
FIRST, LAST = 18.0, 100.0

ROW_HEIGHT = 38
"""Pixels for each line and the words above it."""
AXIS_HEIGHT = 34
"""Pixels for the axis' own words."""


@dataclass(frozen=True, eq=False)
class Mark:
    """One word of the axis. `anchor` is SVG's `text-anchor`; `is_minor`: narrow screens leave it out."""

    text: "Text"
    x: str
    anchor: str = "middle"
    is_minor: bool = False


class LineShape(NamedTuple):
    """What decides how a line looks."""

    kind: Kind
    side: Side
    stands_out: bool
    is_certain: bool


@dataclass(frozen=True)
class Drawn:
    """One thing's line on the picture. `end` is in percent, `y` in pixels."""

    holding: Holding
    end: str
    words_y: int
    line_y: int

    @property
    def is_certain(self) -> bool:
        """Whether its end is known, and not only the latest possible one."""
        return self.holding.ends.known in {ExpiryKind.EXACTLY, ExpiryKind.BROWSER_CLOSE, ExpiryKind.NEVER}


@dataclass(frozen=True)
class Picture:
    """All lifelines with the axis they stand on. `height` is in pixels."""

    lines: tuple[Drawn, ...]
    height: int

    @property
    def axis_y(self) -> int:
        return self.height - AXIS_HEIGHT + 6

    @property
    def words_y(self) -> int:
        return self.height - 8


def draw(holdings: Iterable[Holding], now: datetime) -> Picture:
    """Lay the lifelines out below each other."""
    drawn = tuple(
        Drawn(each, percent(position(each.ends, now)), row * ROW_HEIGHT + 16, row * ROW_HEIGHT + 26)
        for row, each in enumerate(holdings)
    )
    return Picture(drawn, len(drawn) * ROW_HEIGHT + AXIS_HEIGHT)


def position(ends: Expiry, now: datetime) -> float:
    """Where a lifeline ends, in percent of the axis."""
    if ends.known is ExpiryKind.BROWSER_CLOSE:
        return CLOSE
    remaining = ends.remaining(now)
    return LAST if remaining is None else after(remaining)


def after(length: timedelta) -> float:
    """Where a length of time from now lies, in percent: an hour and a year both have room on a logarithmic axis."""
    seconds = min(max(length, SHORTEST), LONGEST).total_seconds()
    share = log(seconds / SHORTEST.total_seconds()) / log(LONGEST / SHORTEST)
    return FIRST + share * (LAST - FIRST)


def percent(number: float) -> str:
    """A coordinate as SVG writes it: with a point, whatever the page's language."""
    return f"{number:.2f}%"


MARKS = (
    Mark(_("now"), percent(0), "start"),
    Mark(_("browser closes"), percent(CLOSE), "start"),
    Mark(_("an hour"), percent(after(timedelta(hours=1)))),
    Mark(_("a day"), percent(after(timedelta(days=1)))),
    Mark(_("a week"), percent(after(timedelta(weeks=1))), is_minor=True),
    Mark(_("a month"), percent(after(timedelta(days=30))), is_minor=True),
    Mark(_("a year"), percent(after(timedelta(days=365))), "end"),
)
"""The words under the picture."""


def lifelines(page: DashboardPage) -> SafeString:
    """The picture as HTML; nothing where nothing is kept."""
    picture = draw(page.overview.drawn, page.overview.now)
    if not picture.lines:
        return SafeString()
    number = page.overview.number_not_drawn
    not_drawn = ngettext("And %(number)s more that is not drawn.", "And %(number)s more that are not drawn.", number)
    return page.outline("privacy_dashboard/_lifelines.html", number > 0).filled(
        height=picture.height,
        axis=page.outline("privacy_dashboard/_axis.html", MARKS).filled(axis_y=picture.axis_y, words_y=picture.words_y),
        lines=joined(_line(each, page) for each in picture.lines),
        not_drawn=in_sentence(not_drawn, number) if number else "",
    )


def _line(drawn: Drawn, page: DashboardPage) -> SafeString:
    holding = drawn.holding
    shape = LineShape(holding.kind, holding.side, holding.stands_out, drawn.is_certain)
    return page.outline("privacy_dashboard/_lifeline.html", shape).filled(
        name=holding.name, end=drawn.end, words_y=drawn.words_y, line_y=drawn.line_y
    )
