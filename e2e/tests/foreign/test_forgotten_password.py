"""Django's own pages for a forgotten password: the link in the mail is a visitor's very first request."""

import pytest
from playwright.sync_api import expect

from cookie_harness.plugin import VisitorFactory
from tests.foreign.conftest import ProjectFactory
from tests.foreign.installation import THE_GATE
from tests.foreign.project import URLS, Step
from tests.foreign.visit import Visit

pytestmark = pytest.mark.promise("S8")

_ADMIN = "    path('admin/', admin.site.urls),\n"
PAGES = Step(URLS, _ADMIN, f"{_ADMIN}    path('accounts/', include('django.contrib.auth.urls')),\n")
LINK = """\
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

ann = User.objects.create_user("ann", password="a good book")
mark = urlsafe_base64_encode(force_bytes(ann.pk))
print(reverse("password_reset_confirm", args=[mark, default_token_generator.make_token(ann)]))
"""
"""The mail's link, which Django makes of these parts."""
NEW = "another good book"


def test_the_link_in_the_mail_sets_a_new_password(new_project: ProjectFactory, new_visitor: VisitorFactory) -> None:
    project = new_project()
    project.take(*THE_GATE, PAGES)
    with project.server() as server:
        link = project.manage("shell", "--command", LINK).split()[-1]
        visit = Visit(new_visitor(), server.url)
        visit.open(link)
        assert visit.kept() == {"csrftoken", "sessionid"}
        for field in ("new_password1", "new_password2"):
            visit.page.locator(f"input[name={field}]").fill(NEW)
        visit.page.locator("main input[type=submit]").click()
        expect(visit.page.get_by_text("Your password has been set.")).to_be_visible()
