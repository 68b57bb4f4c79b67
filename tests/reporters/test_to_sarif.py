"""SARIF that the official schema takes, and that code scanning understands."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from wsconsolidate.model.edit import FileEdit
from wsconsolidate.reporters.options import Gate, Options, PlannedFix
from wsconsolidate.reporters.to_sarif import FINGERPRINT, LIMIT, render
from wsconsolidate.rules.registry import RULES

SCHEMA = json.loads(Path(__file__).with_name("schemas").joinpath("sarif-2.1.0-rtm.5.json").read_text("utf-8"))
OFFICIAL = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def ruled(troubled):
    """The report with the documentation of every rule."""
    return replace(troubled, rules=RULES)


def run_of(report, **options):
    """The one run of the log, after the schema has taken it."""
    log = json.loads(render(report, Options(check=True, **options)))
    OFFICIAL.validate(log)
    (run,) = log["runs"]
    return run


def results(report, **options):
    return run_of(report, **options)["results"]


def test_a_clean_tree_is_a_valid_log_too(report):
    run = run_of(report)
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_result_with_all_it_has(ruled):
    found = next(one for one in results(ruled) if one["ruleId"] == "WSC202")
    assert ruled.rules[found.pop("ruleIndex")].code == "WSC202"
    assert found == {
        "ruleId": "WSC202",
        "level": "error",
        "message": {"text": "`emit_agent_thinking` does nothing: a | b"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "app/old_emitter.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 12},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": "app.old_emitter.OldEmitter.emit_agent_thinking"}
                ],
            }
        ],
        "partialFingerprints": {FINGERPRINT: "f00d:3"},
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "the SSOT sends it"},
                "physicalLocation": {
                    "artifactLocation": {"uri": "app/emitter.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 13},
                },
            }
        ],
    }


def test_every_rule_brings_its_page(ruled):
    rules = run_of(ruled)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    for rule, shown in zip(RULES, rules, strict=True):
        assert rule.doc.strip() in shown["help"]["markdown"]
        assert "`" not in shown["help"]["text"]
        assert shown["defaultConfiguration"]["level"] == rule.severity


def test_equal_findings_keep_apart(troubled, findings):
    twice = replace(troubled, findings=(findings[0], replace(findings[0], line=30), findings[1]))
    prints = [one["partialFingerprints"][FINGERPRINT] for one in results(twice)]
    assert prints == ["f00d:1", "f00d:2", "f00d:3"]


def test_what_a_baseline_knows_is_suppressed(troubled, findings):
    left = replace(troubled, findings=findings[:1])
    found = results(left, gate=Gate(known=findings[1:]))
    suppressed = {one["ruleId"]: one.get("suppressions") for one in found}
    assert suppressed["WSC202"] is None
    assert suppressed["WSC103"] == [{"kind": "external", "justification": "the baseline knows it"}]


def test_paths_are_relative_uris_below_the_repository(troubled, findings):
    odd = replace(findings[0], path="app/a b:ä#.py", related=())
    (found,) = results(replace(troubled, findings=(odd,)), prefix="backend/")
    place = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "backend/app/a%20b%3A%C3%A4%23.py"


def test_what_was_not_seen_and_complaints_are_notifications(troubled):
    (invocation,) = run_of(troubled, gate=Gate(complaints=("stale baseline entry: x",)))["invocations"]
    told = [(one["level"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]]
    assert told[0] == ("error", "stale baseline entry: x")
    assert any(level == "warning" and text.startswith("not read (syntax)") for level, text in told)
    assert ("note", "event chosen at run time in app.route.chat: getattr(x, name)") in told


def test_of_too_many_findings_the_gravest_stay(troubled, findings):
    error, warning, note = findings
    many = (*[note] * 10, *[warning] * LIMIT, error)
    run = json.loads(render(replace(troubled, findings=many), Options()))["runs"][0]
    levels = [one["level"] for one in run["results"]]
    assert (len(levels), levels.count("error"), levels.count("note")) == (LIMIT, 1, 0)
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"] == (
        "11 more findings are left out"
    )


def test_timestamp_only_when_given(report):
    assert "endTimeUtc" not in run_of(report)["invocations"][0]
    run = run_of(report, timestamp="2030-01-01T00:00:00+00:00")
    assert run["invocations"][0]["endTimeUtc"] == "2030-01-01T00:00:00Z"


def test_a_planned_edit_becomes_a_fix(troubled, findings):
    edits = (
        FileEdit(path="app/old_emitter.py", before=b"a\nb\nc\n", after=b"a\nB\nc\n"),
        FileEdit(path="app/manager.py.bak", before=b"x\n", after=None),
        FileEdit(path="app/new.py", before=None, after=b"n\n"),
    )
    fixes = {findings[1]: PlannedFix("delegate to the SSOT", edits)}
    found = {one["ruleId"]: one for one in results(troubled, fixes=fixes)}
    assert "fixes" not in found["WSC202"]
    assert found["WSC103"]["properties"] == {"fix": "safe"}
    (fix,) = found["WSC103"]["fixes"]
    assert fix["description"] == {"text": "delegate to the SSOT"}
    changed = {one["artifactLocation"]["uri"]: one["replacements"] for one in fix["artifactChanges"]}
    assert changed["app/old_emitter.py"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1},
            "insertedContent": {"text": "B\n"},
        }
    ]
    assert changed["app/manager.py.bak"][0]["insertedContent"] == {"text": ""}
    assert changed["app/new.py"][0]["insertedContent"] == {"text": "n\n"}
