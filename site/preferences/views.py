"""The page where a visitor sets how the site looks, and what happens when that can't be remembered."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from consent_gate.api import Purpose, consent_of, own_page, registry
from preferences.options import AS_THE_BROWSER, Theme, language_of, setting_from, theme_of


@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Colours, language, and the notice on the home page."""
    return render(
        request,
        "preferences/preferences.html",
        {
            "chosen_theme": theme_of(request.COOKIES).value,
            "themes": [theme.value for theme in Theme],
            "languages": settings.LANGUAGES,
            "as_the_browser": AS_THE_BROWSER,
            "chosen_language": language_of(
                request.COOKIES, name=settings.LANGUAGE_COOKIE_NAME, languages=dict(settings.LANGUAGES)
            ),
            "next_page": own_page(request.GET.get("next"), ""),
            "can_be_kept": consent_of(request).grants(Purpose.PREFERENCES),
        },
    )


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Remember one setting in its cookie; to whoever does not allow that, say so, and store nothing."""
    setting = setting_from(
        request.POST,
        language=registry.cookies.find(settings.LANGUAGE_COOKIE_NAME),
        languages=dict(settings.LANGUAGES),
    )
    if setting is None:
        return bad_choice(request)
    if not consent_of(request).grants(Purpose.PREFERENCES):
        context = {"cookie": setting.cookie, "next_page": own_page(request.POST.get("next"), reverse("index"))}
        return render(request, "preferences/not_allowed.html", context)
    response = HttpResponseRedirect(own_page(request.POST.get("next"), reverse("preferences")))
    if setting.value is None:
        setting.cookie.delete(response)
    else:
        setting.cookie.send(response, setting.value)
    return response


def bad_choice(request: HttpRequest) -> HttpResponse:
    """Answer a form that this site did not make."""
    return render(request, "preferences/bad_choice.html", status=400)
