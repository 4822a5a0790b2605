"""The audit as a page that opens from disk and prints: every word of the site's is escaped, and nothing on it runs."""

from collections.abc import Iterable, Sequence
from html import escape

from cookie_audit.document import words_of
from cookie_audit.judge import JudgedCookie, JudgedState, Verdict
from cookie_audit.observation import NotRun, Observation
from cookie_audit.report import EngineAudit, Report, cell, counts, plain, rows
from cookie_harness.durations import life_in_words
from cookie_harness.masking import masked

# No script, no picture, no font, from anywhere: whatever a cookie's value says.
_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cookies of {title}</title>
<style>
:root {{ color-scheme: light dark; --line: light-dark(#c8c3b8, #55524c); --bad: light-dark(#a3161b, #ff9a92);
  --good: light-dark(#1d6330, #8fd6a0); --quiet: light-dark(#5c5950, #b5b1a6); }}
body {{ font: 16px/1.5 Georgia, serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere;
  background: light-dark(#fdfcf9, #1b1a18); color: light-dark(#22211e, #ece8df); }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .875rem; margin: .5rem 0 1.5rem; }}
caption {{ text-align: left; font-weight: bold; padding: .25rem 0; }}
th, td {{ border-bottom: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left;
  vertical-align: top; min-width: 6rem; }}
.bad {{ color: var(--bad); font-weight: bold; }}
.good {{ color: var(--good); }}
.quiet {{ color: var(--quiet); }}
details {{ margin: .5rem 0 1rem; }}
@media (max-width: 40rem) {{ table {{ width: max-content; max-width: 48rem; }} }}
@media print {{
  @page {{ margin: 12mm; }}
  :root {{ color-scheme: light; font-size: 11px; }}
  body {{ margin: 0; padding: 0; max-width: none; font-size: 1rem; }}
  th:first-child {{ min-width: 10rem; }}
  h2, summary, caption, thead {{ break-after: avoid; }}
  tr {{ break-inside: avoid; }}
  details::details-content {{ content-visibility: visible; }} /* open on paper, where nobody can open them */
}}
</style>
"""


def page(report: Report) -> str:
    """The whole page."""
    findings = report.findings()
    verdict = f"{len(findings)} finding{'s' if len(findings) != 1 else ''}" if findings else "Clean: no finding"
    declarations = report.declarations or "none were found"
    made = f"{report.made_at:%Y-%m-%d %H:%M} UTC · at most {report.pages} pages in each state"
    parts = [
        _HEAD.format(title=_text(report.url)),
        "<main>",
        f"<h1>Cookies of {_text(report.url)}</h1>",
        f"<p>{made} · declarations: {_text(declarations)}</p>",
        f'<p class="{"bad" if findings else "good"}">{verdict}</p>',
        _list(findings),
        *(_matrix(audit) for audit in report.engines),
        *(_details(audit, judged) for audit in report.engines for judged in audit.states),
        "</main>",
        "</html>\n",
    ]
    return "\n".join(parts)


def _matrix(audit: EngineAudit) -> str:
    """One browser's table: a row for each thing kept, a column for each state."""
    head = ("What is kept", "Purpose", *(each.state.value for each in audit.states))
    body = []
    for row in rows(audit):
        cells = (_verdict_cell(judged, verdict) for judged, verdict in zip(audit.states, row.verdicts, strict=True))
        body.append("".join((_row_head(row.title), _cell(row.purpose), *cells)))
    body += ["".join((_row_head(each.title), *map(_cell, ("", *each.numbers)))) for each in counts(audit)]
    return _table(f"{audit.engine.name} {audit.engine.version}", head, body)


def _details(audit: EngineAudit, judged: JudgedState) -> str:
    """All that was seen in one state."""
    title = f"<h2>{_text(audit.engine.name)}, {judged.state.value}</h2>"
    seen = judged.seen
    if isinstance(seen, NotRun):
        return f'{title}\n<p class="quiet">Not run: {_text(seen.why)}.</p>'
    cookies = ("Cookie", "Verdict", "Value", "Lives", "Attributes", "First seen on")
    return "\n".join(
        (
            title,
            _table("In the jar, or set and not kept", cookies, [_cookie_row(each, seen) for each in judged.cookies]),
            _table(
                "Other stores",
                ("Store", "Key", "First seen on"),
                ["".join(map(_cell, (each.store, each.key, each.first_seen))) for each in judged.stored],
            ),
            _table(
                "Other hosts that were asked",
                ("Host", "First by"),
                ["".join(map(_cell, (each.host, each.first_seen))) for each in seen.other_hosts],
            ),
            _folded(
                "Set-Cookie lines",
                ("Line", "Response", "First seen on"),
                ["".join((_code(words_of(each)), *map(_cell, (each.url, each.first_seen)))) for each in seen.lines],
            ),
            _folded(
                "Pages",
                ("Address", "Status", "Note"),
                ["".join(map(_cell, (each.url, str(each.status or "–"), each.note))) for each in seen.pages],
            ),
        )
    )


def _cookie_row(judged: JudgedCookie, seen: Observation) -> str:
    kept = judged.kept.cookie if judged.kept else None
    allowed = judged.verdict is Verdict.ALLOWED
    words = judged.verdict.value + (f": {'; '.join(judged.reasons)}" if judged.reasons else "")
    attributes: tuple[str, ...] = ("not kept",)
    if kept:
        attributes = (*kept.attributes, f"Path={kept.path}", f"host {kept.domain}")
    return "".join(
        (
            _row_head(judged.name),
            _cell(words, "good" if allowed else "bad"),
            _code(masked(kept.value)) if kept else _cell("–"),
            _cell(life_in_words(kept.lives_for(seen.at)) if kept else "–"),
            _cell("; ".join(attributes)),
            _cell(judged.first_seen),
        )
    )


def _table(caption: str, head: Sequence[str], body: Sequence[str]) -> str:
    if not body:
        return f'<p class="quiet">{_text(caption)}: nothing.</p>'
    heads = "".join(f'<th scope="col">{_text(each)}</th>' for each in head)
    lines = "\n".join(f"<tr>{row}</tr>" for row in body)
    return (
        f'<div class="wide" tabindex="0"><table><caption>{_text(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>"
    )


def _folded(caption: str, head: Sequence[str], body: Sequence[str]) -> str:
    return f"<details><summary>{_text(caption)}: {len(body)}</summary>{_table(caption, head, body)}</details>"


def _list(items: Iterable[str]) -> str:
    lines = "\n".join(f"<li>{_text(each, length=None)}</li>" for each in items)
    return f"<ul>\n{lines}\n</ul>" if lines else ""


def _verdict_cell(judged: JudgedState, verdict: Verdict | None) -> str:
    if verdict is None:
        return _cell(cell(judged, verdict), "quiet")
    return _cell(cell(judged, verdict), "good" if verdict is Verdict.ALLOWED else "bad")


def _row_head(text: str) -> str:
    return f'<th scope="row">{_text(text)}</th>'


def _cell(text: str, look: str = "") -> str:
    return f'<td class="{look}">{_text(text)}</td>' if look else f"<td>{_text(text)}</td>"


def _code(text: str) -> str:
    return f"<td><code>{_text(text, length=None)}</code></td>"


def _text(text: str, length: int | None = 120) -> str:
    return escape(plain(text, length))
