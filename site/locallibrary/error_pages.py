"""Pages for requests that went wrong. Whatever else fails, there is one: at worst a plain one."""

import logging
from dataclasses import dataclass, replace
from html import escape

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

logger = logging.getLogger(__name__)

STYLESHEET = "locallibrary/site.css"
_PLAIN = """<!DOCTYPE html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>{stylesheet}
  </head>
  <body>
    <main id="main" class="page-width">
      <h1>{title}</h1>
      <p class="lead">{happened}</p>
      <p>{next}</p>{number}
      <p><a class="button" href="{home}">{home_page}</a></p>
    </main>
  </body>
</html>
"""


@dataclass(frozen=True)
class Words:
    """What an error page says, in English until it is shown."""

    title: str
    happened: str
    next: str
    home_page: str = _("Home page")
    number: str = _("Number of this error:")


def error_page(request: HttpRequest, words: Words, status: int, error_id: str = "") -> HttpResponse:
    """Answer with an error page: as the site's other pages, else without its visitor, else a plain one.

    Without a request a page asks neither session nor database. The plain one needs no template, no translation and no
    list of assets either.
    """
    said = _translated(words)
    context = {"words": said, "error_id": error_id}
    # After an error nothing is asked again that may have been its cause.
    for visitor in (None,) if error_id else (request, None):
        try:
            return HttpResponse(render_to_string("error.html", context, visitor), status=status)
        except Exception:
            logger.exception("An error page could not be made as it should be.")
    return HttpResponse(plain_page(said, error_id), status=status)


def plain_page(words: Words, error_id: str) -> str:
    """A page of the words alone, and of the stylesheet if it has an address."""
    shown = {name: escape(text) for name, text in vars(words).items()}
    shown["number"] = f"\n      <p>{shown['number']} <code>{escape(error_id)}</code></p>" if error_id else ""
    return _PLAIN.format(
        **shown, language=get_language() or "en", stylesheet=_stylesheet(), home=escape(get_script_prefix())
    )


def _translated(words: Words) -> Words:
    try:
        return replace(words, **{name: gettext(text) for name, text in vars(words).items()})
    except Exception:
        logger.exception("An error page could not be translated.")
        return words


def _stylesheet() -> str:
    try:
        return f'\n    <link rel="stylesheet" href="{escape(static(STYLESHEET))}">'
    except Exception:
        logger.exception("An error page is shown without its style.")
        return ""
