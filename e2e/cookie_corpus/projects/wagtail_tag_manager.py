"""A site with wagtail-tag-manager, which loads tags by consent and deletes nothing by itself.

Wired rightly, each type of tag waits for a yes; the package then shows its bar to nobody, so the page does it; and the
site takes away what a no forbids. Wired wrongly: `defaults` leaves the package's own types of tags, of which statistics
run until somebody says no; `keeps` takes nothing away.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from cookie_corpus.projects.serving import model, serve, set_up
from cookie_corpus.projects.told import ToldSite, told_site

_WAGTAIL = (
    "wagtail.contrib.settings", "wagtail.users", "wagtail.images", "wagtail.documents", "wagtail.admin", "wagtail",
    "taggit", "modelcluster", "wagtail_modeladmin",
)  # fmt: skip
_MIDDLEWARE = tuple(f"wagtail_tag_manager.middleware.{name}Middleware" for name in ("CookieConsent", "TagManager"))
_CLEARING = "cookie_corpus.projects.wagtail_tag_manager.ClearingMiddleware"


class ClearingMiddleware:
    """Takes away the cookies of purposes to which the visitor has said no, as the package leaves it to the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._site = told_site()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and delete."""
        response = self._get_response(request)
        state = import_string("wagtail_tag_manager.consent.Consent")(request).get_state()
        for name, purpose in self._site.cookies:
            if name in request.COOKIES and state.get(purpose) == "false":
                response.delete_cookie(name)
        return response


def main(site: ToldSite) -> None:
    """Serve it until the process is ended."""
    more: dict[str, object] = {"WAGTAIL_SITE_NAME": "A shop", "WAGTAILADMIN_BASE_URL": "http://127.0.0.1"}
    if site.wired != "defaults":
        more["WTM_TAG_TYPES"] = {
            "necessary": ("Necessary", "required"),
            **{purpose: (words, "") for purpose, words in site.purposes},
        }
    middleware = _MIDDLEWARE if site.wired == "keeps" else (_CLEARING, *_MIDDLEWARE)
    set_up(site, (*_WAGTAIL, "wagtail_tag_manager"), middleware, **more)
    serve(lambda: fill(site))


def fill(site: ToldSite) -> None:
    """Wagtail's root page and site, and a tag for each cookie."""
    model("wagtailcore", "Locale").objects.create(language_code="en")
    pages = model("wagtailcore", "Page")
    root = pages.add_root(title="A shop", slug="root")
    model("wagtailcore", "Site").objects.create(hostname="127.0.0.1", root_page=root, is_default_site=True)
    tags = model("wagtail_tag_manager", "Tag").objects
    for name, purpose in site.cookies:
        script = f'<script src="/script/{name}.js"></script>'
        tags.create(name=name, tag_type=purpose, tag_location="3_bottom_body", content=script)


if __name__ == "__main__":
    main(told_site())
