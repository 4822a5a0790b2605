"""The audit as a page that opens from disk and prints: every word of the site's is escaped, and nothing on it runs."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cookie_audit.document import words_of
from cookie_audit.judge import CookieVerdict, JudgedCookie
from cookie_audit.report import Report, cell, counts, finding_in_words, plain, rows
from cookie_harness.durations import life_in_words
from cookie_harness.masking import masked


def page(report: Report) -> str:
    """The whole page."""
    return _TEMPLATES.get_template("audit.html").render(report=report, findings=report.findings())


def look(verdict: CookieVerdict | None) -> str:
    """The style of a cell; nothing was seen where there is no verdict."""
    if verdict is None:
        return "quiet"
    return "good" if verdict is CookieVerdict.ALLOWED else "bad"


def word_on(judged: JudgedCookie) -> str:
    """The verdict on a cookie, and its reasons."""
    return judged.verdict.value + (f": {'; '.join(judged.reasons)}" if judged.reasons else "")


def _printable(value: object) -> object:
    """What is about to be written, without control characters of the site's; markup is the template's own."""
    return plain(value, None) if isinstance(value, str) and not isinstance(value, Markup) else value


_TEMPLATES = Environment(
    loader=PackageLoader("cookie_audit"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_printable,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"masked": masked, "plain": plain}
_TEMPLATES.globals |= {
    "cell": cell,
    "counts": counts,
    "finding_in_words": finding_in_words,
    "life_in_words": life_in_words,
    "look": look,
    "rows": rows,
    "word_on": word_on,
    "words_of": words_of,
}
