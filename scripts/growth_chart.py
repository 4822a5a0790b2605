"""A chart with logarithmic axes, as an SVG that can be read on a light page and on a dark one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

WIDTH, HEIGHT = 820, 270
"""Pixels of one panel."""
LEFT, RIGHT, TOP, BOTTOM = 76, 170, 56, 46
"""Pixels around the lines."""
LINE_HEIGHT = 15
"""Pixels that two names at the ends of lines stand apart at least."""

STYLE = """
.paper{fill:#fff}text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-size:14px;font-weight:600}
.axis{fill:#57606a}.grid{stroke:#d8dee4}path{fill:none;stroke-width:2}.naive{stroke-dasharray:5 4}
path.c0{stroke:#0969da}path.c1{stroke:#8250df}path.c2{stroke:#1a7f37}path.c3{stroke:#9a6700}
text.c0{fill:#0969da}text.c1{fill:#8250df}text.c2{fill:#1a7f37}text.c3{fill:#9a6700}
@media(prefers-color-scheme:dark){.paper{fill:#0d1117}text{fill:#e6edf3}.axis{fill:#9198a1}.grid{stroke:#30363d}
path.c0{stroke:#4493f8}path.c1{stroke:#ab7df8}path.c2{stroke:#3fb950}path.c3{stroke:#d29922}
text.c0{fill:#4493f8}text.c1{fill:#ab7df8}text.c2{fill:#3fb950}text.c3{fill:#d29922}}
"""


@dataclass(frozen=True)
class Line:
    """One thing that was measured: milliseconds by number of rows. `naive` is drawn dashed."""

    name: str
    points: Sequence[tuple[int, float]]
    naive: bool = False


@dataclass(frozen=True)
class Panel:
    """Lines that share their axes."""

    title: str
    lines: Sequence[Line]


def chart(panels: Sequence[Panel], note: str) -> str:
    """The SVG: the panels one below the other, and at the end a note that says when, where and of which commit."""
    width, height = WIDTH, HEIGHT * len(panels) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape('; '.join(panel.title for panel in panels))}</title><style>{STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
    ]
    for number, panel in enumerate(panels):
        parts.append(f'<g transform="translate(0 {number * HEIGHT})">{"".join(_panel(panel))}</g>')
    parts.append(f'<text class="axis" x="{LEFT}" y="{height - 8}">{escape(note)}</text></svg>\n')
    return "\n".join(parts)


def _panel(panel: Panel) -> Iterable[str]:
    rows = [number for line in panel.lines for number, _ms in line.points]
    times = [ms for line in panel.lines for _number, ms in line.points]
    x = _Scale(LEFT, WIDTH - RIGHT, log10(min(rows)), log10(max(rows)))
    y = _Scale(HEIGHT - BOTTOM, TOP, _floor(min(times)), -_floor(1 / max(times)))
    yield f'<text class="title" x="{LEFT}" y="22">{escape(panel.title)}</text>'
    yield f'<text class="axis" x="{LEFT}" y="42">milliseconds</text>'
    for power in range(y.first_power, y.last_power + 1):
        place = y.place(power)
        yield f'<path class="grid" d="M{LEFT} {place:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text class="axis" x="{LEFT - 8}" y="{place + 4:.1f}" text-anchor="end">{10.0**power:,.12g}</text>'
    for power in range(x.first_power, x.last_power + 1):
        yield (
            f'<text class="axis" x="{x.place(power):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
            f"{10**power:,}</text>"
        )
    yield f'<text class="axis" x="{LEFT}" y="{HEIGHT - 10}">rows in each table</text>'
    ends = _apart([y.place(log10(line.points[-1][1])) for line in panel.lines])
    for number, (line, end) in enumerate(zip(panel.lines, ends, strict=True)):
        points = "L".join(f"{x.place(log10(rows)):.1f} {y.place(log10(ms)):.1f}" for rows, ms in line.points)
        yield f'<path class="c{number}{" naive" if line.naive else ""}" d="M{points}"/>'
        yield f'<text class="c{number}" x="{WIDTH - RIGHT + 8}" y="{end + 4:.1f}">{escape(line.name)}</text>'


@dataclass(frozen=True)
class _Scale:
    """Where a power of ten lies between two places."""

    first_place: float
    last_place: float
    first: float
    last: float

    @property
    def first_power(self) -> int:
        return round(self.first)

    @property
    def last_power(self) -> int:
        return round(self.last)

    def place(self, power: float) -> float:
        share = (power - self.first) / (self.last - self.first) if self.last > self.first else 0
        return self.first_place + share * (self.last_place - self.first_place)


def _floor(value: float) -> int:
    return int(log10(value) // 1)


def _apart(places: Sequence[float]) -> list[float]:
    """The same places, moved down where names would lie over one another."""
    moved = list(places)
    previous = float("-inf")
    for number in sorted(range(len(places)), key=lambda each: places[each]):
        moved[number] = previous = max(places[number], previous + LINE_HEIGHT)
    return moved
