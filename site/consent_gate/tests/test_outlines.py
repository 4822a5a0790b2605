"""What is kept of pages: the same for everybody, and nothing of anybody."""

from collections.abc import Hashable

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import get_script_prefix, set_script_prefix, set_urlconf
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.pages import outlines as outlines_module
from consent_gate.pages.outlines import forget, joined, outlines

CLOCK = '{% load consent_gate %}{% kept %}{% now "u" %}{% endkept %}'
"""Microseconds: no two renderings give the same."""


def filled(shape: Hashable = "it", **values: object) -> str:
    return outlines()("_outline.html", shape).filled(**values)


def rendered(template: Template, **variables: object) -> str:
    return template.render(Context(variables))


def test_an_outline_is_filled_with_values_and_is_html() -> None:
    html = filled(title="a", value="b")
    assert html.strip() == '<p title="a">100% {of} it: b</p>'
    assert isinstance(html, SafeString)


def test_a_value_is_escaped_wherever_it_stands() -> None:
    html = filled(title='"><img src=x>', value="<script>alert('1')</script>&")
    assert '"&quot;&gt;&lt;img src=x&gt;"' in html
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;" in html


def test_a_shape_is_escaped_as_in_any_template() -> None:
    assert "&lt;b&gt;" in filled("<b>", title="", value="")


def test_html_that_is_filled_in_stays_html() -> None:
    parts = joined(outlines()("_outline.html", number).filled(title=1, value="<") for number in range(2))
    assert filled(title="", value=parts).count("<p") == 3
    assert "".join(parts.split()) == '<ptitle="1">100%{of}0:&lt;</p><ptitle="1">100%{of}1:&lt;</p>'
    assert "&lt;</p>" in parts


@given(st.text())
def test_no_value_is_taken_for_a_hole(value: str) -> None:
    assert filled(title=f"%(value)s\0value\0{value}", value="hidden").count("hidden") == 1 + value.count("hidden")


def test_a_hole_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled(title="a")


def test_an_outline_is_drawn_once_and_holds_no_value() -> None:
    first = outlines()("_outline.html", "once")
    first.filled(title="mine", value="mine")
    assert outlines()("_outline.html", "once") is first
    assert "mine" not in first.html


def test_what_is_kept_is_rendered_once() -> None:
    template = Template(CLOCK)
    assert rendered(template) == rendered(template)


def test_each_kept_part_of_a_page_is_its_own() -> None:
    template = Template("{% load consent_gate %}{% kept %}above{% endkept %}, {% kept %}below{% endkept %}")
    assert rendered(template) == rendered(template) == "above, below"


def test_what_is_kept_knows_nothing_of_the_page() -> None:
    template = Template("{% load consent_gate %}{% kept %}[{{ name }}]{% endkept %} {{ name }}")
    assert rendered(template, name="mine") == "[] mine"
    assert rendered(template, name="yours") == "[] yours"


def test_each_language_keeps_its_own() -> None:
    template = Template("{% load consent_gate i18n %}{% kept %}{% translate 'Your choice' %}{% endkept %}")
    for _ in range(2):
        for language, words in (("en", "Your choice"), ("de", "Ihre Auswahl")):
            with translation.override(language):
                assert rendered(template) == words
    with translation.override("en"):
        english = outlines()("_outline.html", None)
    with translation.override("de"):
        assert outlines()("_outline.html", None) is not english


def test_addresses_that_begin_elsewhere_are_kept_apart() -> None:
    template = Template("{% load consent_gate %}{% kept %}{% url 'consent:cookies' %}{% endkept %}")
    before, here = get_script_prefix(), rendered(template)
    set_script_prefix("/library/")
    try:
        assert rendered(template) == f"/library{here}"
    finally:
        set_script_prefix(before)
    assert rendered(template) == here


def test_addresses_of_another_table_are_kept_apart() -> None:
    template = Template(CLOCK)
    here = rendered(template)
    set_urlconf("consent_gate.tests.no_addresses")
    try:
        assert rendered(template) != here
    finally:
        set_urlconf(None)


@override_settings(DEBUG=True)
def test_in_development_nothing_is_kept() -> None:
    """There templates and translations change under a running process."""
    template = Template(CLOCK)
    assert rendered(template) != rendered(template)
    assert outlines()("_outline.html", "new") is not outlines()("_outline.html", "new")


def test_made_up_prefixes_fill_no_memory() -> None:
    template = Template(CLOCK)
    before = get_script_prefix()
    try:
        for number in range(outlines_module.MOST_KEPT + 10):
            set_script_prefix(f"/{number}/")
            rendered(template)
            assert len(outlines_module._parts) <= outlines_module.MOST_KEPT
    finally:
        set_script_prefix(before)


def test_what_is_kept_can_be_forgotten() -> None:
    template = Template(CLOCK)
    before, outline = rendered(template), outlines()("_outline.html", "forgotten")
    forget()
    assert rendered(template) != before
    assert outlines()("_outline.html", "forgotten") is not outline
