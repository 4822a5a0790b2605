"""The pages of the corpus's sites, their scripts and their declarations, as text."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cookie_corpus.table import BANNERS, FOLDER, NECESSARY, CorpusSite, SiteState, Trace

BANNER_FILES = BANNERS / "files"


def page(site: CorpusSite, path: str, state: SiteState, traces: Iterable[Trace], port: str) -> str:
    """One page of a site: what brings the traces that this visitor gets, and the banner or the way back to it."""
    brought = tuple(traces)
    return _render(
        "page.html",
        site=site,
        path=path,
        state=state,
        traces=brought,
        port=port,
        words=words(site.language),
        clears=state in {"refused", "withdrawn"} and any(each.store != "host" for each in site.traces),
        banner=f"{site.banner}.html",
        gated=[each for each in site.traces if is_gated(each)],
    )


def waiting(site: CorpusSite) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What waits for a yes: each cookie with its purpose, and each purpose with what visitors read of it."""
    cookies = tuple((each.name, each.purpose) for each in site.traces if is_gated(each))
    return cookies, tuple((purpose, words(site.language)[purpose]) for purpose in site.purposes)


def is_gated(trace: Trace) -> bool:
    """Whether a trace waits for a yes to its purpose, and for nothing else."""
    return trace.purpose != NECESSARY and trace.states == ("granted",)


def frame_of_banner(site: CorpusSite, state: SiteState) -> str:
    """A banner's own document, for one that stands in a frame."""
    return _render("frame_of_banner.html", site=site, state=state, words=words(site.language))


def frame(trace: Trace) -> str:
    """A document of another host."""
    return f"<!doctype html><title>{trace.name}</title><link rel=icon href='data:,'><p>A map</p>"


def script(trace: Trace, kind: str, value: str, port: str) -> str:
    """The script that brings a trace; `kind` is `script`, or `register` and `worker` for a service worker's."""
    return _render("trace.js", trace=trace, kind=kind, value=value, port=port)


def clearing_script(site: CorpusSite, gets: Callable[[Trace], bool]) -> str:
    """The script that empties the stores after a refusal or a withdrawal."""
    gone = [each for each in site.traces if each.purpose != NECESSARY and each.cleared and not gets(each)]
    return _render("clear.js", traces=gone)


def declarations(site: CorpusSite) -> dict[str, Any]:
    """The document that says what may be kept, in the form that the audit reads."""
    usual = {"lifetime": None, "http_only": False, "secure": False, "same_site": "Lax", "path": "/", "domain": None}
    return {"purposes": [], "cookies": [{**usual, **each} for each in site.declares or ()]}


@cache
def words(language: str) -> dict[str, str]:
    """What a plain banner says; raises KeyError for a language without words."""
    given: dict[str, dict[str, str]] = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
    return given[language]


@cache
def _environment() -> Environment:
    loader = FileSystemLoader([FOLDER / "templates", BANNERS])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["as_dict"] = asdict
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)
