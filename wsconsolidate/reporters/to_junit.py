"""The findings as JUnit XML, the format that most CI servers show as tests."""

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as Xml

from wsconsolidate.model.finding import Finding
from wsconsolidate.model.report import Report
from wsconsolidate.reporters.closing import unseen
from wsconsolidate.reporters.options import Gate, Options
from wsconsolidate.reporters.spoken import printable, tally

_NAME = "wsconsolidate"


def render(report: Report, options: Options) -> str:
    """A suite for each file with findings, and one for the run itself, which ends with what was not seen.

    A finding whose severity does not fail the check is a test that passed with words.
    """
    by_path: dict[str, list[Finding]] = {}
    for one in report.findings:
        by_path.setdefault(one.path, []).append(one)
    root = Xml.Element("testsuites", name=_NAME)
    for path, found in by_path.items():
        _suite(root, options.prefix + path, list(_cases(options.prefix + path, found, options.gate)))
    _suite(root, _NAME, [_run(report, options)])
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, name: str, cases: Sequence[Xml.Element]) -> None:
    failures = sum(case.find("failure") is not None for case in cases)
    suite = Xml.SubElement(
        root,
        "testsuite",
        name=_text(name),
        tests=str(len(cases)),
        failures=str(failures),
        errors="0",
        skipped="0",
    )
    suite.extend(cases)


def _cases(path: str, findings: Sequence[Finding], gate: Gate) -> Iterator[Xml.Element]:
    """A test for each finding, named by rule and symbol, so that it keeps its history when lines move."""
    seen: Counter[str] = Counter()
    for one in findings:
        name = f"{one.code} {one.rule}: {one.symbol}"
        seen[name] += 1
        number = f" #{seen[name]}" if seen[name] > 1 else ""
        case = Xml.Element("testcase", name=_text(name + number), classname=_text(path))
        where = f"{path}:{one.line}: {one.message}"
        if one.severity in gate.fail_on:
            failure = Xml.SubElement(case, "failure", type=one.severity.value, message=_text(one.message))
            failure.text = _text(where)
        else:
            Xml.SubElement(case, "system-out").text = _text(where)
        yield case


def _run(report: Report, options: Options) -> Xml.Element:
    case = Xml.Element("testcase", name="check" if options.check else "scan", classname=_NAME)
    for complaint in options.gate.complaints:
        Xml.SubElement(case, "failure", type="gate", message=_text(complaint)).text = _text(complaint)
    said = f"{tally(report.findings)}." if report.findings else "No finding."
    Xml.SubElement(case, "system-out").text = _text("\n".join((said, *unseen(report))))
    return case


def _text(text: str) -> str:
    """Text that XML 1.0 can hold."""
    return printable(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
