"""Guessing passwords: how far one gets, what the owner is told meanwhile, and what the site keeps of it."""

import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from library_suite.fixtures import NewcomerFactory, OwnSite
from library_suite.site import LibrarySite
from library_suite.visitor import PASSWORD

LIMIT = 10


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Where a right password leads is of no interest here."""


_opener = urllib.request.build_opener(StayHere)


def sign_in(site: LibrarySite, name: str, password: str, **headers: str) -> tuple[int, Message]:
    """Send the form from a browser without cookies; gives back the answer's status and headers."""
    form = urlencode({"username": name, "password": password}).encode()
    request = urllib.request.Request(f"{site.url}/accounts/sign-in/", form, {"Origin": site.url, **headers})
    try:
        with _opener.open(request) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers


@pytest.mark.promise("N8")
def test_guesses_sent_at_once_to_two_processes_get_no_further(own_library: OwnSite) -> None:
    site = own_library(WEB_CONCURRENCY="2")
    with ThreadPoolExecutor(12) as guessers:
        statuses = Counter(
            guessers.map(lambda number: sign_in(site, "librarian", f"wrong {number}")[0], range(LIMIT * 6))
        )
    assert statuses == {200: LIMIT, 429: LIMIT * 5}


@pytest.mark.promise("N8")
def test_the_right_password_is_refused_in_words_meanwhile(own_library: OwnSite, newcomer: NewcomerFactory) -> None:
    site = own_library(WEB_CONCURRENCY="2", TRIES_LIMIT="2", TRIES_WINDOW="600")
    owner = newcomer(site)
    name = owner.register()
    owner.sign_out()
    assert [sign_in(site, name, "wrong")[0] for _ in range(3)] == [200, 200, 429]
    owner.fill_in_sign_in(name, remember=False)
    with owner.page.expect_response("**/accounts/sign-in/") as answer:
        owner.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    assert answer.value.status == 429
    assert 0 < int(answer.value.headers["retry-after"]) <= 600
    refusal = owner.page.get_by_test_id("too-many-tries")
    expect(refusal.get_by_role("heading", name="Too many tries")).to_be_visible()
    expect(refusal).to_contain_text("this site looks at none for")


@pytest.mark.promise("N8")
def test_the_right_password_works_after_the_time_that_the_refusal_names(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library(TRIES_LIMIT="1", TRIES_WINDOW="3")
    owner = newcomer(site)
    name = owner.register()
    owner.sign_out()
    status, headers = sign_in(site, name, "wrong")
    while status != 429:  # the window may end between two guesses on a busy machine
        status, headers = sign_in(site, name, "wrong")
    time.sleep(int(headers["Retry-After"]))
    owner.sign_in(name, remember=False)


@pytest.mark.promise("N9")
def test_nothing_of_a_guesser_stands_in_the_sites_files(own_library: OwnSite) -> None:
    site = own_library(TRUSTED_PROXIES="1", TRIES_LIMIT="1")
    traces = ("unmistakable-name", "unmistakable-password", "203.0.113.77", "UnmistakableBrowser", "x-unmistakable")
    name, password, address, browser, header = traces
    for _ in range(3):
        answer = sign_in(
            site, name, password, **{"X-Forwarded-For": address, "User-Agent": browser, "X-Header": header}
        )
    assert answer[0] == 429
    assert sign_in(site, name, password, **{"X-Forwarded-For": "203.0.113.78"})[0] == 200, "the address was counted"
    kept = {path.name: path.read_bytes() for path in site.data.iterdir() if path.is_file()}
    assert any(name.startswith("library.sqlite3") for name in kept)
    found = [(trace, where) for trace in traces for where, content in kept.items() if trace.encode() in content]
    assert found == []


@pytest.mark.promise("N8")
def test_accounts_can_not_be_opened_without_end(own_library: OwnSite) -> None:
    site = own_library(REGISTRATIONS_LIMIT="3", WEB_CONCURRENCY="2")

    def register(number: int) -> int:
        form = {"username": f"reader-{number}", "password1": PASSWORD, "password2": PASSWORD}
        request = urllib.request.Request(
            f"{site.url}/accounts/register/", urlencode(form).encode(), {"Origin": site.url}
        )
        try:
            return int(_opener.open(request).status)
        except urllib.error.HTTPError as answer:
            return answer.code

    with ThreadPoolExecutor(4) as visitors:
        assert Counter(visitors.map(register, range(10))) == {302: 3, 429: 7}
