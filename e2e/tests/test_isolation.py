"""What browsers keep apart, and what they do not."""

import pytest

from library_suite.fixtures import BrowserAt, NewcomerFactory, SharedSite
from library_suite.site import Site
from library_suite.visitor import Visitor


@pytest.mark.promise("I1")
def test_two_browsers_count_apart_and_two_tabs_of_one_together(newcomer: NewcomerFactory) -> None:
    one, other = newcomer(), newcomer()
    assert [one.visit(), one.visit()] == [1, 2]
    assert other.visit() == 1
    assert one.new_tab().visit() == 3
    assert one.session_id() != other.session_id()


@pytest.mark.promise("I2")
def test_a_private_window_sees_nothing_of_the_profile_beside_it(browser_at: BrowserAt, library: Site) -> None:
    browser = browser_at(library)
    assert [browser.visitor.visit(), browser.visitor.visit()] == [1, 2]
    private = Visitor(browser.profile.browser.new_context(), library)
    assert private.jar() == {}
    private.consent()
    assert private.visit() == 1
    private.context.close()
    assert browser.visitor.visit() == 3


@pytest.mark.promise("I3")
def test_sites_on_two_ports_share_a_jar_unless_their_cookies_have_different_names(
    newcomer: NewcomerFactory, library_with: SharedSite
) -> None:
    """RFC 6265, section 8.5: cookies do not provide isolation by port."""
    visitor = newcomer()
    neighbour = Visitor(visitor.context, library_with(SESSION_SAVE_EVERY_REQUEST="true"))
    polite = Visitor(visitor.context, library_with(SESSION_COOKIE_NAME="__Host-polite"))
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    assert [polite.visit(), polite.visit()] == [1, 2]
    assert visitor.visit() == 3, "the neighbour with a name of its own has taken nothing away"
    mine = visitor.session_id()
    assert neighbour.visit() == 1
    assert visitor.session_id() != mine, "the other neighbour has overwritten it"
    assert visitor.visit() == 1


@pytest.mark.promise("I4")
def test_two_names_of_one_machine_share_no_cookie(visitor: Visitor, library: Site, other_host: str) -> None:
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    elsewhere = visitor.at(library, other_host)
    assert elsewhere.jar() == {}
    elsewhere.consent()
    assert elsewhere.visit() == 1
    assert visitor.visit() == 3
