"""A site with django-cookie-consent. Wired wrongly: `keeps` calls its groups of cookies not deletable."""

from cookie_corpus.projects.serving import model, serve, set_up
from cookie_corpus.projects.told import ToldSite, told_site


def main(site: ToldSite) -> None:
    """Serve it until the process is ended."""
    set_up(site, ("cookie_consent",), ("cookie_consent.middleware.CleanCookiesMiddleware",))
    serve(lambda: fill(site))


def fill(site: ToldSite) -> None:
    """A group for each purpose, with its cookies."""
    groups = model("cookie_consent", "CookieGroup").objects
    cookies = model("cookie_consent", "Cookie").objects
    for purpose, words in site.purposes:
        group = groups.create(varname=purpose, name=words, is_deletable=site.wired != "keeps")
        for name, its_purpose in site.cookies:
            if its_purpose == purpose:
                cookies.create(cookiegroup=group, name=name, path="/")


if __name__ == "__main__":
    main(told_site())
