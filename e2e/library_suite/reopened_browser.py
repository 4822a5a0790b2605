"""Closing the browser for real, and opening it again, in the middle of a visit."""

from cookie_harness import BrowserSettings, EchoSite, Profile, prove_policy
from library_suite.site import Site
from library_suite.visitor import Visitor


class ReopenedBrowser:
    """A browser on a profile, at one site, that is really closed and opened again."""

    def __init__(self, profile: Profile, site: Site, echo: EchoSite) -> None:
        self.profile = profile
        self.site = site
        self.echo = echo
        self.visitor = Visitor(profile.open(), site)

    def reopen(self, settings: BrowserSettings | None = None) -> Visitor:
        """Leave the site, close the browser, open it again; the guard proves settings that are new."""
        self.visitor.leave()
        context = self.profile.reopen(settings)
        if settings:
            prove_policy(context, settings, self.echo)
        self.visitor = Visitor(context, self.site)
        return self.visitor
