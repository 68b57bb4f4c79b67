"""The JSON document of format 1."""

import json

import pytest

from wsconsolidate.report.build import build
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.to_json import render

KEYS = {
    "": "format tool root summary completeness events ssot classes duplicate_groups findings "
    "integration_points settings backup_files problems",
    "tool": "name version",
    "summary": "files lines classes roles findings completion duplicates tests",
    "completeness": "files_not_read files_ruled_out inexact_mros runtime_events",
    "ssot": "manager emitter bridge protocol error",
    "classes.0": "qualname name path line end_line role confidence in_tests test_double disposition reason "
    "evidence bases mro mro_status mro_problem methods method_count events duplicates",
    "classes.0.evidence.0": "kind detail path line",
    "classes.0.events": "agent_started agent_thinking tool_executing tool_completed agent_completed",
    "classes.0.events.agent_started": "status via path line flow",
    "classes.0.events.agent_started.flow.0": "symbol path line",
    "duplicate_groups.0": "kind members shared differs",
    "findings.0": "code rule severity message path line symbol fix fingerprint related",
    "findings.2.related.0": "path line message",
    "settings.0": "name value symbol path line",
    "problems.0": "path line kind message",
}


def document(report, **options):
    return json.loads(render(report, Options(**options)))


def classes(report, **options):
    return {one["qualname"]: one for one in document(report, **options)["classes"]}


@pytest.mark.parametrize(("where", "keys"), KEYS.items())
def test_the_keys_stand_in_the_published_order(troubled, where, keys):
    part = document(troubled)
    for step in filter(None, where.split(".")):
        part = part[int(step)] if step.isdigit() else part[step]
    assert list(part) == keys.split()


def test_the_head(report):
    found = document(report)
    assert (found["format"], found["root"], found["tool"]["name"]) == (1, ".", "wsconsolidate")
    assert found["ssot"] == {
        "manager": "app.manager.UnifiedManager",
        "emitter": "app.emitter.UnifiedEmitter",
        "bridge": None,
        "protocol": None,
        "error": None,
    }
    assert found["backup_files"] == ["app/manager.py.bak"]


def test_a_class_with_its_events(report):
    found = classes(report)["app.old_emitter.OldEmitter"]
    assert (found["role"], found["disposition"], found["line"]) == ("emitter", "review", 4)
    assert found["mro"] == ["app.old_emitter.OldEmitter", "builtins.object"]
    assert (found["mro_status"], found["mro_problem"]) == ("exact", None)
    assert found["methods"] == [
        "__init__", "emit_agent_started", "emit_agent_thinking", "emit_agent_completed",
    ]  # fmt: skip
    assert {event: one["status"] for event, one in found["events"].items()} == {
        "agent_started": "delegates",
        "agent_thinking": "stub",
        "tool_executing": "missing",
        "tool_completed": "missing",
        "agent_completed": "delegates",
    }
    assert found["events"]["tool_executing"] == {
        "status": "missing", "via": None, "path": None, "line": None, "flow": [],
    }  # fmt: skip


def test_only_classes_with_a_role_unless_all_are_asked_for(troubled):
    assert set(classes(troubled)) == {
        "app.emitter.UnifiedEmitter",
        "app.manager.UnifiedManager",
        "app.old_emitter.OldEmitter",
    }
    found = classes(troubled, all_classes=True)
    assert len(found) == 8
    assert found["tests.test_chat.FakeUser"]["in_tests"] is True
    other = found["app.clash.B"]
    assert (other["role"], other["confidence"], other["disposition"], other["events"]) == (
        None,
        0.0,
        "leave",
        {},
    )


def test_an_order_that_is_not_exact_tells_why(troubled):
    found = classes(troubled, all_classes=True)
    assert found["app.clash.Clash"]["mro_status"] == "inconsistent"
    assert set(found["app.clash.Clash"]["mro_problem"]) == {"code", "path", "line", "detail"}
    either = found["app.clash.Either"]
    assert (either["mro_status"] == "alternatives") is ("mro_alternatives" in either)
    assert "mro_alternatives" not in found["app.clash.B"]


def test_duplicates_are_symmetric(troubled):
    found = classes(troubled)
    assert found["app.old_emitter.OldEmitter"]["duplicates"] == ["app.emitter.UnifiedEmitter"]
    assert found["app.emitter.UnifiedEmitter"]["duplicates"] == ["app.old_emitter.OldEmitter"]
    assert found["app.manager.UnifiedManager"]["duplicates"] == []
    assert document(troubled)["summary"]["duplicates"] == 1


def test_findings_and_their_fixes(troubled):
    found = document(troubled)
    assert [(one["code"], one["fix"], one["severity"]) for one in found["findings"]] == [
        ("WSC106", "unsafe", "note"),
        ("WSC103", "safe", "warning"),
        ("WSC202", None, "error"),
    ]
    assert found["summary"]["findings"] == {"WSC103": 1, "WSC106": 1, "WSC202": 1}


def test_what_was_not_seen(troubled):
    found = document(troubled)
    assert found["completeness"]["files_not_read"] == ["app/broken.py"]
    assert "app.clash.Clash" in found["completeness"]["inexact_mros"]
    assert found["completeness"]["runtime_events"] == [
        {"symbol": "app.route.chat", "path": "app/route.py", "line": 7, "detail": "getattr(x, name)"}
    ]
    assert [(one["path"], one["kind"]) for one in found["problems"]] == [("app/broken.py", "syntax")]


def test_sections_and_timestamp_only_when_asked_for(report):
    assert "sections" not in document(report)
    assert "timestamp" not in document(report)["tool"]
    found = document(report, sections=True, timestamp="2030-01-01T00:00:00Z")
    assert list(found["sections"]) == [section.name for section in report.sections]
    assert found["tool"]["timestamp"] == "2030-01-01T00:00:00Z"


def test_the_same_input_gives_the_same_bytes(study, chat_files):
    analysis = study(chat_files)
    once = render(build(analysis, (), ()), Options(sections=True))
    again = render(build(study(dict(reversed(chat_files.items()))), (), ()), Options(sections=True))
    assert once == again
    assert once.endswith("}\n")
    assert once.isascii()
