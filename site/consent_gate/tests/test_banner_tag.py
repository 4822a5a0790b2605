"""The banner's tag, in a project that has added no context processor."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, RequestContext
from django.test import RequestFactory

from consent_gate.middleware import ConsentGateMiddleware

ENGINE = Engine(
    app_dirs=True,
    libraries={
        "consent_gate": "consent_gate.templatetags.consent_gate",
        "i18n": "django.templatetags.i18n",
        "static": "django.templatetags.static",
    },
)
TEMPLATE = ENGINE.from_string("{% load consent_gate %}{% cookie_banner %}")


def test_the_banner_stands_on_a_page_without_any_context_processor() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(TEMPLATE.render(RequestContext(request)))

    response = ConsentGateMiddleware(page)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert b'data-testid="cookie-banner"' in response.content


def test_a_page_may_hand_its_request_to_the_template_itself() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(TEMPLATE.render(Context({"request": request})))

    response = ConsentGateMiddleware(page)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert b'data-testid="cookie-banner"' in response.content


def test_a_page_may_say_where_an_answer_leads() -> None:
    template = ENGINE.from_string("{% load consent_gate %}{% cookie_banner next_page='/books/' %}")

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render(RequestContext(request)))

    response = ConsentGateMiddleware(page)(RequestFactory().get("/lost/"))
    assert isinstance(response, HttpResponse)
    assert b'name="next" value="/books/"' in response.content
    assert b"/lost/" not in response.content


def test_a_page_that_was_made_for_no_request_has_no_banner() -> None:
    assert 'data-testid="cookie-banner"' not in TEMPLATE.render(Context())
