"""Makes one JUnit report of several: https://docs.pytest.org/en/stable/how-to/output.html#creating-junitxml-format-files."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

_COUNTED = ("errors", "failures", "skipped", "tests")


def read_junit(file: Path) -> list[Element]:
    """The suites in a report; none if there is no report, or if it was cut off."""
    try:
        return list(ElementTree.parse(file).iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return []


def merge_junit(suites: Sequence[Element], not_run: Iterable[str]) -> "ElementTree.ElementTree[Element]":
    """One suite with the test cases of several; what was not run is an error in it, lest it be taken for passed."""
    root = Element("testsuites", name="pytest tests")
    merged = SubElement(root, "testsuite", dict(suites[0].attrib))
    for suite in suites:
        merged.extend(suite.findall("testcase"))
    missing = list(not_run)
    for sentence in missing:
        case = SubElement(merged, "testcase", classname="evidence", name="not run", time="0")
        SubElement(case, "error", message=f"not run: {sentence}")
    for name in _COUNTED:
        count = sum(int(suite.get(name, "0")) for suite in suites)
        merged.set(name, str(count + len(missing) * (name in {"errors", "tests"})))
    merged.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
    merged.set("timestamp", min(suite.get("timestamp", "") for suite in suites))
    return ElementTree.ElementTree(root)
