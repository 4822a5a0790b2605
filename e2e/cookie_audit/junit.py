"""The audit as a JUnit report, which continuous integration shows: a case for each kind of finding in each browser."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cookie_audit.kinds import MEANINGS, FindingKind
from cookie_audit.report import NOT_RUN, Report, finding_in_words, plain


def junit(report: Report) -> str:
    """The whole report. What an earlier audit knew does not fail; a state that was not run is a skipped case."""
    suites = Element("testsuites", name="cookie audit")
    new = report.new_findings()
    for audit in report.engines:
        suite = SubElement(
            suites, "testsuite", name=audit.engine.name, timestamp=report.made_at.isoformat("T", "seconds")
        )
        failed = skipped = 0
        for kind in FindingKind:
            case = SubElement(suite, "testcase", classname=f"cookie_audit.{audit.engine.name}", name=kind.value)
            found = [each for each in audit.site.findings if each.kind is kind and each in new]
            if found:
                failed += 1
                failure = SubElement(case, "failure", message=plain(MEANINGS[kind].sentence, None), type=kind.value)
                failure.text = "\n".join(finding_in_words(each) for each in found)
        for state in audit.states:
            case = SubElement(
                suite, "testcase", classname=f"cookie_audit.{audit.engine.name}.states", name=plain(state.title)
            )
            if not state.was_run:
                skipped += 1
                SubElement(case, "skipped", message=f"{NOT_RUN}: {plain(getattr(state.seen, 'why', ''), None)}")
        suite.attrib |= {"tests": str(len(suite)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    indent(suites)
    return tostring(suites, encoding="unicode", xml_declaration=True)
