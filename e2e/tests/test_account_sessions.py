"""Where an account is signed in: listed truly, and ended from afar."""

import pytest

from library_suite.dashboard import Dashboard
from library_suite.fixtures import NewcomerFactory, SharedSite
from library_suite.site import LibrarySite, Site
from library_suite.visitor import PASSWORD, Visitor

NEW_PASSWORD = "another horse, another battery"


def dashboard_of(visitor: Visitor) -> Dashboard:
    visitor.open("/privacy/")
    return Dashboard(visitor.page)


def is_signed_in(visitor: Visitor) -> bool:
    visitor.open("/about/")
    return visitor.page.get_by_role("button", name="Sign out").count() == 1


@pytest.mark.promise("D12")
def test_sessions_are_listed_and_ended_one_by_one_and_all_at_once(newcomer: NewcomerFactory, library: Site) -> None:
    list_and_end_sessions(newcomer, library)


@pytest.mark.promise("D12")
def test_sessions_in_files_are_listed_and_ended_too(newcomer: NewcomerFactory, library_with: SharedSite) -> None:
    list_and_end_sessions(newcomer, library_with(SESSION_ENGINE="file"))


def list_and_end_sessions(newcomer: NewcomerFactory, site: Site) -> None:
    first, second, third, stranger = (newcomer(site) for _ in range(4))
    name = first.register()
    second.sign_in(name, remember=True)
    third.sign_in(name, remember=False)
    stranger.register()
    dashboard = dashboard_of(first)
    assert dashboard.account_sessions() == [False, False, True], "the newest first, this one marked"
    assert [visitor.session_id() in first.page.content() for visitor in (first, second, third)] == [False] * 3
    foreign = dashboard.ids_of_account_sessions()[0]
    answer = stranger.context.request.post(
        f"{stranger.address}/privacy/sessions/end/", form={"id": foreign}, headers={"Origin": stranger.address}
    )
    assert 'data-done="nothing"' in answer.text()
    assert is_signed_in(third), "an id of somebody else's ends nothing"
    dashboard = dashboard_of(first)
    dashboard.end_newest_account_session()
    assert not is_signed_in(third)
    assert is_signed_in(second)
    third.sign_in(name, remember=False)
    dashboard_of(first).press("End all others")
    assert [is_signed_in(visitor) for visitor in (first, second, third)] == [True, False, False]


@pytest.mark.promise("D13")
def test_a_new_password_ends_the_other_sessions_at_once(newcomer: NewcomerFactory, library_inside: LibrarySite) -> None:
    here, there = newcomer(), newcomer()
    name = here.register()
    there.sign_in(name, remember=True)
    lost = there.session_id()
    dashboard_of(here)
    here.page.get_by_role("link", name="Change your password").click()
    here.page.get_by_label("Old password").fill(PASSWORD)
    here.page.get_by_label("New password:", exact=True).fill(NEW_PASSWORD)
    here.page.get_by_label("New password confirmation").fill(NEW_PASSWORD)
    here.page.get_by_role("button", name="Change my password").click()
    here.page.get_by_text("Your password is changed. All other").wait_for()
    assert Dashboard(here.page).account_sessions() == [True]
    assert not library_inside.holds_session(lost), "at once"
    assert not is_signed_in(there)


@pytest.mark.promise("D14")
def test_sessions_in_the_browsers_themselves_are_said_to_be_out_of_reach(
    newcomer: NewcomerFactory, library_with: SharedSite
) -> None:
    visitor = newcomer(library_with(SESSION_ENGINE="signed_cookies"))
    visitor.register()
    dashboard = dashboard_of(visitor)
    assert visitor.page.get_by_test_id("cannot-be-listed").is_visible()
    assert dashboard.account_sessions() == []
