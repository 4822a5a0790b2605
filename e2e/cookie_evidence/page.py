"""The evidence as one HTML page: self-contained, without scripts, for a screen and for paper."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from cookie_evidence.document import About
from cookie_evidence.matrix import Cell, CellState, Column, Matrix, PromiseRow, SeenTest
from cookie_evidence.observer import SeenBrowser, SeenCookie
from cookie_evidence.promises import PromiseGroup

STYLES = Path(__file__).with_name("page.css")
SYMBOLS = {
    CellState.KEPT: "✓",
    CellState.BROKEN: "✗",
    CellState.KNOWN: "≈",
    CellState.PARTLY: "◐",
    CellState.SKIPPED: "–",
    CellState.NOT_RUN: "○",
}


def page(
    about: About, groups: Sequence[PromiseGroup], matrix: Matrix, tests: Sequence[SeenTest], pictures: Path
) -> str:
    """The whole page; the screenshots in the folder `pictures` go into it."""
    tests = sorted(tests, key=lambda test: test.id)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(about.title)}: evidence</title>
<style>{STYLES.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{escape(about.title)}: what was promised, and what real browsers did</h1>
<p class="lead">{_lead(matrix)}</p>
{_legend(matrix)}
<h2 id="matrix">The promises</h2>
<p class="sans faint">A cell leads to the tests that it stands on. An empty cell: nothing is claimed there.</p>
{_table(groups, matrix)}
<h2 id="about">What was run</h2>
{_about(about)}
<h2 id="tests">What each test saw</h2>
<p class="sans faint">Values that open a session are not written down: of any but a short number or word there is the
length alone.</p>
{"".join(_test(test, pictures) for test in tests)}
</main>
</body>
</html>
"""


def _lead(matrix: Matrix) -> str:
    kept, total = matrix.states[CellState.KEPT], sum(matrix.states.values())
    engines = sorted({column.engine for column in matrix.columns if column.policy})
    return (
        f"{len(matrix.rows)} promises, each tried in {escape(' and '.join(engines))} under the browser's own cookie "
        f"settings: {kept} of {total} claims were seen to be kept."
    )


def _legend(matrix: Matrix) -> str:
    meanings = {
        CellState.KEPT: "every test of it passed",
        CellState.BROKEN: "a test of it failed",
        CellState.KNOWN: "an expected failure, with its reason",
        CellState.PARTLY: "some tests looked, others said why they could not",
        CellState.SKIPPED: "its tests said why they could not look",
        CellState.NOT_RUN: "claimed, and nobody looked",
    }
    items = (
        f"<li>{_badge(state)} {matrix.states[state]} <span class=faint>{meanings[state]}</span></li>"
        for state in meanings
        if matrix.states[state] or state in {CellState.KEPT, CellState.BROKEN, CellState.NOT_RUN}
    )
    return f'<ul class="states sans">{"".join(items)}</ul>'


def _badge(state: CellState, link: str = "") -> str:
    kind = state.value.replace(" ", "-")
    text = f"{SYMBOLS[state]} {state.value}"
    if link:
        return f'<a class="state state-{kind}" href="#{link}">{text}</a>'
    return f'<span class="state state-{kind}">{text}</span>'


def _about(about: About) -> str:
    rows = {"made": about.made_at, "commit": about.commit, "command": f"pytest {about.command}"}
    entries: Mapping[str, str] = {**rows, **about.engines, **about.versions, **about.facts}
    cells = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in entries.items()
    )
    return f'<table class="facts">{cells}</table>'


def _table(groups: Sequence[PromiseGroup], matrix: Matrix) -> str:
    rows = {row.promise.id: row for row in matrix.rows}
    body = "".join(
        f'<tr class="group"><th colspan="{len(matrix.columns) + 1}" scope="rowgroup">{escape(group.title)}</th></tr>'
        + "".join(_row(rows[promise.id], matrix.columns) for promise in group.promises)
        for group in groups
    )
    table = f'<table class="matrix"><thead>{_heads(matrix.columns)}</thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def _heads(columns: Sequence[Column]) -> str:
    """Three lines of headings: engine, policy, lifetime; neighbours with the same heading share it."""

    def line(depth: int) -> str:
        parts = [(column.engine, column.policy, column.lifetime)[: depth + 1] for column in columns]
        return "".join(
            f'<th scope="col" colspan="{len(list(same))}">{escape(path[-1])}</th>' for path, same in groupby(parts)
        )

    return f'<tr><th rowspan="3" scope="col">promise</th>{line(0)}</tr><tr>{line(1)}</tr><tr>{line(2)}</tr>'


