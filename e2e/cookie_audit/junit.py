"""The audit as a JUnit report, which continuous integration shows: a case for each kind of finding in each browser."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cookie_audit.kinds import MEANINGS, FindingKind
from cookie_audit.report import NOT_RUN, Report, finding_in_words, plain


def junit(report: Report) -> str:
    """The whole report. What an earlier audit knew does not fail; a state that was not run is a skipped case.

    One that was cut short is an error.
    """
    suites = Element("testsuites", name="cookie audit")
    new = report.new_findings()
    for audit in report.engines:
        suite = SubElement(
            suites, "testsuite", name=audit.engine.name, timestamp=report.made_at.isoformat("T", "seconds")
        )
        failed = skipped = errors = 0
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
            elif state.cut_short:
                errors += 1
                SubElement(case, "error", message=f"cut short: {plain(state.cut_short, None)}")
        numbers = {"tests": len(suite), "failures": failed, "errors": errors, "skipped": skipped}
        suite.attrib |= {name: str(number) for name, number in numbers.items()}
    indent(suites)
    return tostring(suites, encoding="unicode", xml_declaration=True)
