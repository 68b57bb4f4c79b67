"""JUnit XML that the schema of Jenkins takes."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import xmlschema

from wsconsolidate.model.finding import Severity
from wsconsolidate.reporters.options import Gate, Options
from wsconsolidate.reporters.to_junit import render

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("schemas") / "junit-10.xsd")


def suites(report, **options):
    """The suites by name, after the schema has taken them."""
    text = render(report, Options(**options))
    SCHEMA.validate(text)
    return {suite.get("name"): suite for suite in Xml.fromstring(text)}  # noqa: S314 - our own


def counts(suite):
    return (suite.get("tests"), suite.get("failures"))


def test_a_clean_check_passes(report):
    (run,) = suites(report, check=True).values()
    assert (run.get("name"), *counts(run)) == ("wsconsolidate", "1", "0")
    assert run.find("testcase").get("name") == "check"
    assert run.find("testcase/system-out").text.startswith("No finding.\nNothing was left unseen")


def test_a_suite_for_each_file(troubled):
    found = suites(troubled, prefix="backend/")
    assert list(found) == ["backend/app/manager.py.bak", "backend/app/old_emitter.py", "wsconsolidate"]
    assert counts(found["backend/app/old_emitter.py"]) == ("2", "2")
    case = found["backend/app/old_emitter.py"].findall("testcase")[1]
    assert case.get("name") == "WSC202 stub-event: app.old_emitter.OldEmitter.emit_agent_thinking"
    assert case.find("failure").attrib == {
        "type": "error",
        "message": "`emit_agent_thinking` does nothing: a | b",
    }
    assert case.find("failure").text.startswith("backend/app/old_emitter.py:12: ")


@pytest.mark.parametrize(
    ("fail_on", "failures"),
    [((Severity.ERROR,), 1), ((Severity.ERROR, Severity.WARNING), 2), (tuple(Severity), 3)],
)
def test_only_severities_that_fail_are_failures(troubled, fail_on, failures):
    found = suites(troubled, check=True, gate=Gate(fail_on=fail_on))
    assert sum(int(suite.get("failures")) for suite in found.values()) == failures


def test_complaints_fail_the_run(report):
    (run,) = suites(report, check=True, gate=Gate(complaints=("stale baseline entry: x",))).values()
    assert counts(run) == ("1", "1")
    assert run.find("testcase/failure").text == "stale baseline entry: x"


def test_names_stay_when_lines_move_and_tell_equals_apart(troubled, findings):
    def names(*lines):
        found = replace(troubled, findings=tuple(replace(findings[0], line=line) for line in lines))
        return [case.get("name") for case in suites(found)["app/old_emitter.py"].findall("testcase")]

    assert names(1, 2) == names(10, 20)
    assert len(set(names(1, 2))) == 2


def test_what_xml_cannot_say_is_escaped(troubled, findings):
    evil = replace(findings[0], message="\x1b[2J <&> \ud800 \uffff ]]>", path="a\x00.py")
    case = suites(replace(troubled, findings=(evil,)))["a\\x00.py"].find("testcase")
    assert case.find("failure").get("message") == "\\x1b[2J <&> \\ud800 \\uffff ]]>"
