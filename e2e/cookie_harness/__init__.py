"""A browser harness for tests about cookies: real engines, real settings, real closing.

On top of pytest-playwright it offers (load `cookie_harness.plugin` with ``pytest_plugins``):

* `engine`: the browser that is driven; Chromium and Firefox both unless told otherwise, and never a headless shell;
* `new_visitor(cookies=..., javascript=..., gpc=...)`: an isolated browser with those settings, proven by the guard;
* `new_profile(settings)`, `profile`: a folder that a real browser opens, closes and opens again;
* `recorder`: traces and screenshots of all these, by pytest-playwright's options;
* `pytest_browser_opened`, `pytest_browser_closing`, `pytest_browser_refused`: hooks by which a plugin looks into the
  browsers of each test, as `cookie_evidence.plugin` does;
* `read_jar`, `by_name`, `set_cookie_lines`: the cookie jar and the wire, the same way in both engines;
* `prove_policy`, `prove_cleared_on_exit`: that a cookie policy is in force, or `PolicyNotInForce`;
* `wait_until_written`: until a browser has written its cookies to the disk, where a crash leaves them;
* `ServerProcess`: a server under test in a process of its own, without a race for its port;
* `SharedCache`: a cache in front of a server, which serves one visitor what it stored for another if it may.

``python -m cookie_harness.install`` makes sure that both browsers are there.
"""

from cookie_harness.cookie_database import NotWritten, wait_until_written
from cookie_harness.echo import EchoSite
from cookie_harness.engines import BrowserMissing, BrowserRefused, Engine, EngineError, find_engine
from cookie_harness.guard import PolicyNotInForce, prove_cleared_on_exit, prove_policy
from cookie_harness.jar import (
    CHROMIUM_AND_FIREFOX_LIFETIME_CAP,
    JarCookie,
    by_name,
    read_jar,
    same_site_matches,
    set_cookie_lines,
)
from cookie_harness.policies import BrowserSettings, CookiePolicy
from cookie_harness.profiles import BrowserStillRuns, Profile, ProfileInUse
from cookie_harness.recorder import Recorder
from cookie_harness.servers import ServerFailed, ServerProcess
from cookie_harness.shared_cache import SharedCache

__all__ = [
    "CHROMIUM_AND_FIREFOX_LIFETIME_CAP",
    "BrowserMissing",
    "BrowserRefused",
    "BrowserSettings",
    "BrowserStillRuns",
    "CookiePolicy",
    "EchoSite",
    "Engine",
    "EngineError",
    "JarCookie",
    "NotWritten",
    "PolicyNotInForce",
    "Profile",
    "ProfileInUse",
    "Recorder",
    "ServerFailed",
    "ServerProcess",
    "SharedCache",
    "by_name",
    "find_engine",
    "prove_cleared_on_exit",
    "prove_policy",
    "read_jar",
    "same_site_matches",
    "set_cookie_lines",
    "wait_until_written",
]
