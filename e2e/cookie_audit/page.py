"""The audit as a page that opens from disk and prints: every word of the site's is escaped, and nothing on it runs."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cookie_audit.document import words_of
from cookie_audit.drafts import declaration_in_code
from cookie_audit.judge import JudgedThing
from cookie_audit.kinds import MEANINGS
from cookie_audit.known import COOKIE
from cookie_audit.report import Report, ThingSource, counts, finding_in_words, plain, rows, sources, weighty
from cookie_harness.durations import life_in_words
from cookie_harness.masking import masked


def page(report: Report) -> str:
    """The whole page. Its pictures lie in the folder `pictures` beside it."""
    return _TEMPLATES.get_template("audit.html").render(report=report, new=report.new_findings())


def word_on(judged: JudgedThing) -> str:
    """The verdict on a cookie or item, and its reasons."""
    if not judged.complaints:
        return f"allowed: {judged.necessity.ground}"
    return "; ".join(f"{kind.value}: {why}" for kind, why in judged.complaints)


def declaration_for(source: ThingSource) -> str:
    """The declaration that would make a cookie a declared one; "" for what can't have one."""
    if source.thing.store != COOKIE or not source.thing.kept:
        return ""
    return declaration_in_code(source.thing, source.thing.kept.cookie.lives_for(source.seen_at))


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
    "counts": counts,
    "declaration_for": declaration_for,
    "finding_in_words": finding_in_words,
    "life_in_words": life_in_words,
    "meanings": MEANINGS,
    "rows": rows,
    "sources": sources,
    "weighty": weighty,
    "word_on": word_on,
    "words_of": words_of,
}
