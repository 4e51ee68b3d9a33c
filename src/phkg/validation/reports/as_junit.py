"""The report as JUnit XML, which most build services show as a table of tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ..findings import Report, in_language

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, language: str) -> str:
    """A test case for each finding, failed where it blocks and passed with words where not; one passed case when there is none."""
    failures, errors = report.count("violation"), int(report.unchecked)
    cases = len(report.findings) + errors or 1
    counts = {"tests": str(cases), "failures": str(failures), "errors": str(errors), "time": f"{report.seconds:.3f}"}
    suites = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "phkg validate", **counts, "skipped": "0"})
    for finding in report.findings:
        message = in_language(finding.message, language)
        name = f"{finding.line}:{finding.column} {finding.rule}"
        case = ElementTree.SubElement(suite, "testcase", {"classname": _clean(finding.file), "name": _clean(name)})
        hint, labels = in_language(finding.hint, language), in_language(finding.record_label, language)
        text = "\n".join(part for part in (message, finding.snippet, labels, finding.record, hint, finding.example) if part)
        if finding.severity == "violation":
            told = ElementTree.SubElement(case, "failure", {"type": _clean(finding.rule), "message": _clean(message)})
        else:
            told = ElementTree.SubElement(case, "system-out")
        told.text = _clean(text)
    if report.unchecked:
        case = ElementTree.SubElement(suite, "testcase", {"classname": "ontology", "name": "SHACL"})
        ElementTree.SubElement(case, "error", {"message": ", ".join(map(_clean, report.unread))})
    elif not report.findings:
        ElementTree.SubElement(suite, "testcase", {"classname": "registry", "name": "phkg validate"})
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """`text` without the characters that no XML document may hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
