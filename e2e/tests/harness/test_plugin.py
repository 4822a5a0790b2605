"""The plugin, in a pytest run of its own: its header, its refusals, and what a failing test leaves behind."""

import ast
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cookie_harness import Engine

pytest_plugins = ["pytester"]

E2E = Path(__file__).parents[2]


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A run that loads the plugin and nothing else of this suite."""
    monkeypatch.setenv("PYTHONPATH", str(E2E))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:django -p no:xdist -p no:cacheprovider")
    pytester.makeconftest('pytest_plugins = ["cookie_harness.plugin"]')
    return pytester


@pytest.mark.promise("H2")
def test_both_engines_run_and_the_header_names_them(inner: pytest.Pytester) -> None:
    inner.makepyfile("def test_engine(engine): assert engine.version != 'unknown'")
    result = inner.runpytest_subprocess("-v")
    result.assert_outcomes(passed=2)
    for name, driver in (("chromium", "CDP"), ("firefox", "(BiDi|Juggler)")):
        line = rf"{name} \d+\.\d+\S*, (given|managed|system) /\S+, driven over {driver}; cookie policies: accept, block"
        result.stdout.re_match_lines([line])


@pytest.mark.promise("H2")
def test_only_the_browsers_that_were_asked_for_are_looked_up(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("E2E_FIREFOX", "/nowhere/firefox")
    inner.makepyfile("def test_engine(engine): assert engine.name == 'chromium'")
    inner.runpytest_subprocess("--browser", "chromium").assert_outcomes(passed=1)


@pytest.mark.promise("H2")
@pytest.mark.parametrize("missing", ["firefox", "webkit"])
def test_a_run_without_its_browser_fails_with_one_sentence(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for variable in ("PATH", "HOME", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.setenv(variable, str(inner.mkdir(variable)))
    monkeypatch.delenv("E2E_FIREFOX", raising=False)
    inner.makepyfile("def test_nothing(): pass")
    result = inner.runpytest_subprocess("--browser", missing)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: No {missing} was found: install one with *"])


@pytest.mark.promise("H9")
def test_a_setting_that_an_engine_does_not_have_is_a_known_quirk(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        from cookie_harness import BrowserSettings, CookiePolicy
        from cookie_harness.policies import refuse_missing

        def test_blocking():
            refuse_missing("webkit", BrowserSettings(cookies=CookiePolicy.BLOCK))

        def test_accepting():
            refuse_missing("webkit", BrowserSettings())
    """)
    result = inner.runpytest_subprocess("--browser", "chromium", "-rx")
    result.assert_outcomes(xfailed=1, passed=1)
    result.stdout.fnmatch_lines(["XFAIL *test_blocking* - Playwright's webkit has no setting for cookies: block."])


@pytest.mark.promise("H2")
def test_a_headless_shell_is_refused_before_any_test_runs(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = inner.makefile("", **{"chromium-headless-shell": ""})
    monkeypatch.setenv("E2E_CHROMIUM", str(shell))
    result = inner.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: E2E_CHROMIUM names a headless shell *"])


@pytest.mark.promise("H2")
def test_the_harness_alone_brings_no_evidence(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import sys

        def test_engine(new_visitor):
            assert new_visitor().new_page()
            assert not [name for name in sys.modules if name.startswith("cookie_evidence")]
    """)
    inner.runpytest_subprocess("--browser", "chromium").assert_outcomes(passed=1)
    refused = inner.runpytest_subprocess("--evidence", "evidence")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["*unrecognized arguments: --evidence*"])


LISTENING_CONFTEST = """
pytest_plugins = ["cookie_harness.plugin"]
heard = []


def pytest_browser_opened(item, context, settings):
    heard.append((item.name, settings.cookies.value, len(context.cookies())))


def pytest_browser_closing(item, context):
    heard.append((item.name, len(context.cookies())))


def pytest_unconfigure():
    print("HEARD", heard)
"""

OPENING_TEST = """
from cookie_harness import BrowserSettings, CookiePolicy


def test_it(new_visitor, new_profile, echo_site):
    new_visitor(cookies=CookiePolicy.BLOCK).new_page().goto(echo_site.set_url("a"))
    profile = new_profile(BrowserSettings())
    profile.open().new_page().goto(echo_site.set_url("a", max_age=60))
    profile.reopen()
"""


@pytest.mark.promise("H2")
def test_a_plugin_hears_of_each_browser_as_it_opens_and_closes(inner: pytest.Pytester) -> None:
    inner.makeconftest(LISTENING_CONFTEST)
    inner.makepyfile(OPENING_TEST)
    result = inner.runpytest_subprocess("--browser", "chromium", "-s")
    result.assert_outcomes(passed=1)
    opened = [("accept", 0), ("accept", 2), ("block", 0)]
    [line] = [line for line in result.outlines if line.startswith("HEARD")]
    heard = ast.literal_eval(line.removeprefix("HEARD "))
    assert sorted(each[1:] for each in heard if len(each) == 3) == opened
    assert sorted(each[1] for each in heard if len(each) == 2) == [0, 2, 2]


FAILING_TEST = """
def test_fails(new_profile, new_visitor, echo_site):
    profile = new_profile()
    profile.open().new_page().goto(echo_site.url + "/profile-first")
    profile.reopen().new_page().goto(echo_site.url + "/profile-second")
    new_visitor(javascript=False).new_page().goto(echo_site.url + "/visitor")
    assert False, "on purpose"
"""


@pytest.mark.promise("H5")
def test_a_failing_test_leaves_a_trace_and_a_screenshot_of_each_launch(inner: pytest.Pytester, engine: Engine) -> None:
    inner.makepyfile(FAILING_TEST)
    result = inner.runpytest_subprocess(
        *("--browser", engine.name, "--tracing", "retain-on-failure", "--screenshot", "only-on-failure"),
        *("--junitxml", "junit.xml"),
    )
    result.assert_outcomes(failed=1)
    properties = [
        (entry.attrib["name"], inner.path / entry.attrib["value"])
        for entry in ElementTree.parse(inner.path / "junit.xml").iter("property")
    ]
    assert Counter(name for name, _ in properties) == {"playwright_trace": 3, "playwright_screenshot": 3}
    assert all(path.is_file() for _, path in properties)
    traces = [trace_text(path) for name, path in properties if name == "playwright_trace"]
    for launch in ("/profile-first", "/profile-second", "/visitor"):
        assert sum(launch in trace for trace in traces) == 1, launch


PASSING_TEST = """
def test_passes(new_profile, new_visitor, recorder, echo_site):
    new_profile().open().new_page().goto(echo_site.url)
    closed_early = new_visitor()
    closed_early.new_page().goto(echo_site.url)
    recorder.close(closed_early)
"""


@pytest.mark.promise("H5")
def test_a_passing_test_leaves_nothing_unless_everything_was_asked_for(inner: pytest.Pytester) -> None:
    inner.makepyfile(PASSING_TEST)
    chromium = ("--browser", "chromium")
    inner.runpytest_subprocess(
        *chromium, "--tracing", "retain-on-failure", "--screenshot", "only-on-failure"
    ).assert_outcomes(passed=1)
    assert not any(inner.path.glob("test-results/*"))
    inner.runpytest_subprocess(*chromium, "--tracing", "on", "--screenshot", "on").assert_outcomes(passed=1)
    assert {file.name for file in inner.path.glob("test-results/*/*")} == {
        "browser-1.trace.zip",
        "browser-1-page-1.png",
        "browser-2.trace.zip",
        "browser-2-page-1.png",
    }


def trace_text(path: Path) -> str:
    """The addresses, among all else, that a trace has recorded."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".trace"))