def _row(row: PromiseRow, columns: Sequence[Column]) -> str:
    cells = "".join(f"<td>{_cell(cell) if (cell := row.cell(column)) else ''}</td>" for column in columns)
    sentence = f"<b>{escape(row.promise.id)}</b> {escape(row.promise.sentence)}"
    return f'<tr id="{escape(row.promise.id)}"><th scope="row">{sentence}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    if not cell.tests:
        return _badge(cell.state)
    worst = min(cell.tests, key=lambda test: list(CellState).index(test.state))
    more = f" <small>{_others(cell.tests, worst)}</small>" if len(cell.tests) > 1 else ""
    return _badge(cell.state, anchor(worst)) + more


def _others(tests: Sequence[SeenTest], first: SeenTest) -> str:
    links = [
        f'<a href="#{anchor(test)}" title="{escape(test.id)}">{number}</a>'
        for number, test in enumerate((test for test in tests if test is not first), start=2)
    ]
    return " ".join(links)


def anchor(test: SeenTest) -> str:
    """The fragment of a test's place on the page; the same in every run."""
    return "t" + hashlib.sha256(test.id.encode()).hexdigest()[:12]


def _test(test: SeenTest, pictures: Path) -> str:
    promises = " ".join(f'<a href="#{escape(each)}">{escape(each)}</a>' for each in test.promises)
    reason = f"<p>{escape(test.reason)}</p>" if test.reason else ""
    trace = f'<p>Trace: <a href="{escape(test.trace)}">{escape(test.trace)}</a></p>' if test.trace else ""
    return (
        f'<article class="test" id="{anchor(test)}">'
        f"<h3>{_badge(test.state)} {escape(in_words(test.id))}</h3>"
        f'<p class="faint"><code>{escape(test.id)}</code> · {test.seconds:.1f} s · {promises}</p>'
        f"{reason}{trace}{''.join(_browser(n, each, pictures) for n, each in enumerate(test.browsers, start=1))}"
        "</article>"
    )


def in_words(test: str) -> str:
    """A test's name as the sentence that it is."""
    name, _, parameters = test.rpartition("::")[2].partition("[")
    return name.removeprefix("test_").replace("_", " ") + (f" [{parameters}" if parameters else "")


def _browser(number: int, browser: SeenBrowser, pictures: Path) -> str:
    settings = ", ".join(["cookies: " + browser.policy, *browser.settings])
    lines = "".join(f"<li><code>{escape(line)}</code></li>" for line in browser.set_cookies)
    sent = f"<p>The site sent:</p><ul class=lines>{lines}</ul>" if lines else "<p>The site sent no Set-Cookie.</p>"
    return (
        f'<div class="browser">{_picture(browser, pictures)}<p><b>Browser {number}</b> ({escape(settings)})</p>'
        f"{_jar('Jar before', browser.jar_before)}{sent}"
        f"{_jar('Jar after', browser.jar_after, 'the same' if browser.jar_after == browser.jar_before else '')}</div>"
    )


def _jar(title: str, cookies: Sequence[SeenCookie], instead: str = "") -> str:
    """A jar as a table; in words where it is empty, or where something shorter can be said."""
    rows = "".join(
        f"<tr><td><code>{escape(each.name)}</code></td><td><code>{escape(each.value)}</code></td>"
        f"<td>{escape(each.domain + each.path)}</td><td>{escape(each.ends)}</td>"
        f"<td>{escape(_attributes(each))}</td></tr>"
        for each in cookies
    )
    if instead or not rows:
        return f"<p>{title}: {instead if rows else 'empty'}.</p>"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("name", "value", "where", "ends", "attributes"))
    return f"<p>{title}:</p><div class=scroll><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"


def _attributes(cookie: SeenCookie) -> str:
    words = {"HttpOnly": cookie.http_only, "Secure": cookie.secure, f"SameSite={cookie.same_site}": cookie.same_site}
    return ", ".join(word for word, holds in words.items() if holds)


def _picture(browser: SeenBrowser, pictures: Path) -> str:
    if browser.screenshot is None or not (file := pictures / browser.screenshot).is_file():
        return ""
    data = base64.b64encode(file.read_bytes()).decode()
    image = f'<img loading="lazy" src="data:image/jpeg;base64,{data}" alt="The page as it stood at the end">'
    return f"<figure>{image}</figure>"
