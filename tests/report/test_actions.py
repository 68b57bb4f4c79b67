"""What is to do and what is done."""

from dataclasses import replace

import pytest

from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.finding import Applicability, Severity
from wsconsolidate.model.report import Priority
from wsconsolidate.report.actions import collect, item
from wsconsolidate.report.material import Material

OLD = "app.old_emitter.OldEmitter"


def actions(analysis, findings=(), rules=()):
    return collect(Material(analysis=analysis, findings=tuple(findings), rules=rules))


def ruled(found):
    return [action for action in found if not action.done and action.rule]


def test_one_action_for_each_class_and_rule(chat, finding):
    found = [
        finding("WSC202", f"{OLD}.emit_agent_thinking", 12),
        finding("WSC202", f"{OLD}.emit_agent_completed", 14),
        finding("WSC103", OLD, 4),
        finding("WSC202", "app.emitter.UnifiedEmitter", 6, path="app/emitter.py"),
    ]
    assert [(action.title, action.rule, len(action.places)) for action in ruled(actions(chat, found))] == [
        ("send the events of `OldEmitter` through the SSOT emitter", "WSC103", 1),
        ("fill the stub events of `UnifiedEmitter`", "WSC202", 1),
        ("fill the stub events of `OldEmitter`", "WSC202", 2),
    ]


def test_an_action_names_the_events_that_its_findings_tell_apart(chat, finding):
    found = [
        replace(finding("WSC201", OLD, 4), identity=event) for event in ("tool_completed", "tool_executing")
    ]
    assert [action.title for action in ruled(actions(chat, found))] == [
        "send the missing events in `OldEmitter`: `tool_completed` and `tool_executing`"
    ]
    mixed = [*found, replace(found[0], identity="not a name")]
    assert [action.title for action in ruled(actions(chat, mixed))] == [
        "send the missing events in `OldEmitter`"
    ]


def test_some_rules_make_one_action_of_all_findings(chat, finding):
    one = finding("WSC106", "", 1, path="app/manager.py.bak")
    other = replace(one, path="app/other.py.bak")
    assert [action.title for action in ruled(actions(chat, [one]))] == [
        "delete the backup file `app/manager.py.bak`"
    ]
    assert [action.title for action in ruled(actions(chat, [one, other]))] == ["delete 2 backup files"]


def test_a_rule_without_wording_is_told_by_its_name(chat, finding):
    found = finding("WSC999", OLD, 4)
    assert ruled(actions(chat, [found]))[0].title == "settle some-rule in `OldEmitter`"


@pytest.mark.parametrize(
    ("severity", "priority"),
    [
        (Severity.ERROR, Priority.HIGH),
        (Severity.WARNING, Priority.MEDIUM),
        (Severity.NOTE, Priority.MEDIUM),
    ],
)
def test_priority_follows_severity(chat, finding, severity, priority):
    assert ruled(actions(chat, [finding("WSC103", OLD, 4, severity=severity)]))[0].priority is priority


def test_fix_does_an_action_when_it_does_all_of_it(chat, finding):
    safe = finding("WSC105", OLD, 1, fix=Applicability.SAFE)
    unsafe = finding("WSC105", OLD, 2, fix=Applicability.UNSAFE)
    lines = [item(ruled(actions(chat, found))[0]).text for found in ([safe], [safe, unsafe])]
    assert lines == [
        "Import `OldEmitter` from the SSOT (WSC105, `fix` does it)",
        "Mend 2 legacy imports (WSC105, `fix --unsafe` does it)",
    ]


def test_what_the_analysis_proves_is_done(chat):
    done = {
        action.title: [(p.path, p.line) for p in action.places] for action in actions(chat) if action.done
    }
    assert done["`agent_completed` reaches the socket"] == [("app/route.py", 14), ("app/manager.py", 21)]
    assert done["`UnifiedManager` is the one source of truth among the managers"] == [("app/manager.py", 6)]
    assert not any("emitters" in title or "backup" in title for title in done)


def test_a_tree_without_backup_files_is_proved_by_what_stayed(study, chat_files):
    del chat_files["app/manager.py.bak"]
    found = [action for action in actions(study(chat_files)) if "backup" in action.title]
    assert [(one.title, one.done) for one in found] == [
        ("no backup file stands beside `app/manager.py` or elsewhere", True)
    ]
    assert [(place.path, place.line) for place in found[0].places] == [("app/manager.py", 6)]


def test_a_class_that_delegates_is_done(chat):
    verdicts = {
        where: replace(verdict, disposition=Disposition.DELEGATES) if "old" in where.path else verdict
        for where, verdict in chat.verdicts.items()
    }
    found = actions(replace(chat, verdicts=verdicts))
    done = {action.title: action for action in found if action.done}
    assert [(p.path, p.line) for p in done["`OldEmitter` delegates to the SSOT"].places] == [
        ("app/old_emitter.py", 4),
        ("app/old_emitter.py", 10),
    ]
    assert "`UnifiedEmitter` is the one source of truth among the emitters" in done


def test_a_class_to_review_is_an_action_unless_a_finding_points_at_it(chat, finding):
    titles = [action.title for action in actions(chat)]
    assert any(title.startswith("decide what becomes of `OldEmitter`: ") for title in titles)
    titles = [action.title for action in actions(chat, [finding("WSC103", OLD, 4)])]
    assert not any(title.startswith("decide") for title in titles)


def test_a_lost_event_is_an_action_unless_a_finding_names_it(chat, finding):
    lost = replace(chat, ways=tuple(way for way in chat.ways if way.event != "agent_thinking"))
    title = "give `agent_thinking` a way to the socket"
    named = finding("WSC201", OLD, 4, message="agent_thinking is missing")
    assert title in [action.title for action in actions(lost)]
    assert title not in [action.title for action in actions(lost, [named])]
    assert title not in [action.title for action in actions(chat)]


def test_open_stands_before_done_and_high_before_low(chat, finding):
    order = [(action.priority, action.done) for action in actions(chat, [finding("WSC103", OLD, 4)])]
    assert order == sorted(order, key=lambda pair: (list(Priority).index(pair[0]), pair[1]))
    assert order[0] == (Priority.HIGH, False)
    assert order[-1] == (Priority.LOW, False)
