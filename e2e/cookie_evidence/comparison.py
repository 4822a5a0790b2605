"""Compares two runs' evidence, as documents: every verdict, cookie and line that changed. Pure functions.

Times, commands, screenshots and traces are left out, and the order of lines, which two requests at one moment decide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from cookie_evidence.matrix import Column
from cookie_evidence.observer import SeenCookie

FORMAT = "browser-evidence-diff/1"
_JARS = {"jar_before": "the jar before", "jar_after": "the jar after"}
# A change of one kind is told once, with the first tests that saw it.
_TESTS_NAMED = 5


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two runs; None where a run does not have it."""

    kind: str
    """promise, verdict, test, browser, cookie, line, or "not run" for a part that a merging missed."""
    what: str
    """In words, such as "V1 in firefox · accept · lasting"."""
    before: str | None
    after: str | None
    test: str | None = None
    """By pytest's id; None for promises and verdicts."""
    browser: int | None = None
    """Which of the test's, from 1; None for what is not about one browser."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Everything that changed from one document to another: promises, verdicts, tests, then what each browser saw."""
    found = [
        *_changed("not run", _named(before.get("not_run", ())), _named(after.get("not_run", ()))),
        *_changed("promise", _sentences(before), _sentences(after)),
        *_changed("verdict", _verdicts(before), _verdicts(after)),
    ]
    earlier, later = _tests(before), _tests(after)
    found += _changed("test", _ends(earlier), _ends(later))
    for name in sorted(earlier.keys() & later.keys()):
        found += _in_browsers(name, earlier[name]["browsers"], later[name]["browsers"])
    return found


def circumstances(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What else differs between two runs: commit, versions, browsers, facts of the site. It may be why others do."""

    def plain(document: Mapping[str, Any]) -> dict[str, str]:
        about = document["about"]
        return {"commit": about["commit"], **about["engines"], **about["versions"], **about["facts"]}

    return list(_changed("circumstance", plain(before), plain(after)))


def comparison(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The whole comparison in plain values, ready for `json.dump`."""
    return {
        "format": FORMAT,
        "before": before["about"],
        "after": after["about"],
        "circumstances": [asdict(each) for each in circumstances(before, after)],
        "changes": [asdict(each) for each in differences(before, after)],
    }


def lines_of_comparison(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The comparison for a person: what else differs, then each change once, with the tests that saw it."""
    found = differences(before, after)
    told: dict[tuple[str, str], list[str]] = {}
    for each in found:
        place = f"{each.test}, browser {each.browser}" if each.browser else each.test
        told.setdefault((each.kind, in_words(each)), []).extend([place] if place else [])
    lines = [f"{about['made_at']}  {about['commit']}" for about in (before["about"], after["about"])]
    lines += [f"circumstance: {in_words(each)}" for each in circumstances(before, after)]
    for (kind, words), places in told.items():
        lines += ["", f"{kind}: {words}", *(f"  {place}" for place in places[:_TESTS_NAMED])]
        if len(places) > _TESTS_NAMED:
            lines.append(f"  and {len(places) - _TESTS_NAMED} more, which --json names")
    counted = {kind: sum(each.kind == kind for each in found) for kind in dict.fromkeys(each.kind for each in found)}
    return [*lines, "", "Changed: " + (", ".join(f"{kind} {count}" for kind, count in counted.items()) or "nothing")]


def in_words(difference: Difference) -> str:
    """One difference in a line, without where it was seen."""
    before, after = difference.before, difference.after
    if before is None:
        return f"{difference.what}: new: {after}"
    if after is None:
        return f"{difference.what}: gone: {before}"
    return f"{difference.what}: {before} → {after}"


def _changed(
    kind: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    test: str | None = None,
    browser: int | None = None,
) -> Iterator[Difference]:
    for what in dict.fromkeys([*before, *after]):
        if before.get(what) != after.get(what):
            yield Difference(kind, what, before.get(what), after.get(what), test, browser)


def _named(sentences: Iterable[str]) -> dict[str, str]:
    return {sentence.partition(":")[0]: sentence.partition(":")[2].strip() for sentence in sentences}


def _sentences(document: Mapping[str, Any]) -> dict[str, str]:
    return {promise["id"]: promise["sentence"] for promise in document["promises"]}


def _verdicts(document: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{promise['id']} in {Column(cell['engine'], cell['policy'], cell['lifetime']).title}": cell["state"]
        for promise in document["promises"]
        for cell in promise["cells"]
    }


def _tests(document: Mapping[str, Any]) -> dict[str, Any]:
    return {test["id"]: test for test in document["tests"]}


def _ends(tests: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: ": ".join(filter(None, (test["state"], test["reason"]))) + f" ({', '.join(test['promises'])})"
        for name, test in tests.items()
    }


def _in_browsers(
    test: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """What changed in the browsers of one test, which opens them in one order."""
    for number, (earlier, later) in enumerate(zip_longest(before, after), start=1):
        yield from _changed("browser", _nature(earlier), _nature(later), test, number)
        if earlier is None or later is None:
            continue
        for jar, words in _JARS.items():
            yield from _changed("cookie", _cookies(earlier[jar], words), _cookies(later[jar], words), test, number)
        yield from _changed("line", _lines(earlier, later), _lines(later, earlier), test, number)


def _nature(browser: Mapping[str, Any] | None) -> dict[str, str]:
    """What a browser was set to, and the life of its session cookie; nothing for a browser that was not opened."""
    if browser is None:
        return {}
    return {
        "its settings": ", ".join([f"cookies: {browser['policy']}", *browser["settings"]]),
        "its session cookie's life": " and ".join(browser["lifetimes"]) or "none seen",
    }


def _cookies(jar: Iterable[Mapping[str, Any]], where: str) -> dict[str, str]:
    """Each cookie of a jar in words, by its name and place; of one that is there twice, in two partitions, both."""
    found: dict[str, str] = {}
    for each in jar:
        cookie = SeenCookie(**each)
        key = f"{cookie.name} of {cookie.domain}{cookie.path} in {where}"
        words = "; ".join([cookie.value or "(empty)", f"ends {cookie.ends}", *cookie.attributes])
        found[key] = f"{found[key]} and {words}" if key in found else words
    return found


def _lines(browser: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """The lines that the other run does not have, by the names of their cookies and, of several, their number."""
    found: dict[str, str] = {}
    for line in browser["set_cookies"]:
        if line not in other["set_cookies"]:
            key = f"Set-Cookie of {line.partition('=')[0]}"
            number = sum(each.partition(" (")[0] == key for each in found) + 1
            found[key if number == 1 else f"{key} ({number})"] = line
    return found
