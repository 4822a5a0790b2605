"""What a visitor fills in on the workbench, read from a form that may hold anything at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from consent_gate.api import Text

LONGEST_MAKER = 40
"""Characters: the value goes into the session, which may be a cookie of 4096 bytes, and into an address."""

_NO_DAY = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ActionInput:
    """What an action runs with. `until` is the beginning of a day in UTC."""

    maker: str = "mini"
    until: datetime = _NO_DAY

    def as_python(self, field: str) -> str:
        """One of the two, as it is written in Python."""
        if field == "maker":
            return json.dumps(self.maker, ensure_ascii=False)
        return f"datetime({self.until.year}, {self.until.month}, {self.until.day}, tzinfo=UTC)"


class Problem(StrEnum):
    """Why an action did not run."""

    NO_MAKER = "no-maker"
    LONG_MAKER = "long-maker"
    ODD_MAKER = "odd-maker"
    NO_DATE = "no-date"
    PAST = "past"
    TOO_LATE = "too-late"

    @property
    def sentence(self) -> "Text":
        """What to tell the visitor."""
        return _SENTENCES[self]


_SENTENCES: "dict[Problem, Text]" = {
    Problem.NO_MAKER: _("Nothing was done: type who made the car."),
    Problem.LONG_MAKER: _("Nothing was done: the maker's name may have 40 characters at most."),
    Problem.ODD_MAKER: _("Nothing was done: the maker's name may hold only characters that can be printed."),
    Problem.NO_DATE: _("Nothing was done: that is no date."),
    Problem.PAST: _("Nothing was done: the date has to be in the future."),
    Problem.TOO_LATE: _("Nothing was done: no session of this site lasts that long."),
}


def read_input(form: Mapping[str, str], field: str, *, now: datetime, longest: timedelta) -> ActionInput | Problem:
    """Read the one field that an action needs. `longest` is how long a session may last from `now` on."""
    if field == "maker":
        return _read_maker(form.get("maker", ""))
    if field == "until":
        return _read_until(form.get("until", ""), now, longest)
    return ActionInput()


def _read_maker(text: str) -> ActionInput | Problem:
    maker = text.strip()
    if not maker:
        return Problem.NO_MAKER
    if len(maker) > LONGEST_MAKER:
        return Problem.LONG_MAKER
    if not maker.isprintable():
        return Problem.ODD_MAKER
    return ActionInput(maker=maker)


def _read_until(text: str, now: datetime, longest: timedelta) -> ActionInput | Problem:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Problem.NO_DATE
    first, last = days(now, longest)
    if day < first:
        return Problem.PAST
    if day > last:
        return Problem.TOO_LATE
    return ActionInput(until=datetime.combine(day, time.min, UTC))


def days(now: datetime, longest: timedelta) -> tuple[date, date]:
    """The first and the last day, in UTC, at whose beginning a session may end."""
    return now.date() + timedelta(days=1), (now + longest).date()
