"""What each section says, line by line, on the small program and on variations of it."""

from dataclasses import replace

import pytest

from wsconsolidate.model.analysis import Divergence, DuplicateGroup, IntegrationPoint, Likeness
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.finding import Applicability, Severity
from wsconsolidate.model.program import Mro, MroStatus
from wsconsolidate.model.report import Code, Heading, Item, Listing, Paragraph, Quote, Table
from wsconsolidate.model.role import Role
from wsconsolidate.report.build import build

OLD = "app.old_emitter.OldEmitter"


def lines(name, analysis, findings=(), rules=()):
    """The section as lines: headings with ##, ticks as in Markdown, table rows joined by bars."""
    report = build(analysis, findings, rules)
    section = next(one for one in report.sections if one.name == name)
    return [line for block in section.blocks for line in told(block)]


def told(block):
    match block:
        case Heading(text=text):
            return [f"## {text}"]
        case Paragraph(text=text):
            return [text]
        case Listing(items=items):
            return [told_item(item) for item in items]
        case Table(columns=columns, rows=rows):
            return [" | ".join(columns), *(" | ".join(row) for row in rows)]
        case Quote(path=path, lines=quoted):
            return [f"{path}:{number} {text.strip()}" for number, text in quoted]
        case Code(text=text):
            return text.splitlines()


def told_item(item: Item) -> str:
    tick = {True: "[x] ", False: "[ ] ", None: ""}[item.done]
    return tick + " @ ".join([item.text, *(f"{place.path}:{place.line}" for place in item.places)])


def after(found, heading):
    """The lines below a heading, up to the next."""
    rest = found[found.index(f"## {heading}") + 1 :]
    return rest[: next((i for i, line in enumerate(rest) if line.startswith("## ")), len(rest))]


def starts(found, *beginnings):
    assert len(found) == len(beginnings), found
    for line, beginning in zip(found, beginnings, strict=True):
        assert line.startswith(beginning), line


def test_many_users(chat, rules):
    starts(
        after(lines("analysis", chat, (), rules), "Many users"),
        "`UnifiedManager`:",
        "[x] keeps what is meant for one user from the others (WSC401 is silent) @ app/manager.py:8",
        "[x] iterates over its connections safely (WSC402 is silent) @ app/manager.py:8",
        "guards its state: it has no lock",
        "[x] limits its connections: ",
        "keeps a slow client from stalling the others: not decided, WSC405 was not asked",
    )


def test_the_limits_of_a_manager_are_those_that_it_checks(study, chat_files, rules):
    proved = after(lines("analysis", study(chat_files), (), rules), "Many users")
    check = "`connect()` checks `len(self._connections) >= MAX_CONNECTIONS`"
    ticked = f"[x] limits its connections: {check}; `MAX_CONNECTIONS` = 100"
    assert f"{ticked} @ app/manager.py:12 @ app/manager.py:3" in proved


def test_a_limit_that_nobody_checks_is_none(study, chat_files, rules):
    chat_files["app/manager.py"] = chat_files["app/manager.py"].replace(
        "len(self._connections) >= MAX_CONNECTIONS", "False"
    )
    analysis = study(chat_files)
    found = after(lines("analysis", analysis, (), rules), "Many users")
    unseen = "limits its connections: not decided, no check was seen of `MAX_CONNECTIONS` = 100"
    assert f"{unseen} @ app/manager.py:3" in found
    elsewhere = tuple(replace(setting, path="app/other.py") for setting in analysis.settings)
    found = after(lines("analysis", replace(analysis, settings=elsewhere), (), rules), "Many users")
    assert "limits its connections: not decided, no limit was seen" in found


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("WSC401", "[ ] keeps what is meant for one user from the others: no (WSC401) @ app/manager.py:20"),
        ("WSC402", "[ ] iterates over its connections safely: no (WSC402) @ app/manager.py:20"),
        ("WSC403", "[ ] limits its connections: no (WSC403) @ app/manager.py:20"),
        ("WSC404", "[ ] guards its state: no (WSC404) @ app/manager.py:20"),
    ],
)
def test_a_finding_unticks_its_line(chat, finding, rules, code, line):
    found = finding(code, "app.manager.UnifiedManager.send_to_user", 20, path="app/manager.py")
    assert line in after(lines("analysis", chat, (found,), rules), "Many users")


def test_a_lock_is_told(study, chat_files, rules):
    text = chat_files["app/manager.py"].replace(
        "        self._conn", "        self._lock = asyncio.Lock()\n        self._conn", 1
    )
    chat_files["app/manager.py"] = f"import asyncio\n{text}"
    found = after(lines("analysis", study(chat_files), (), rules), "Many users")
    assert "[x] guards its state with `_lock` @ app/manager.py:9" in found


def test_no_manager(study, chat_files, rules):
    emitter = chat_files["app/emitter.py"].replace("app.manager", "elsewhere")
    found = lines("analysis", study({"app/emitter.py": emitter}), (), rules)
    if "## Many users" in found:
        assert after(found, "Many users") == ["No manager that does its own work was found."]


def test_integration_points_found_and_not_found(chat):
    point = IntegrationPoint(kind="registry", symbol="app.r.R.set_manager", path="app/route.py", line=8)
    found = after(lines("analysis", replace(chat, integration_points=(point,))), "Integration points")
    assert found[:2] == [
        "Point | Symbol | Where",
        "`registry -> set_websocket_manager` | `app.r.R.set_manager` | `app/route.py:8`",
    ]
    assert "registry" not in found[2]
    assert found[2].startswith("Not found: `execution engine -> notifier`, ")


def test_what_a_rule_finds_unwired_stands_below_the_integration_points(chat, finding):
    loose = finding("WSC502", "app.old_emitter.run", 4, message="run tells nobody")
    found = after(lines("analysis", chat, (loose,)), "Integration points")
    assert found[0] == "[ ] run tells nobody (WSC502) @ app/old_emitter.py:4"


def test_a_registry_with_a_manager_is_done_when_its_rule_is_silent(chat, finding, rules):
    point = IntegrationPoint(kind="registry", symbol="app.r.R.set_manager", path="app/route.py", line=8)
    wired = replace(chat, integration_points=(point,))
    line = "[x] The registry is given its manager (WSC501) @ app/route.py:8"
    assert line in lines("actions", wired, (), rules)
    assert line not in lines("actions", wired, (finding("WSC501", OLD, 4),), rules)
    assert line not in lines("actions", wired)
    assert line not in lines("actions", chat, (), rules)


def test_a_status_from_elsewhere_has_its_place(chat):
    old = chat.program.named("OldEmitter")[0].id
    inherited = replace(
        chat.coverage[old]["agent_started"], status=EventStatus.INHERITS, path="app/emitter.py", line=11
    )
    coverage = {**chat.coverage, old: {**chat.coverage[old], "agent_started": inherited}}
    row = next(
        line
        for line in lines("analysis", replace(chat, coverage=coverage))
        if line.startswith("`OldEmitter` | inh")
    )
    assert row == (
        "`OldEmitter` | inherits (`app/emitter.py:11`) | stub (12) | missing | missing | delegates (15)"
    )


def test_the_current_state_without_a_source_of_truth(chat):
    found = lines("current_state", replace(chat, ssot={}))
    assert found[0] == "No class of this code base is a source of truth."
    assert lines("current_state", chat)[:2] == [
        "## `UnifiedManager`, the manager",
        "`app/manager.py:6` to line 21: 16 lines, 4 methods.",
    ]


def test_duplicates_divergences_and_backup_files(chat):
    new, old = (chat.program.named(name)[0].id for name in ("UnifiedEmitter", "OldEmitter"))
    group = DuplicateGroup(
        role=Role.EMITTER, kind=Likeness.NEAR_COPY, members=(new, old), shared=("a", "b"), differs=("only x",)
    )
    rift = Divergence(role=Role.EMITTER, ssot=new, other=old, conflicts=("m here", "n there"))
    members = [
        "`UnifiedEmitter` @ app/emitter.py:6",
        "`OldEmitter` @ app/old_emitter.py:4",
        "differs: only x",
    ]
    grouped = ["2 emitters, near copies of each other; shared: a, b.", *members]
    rifts = [
        "Same name, another contract (to be told apart, never merged):",
        "`OldEmitter` against `UnifiedEmitter`: m here; n there @ app/old_emitter.py:4 @ app/emitter.py:6",
    ]
    for groups, divergences, expected in (
        ((), (), ["No class duplicates another."]),
        ((group,), (), grouped),
        ((), (rift,), rifts),
        ((group,), (rift,), grouped + rifts),
    ):
        found = lines("current_state", replace(chat, groups=groups, divergences=divergences))
        assert after(found, "Duplicates") == expected


def test_legacy_imports_and_backup_files(chat, finding):
    found = lines("current_state", chat, (finding("WSC105", OLD, 1, message="import it from there"),))
    assert after(found, "Legacy imports") == ["import it from there @ app/old_emitter.py:1"]
    assert after(found, "Backup files") == ["`app/manager.py.bak`"]
    clean = lines("current_state", replace(chat, backup_files=()))
    assert after(clean, "Legacy imports") == [
        "Nothing is imported from elsewhere than its source of truth.",
        "There are no backup files.",
    ]


def test_the_evidence(chat):
    found = lines("evidence", chat)
    starts(after(found, "The event list"), 'app/emitter.py:3 EVENTS = ["agent_started", ')
    starts(
        after(found, "The emit methods")[:2],
        "app/emitter.py:11 async def emit_agent_started(self, data):",
        "app/emitter.py:12 await self.manager.send_to_user(self.user_id, ",
    )
    assert len(after(found, "The emit methods")) == 10
    assert after(found, "The limits") == [
        "app/manager.py:3 MAX_CONNECTIONS = 100",
        "app/manager.py:12 if len(self._connections) >= MAX_CONNECTIONS:",
    ]
    assert after(found, "Limits and settings") == [
        "Name | Value | Symbol | Where",
        "`MAX_CONNECTIONS` | `100` | `app.manager` | `app/manager.py:3`",
    ]
    without = lines("evidence", replace(chat, settings=(), features=()))
    assert "## Limits and settings" not in without
    assert without[-1] == "Not found: the limits."


def test_success_metrics(chat, rules):
    both = " @ app/manager.py:6 @ app/emitter.py:6"
    assert lines("success_metrics", chat, (), rules) == [
        "[x] 5 of 5 critical events reach the socket @ app/manager.py:21",
        "[x] One manager: `UnifiedManager` @ app/manager.py:6",
        "[ ] One emitter: `UnifiedEmitter`; 1 other is to be settled @ app/old_emitter.py:4",
        f"[x] No event is lost in the code that sends it (no finding of WSC2xx){both}",
        f"[x] Many users are kept apart (no finding of WSC4xx){both}",
        f"[x] Every MRO is exact (3 classes){both}",
        "[ ] No backup file is left: 1 backup file @ app/manager.py.bak:1",
    ]


def test_success_metrics_not_reached(chat, rules):
    old = chat.program.named("OldEmitter")[0]
    inexact = replace(old, mro=Mro(status=MroStatus.INCOMPLETE, names=(), ids=()))
    program = replace(chat.program, classes={**chat.program.classes, old.id: inexact})
    ways = tuple(way for way in chat.ways if way.event != "agent_thinking")
    found = lines("success_metrics", replace(chat, program=program, ways=ways, ssot={}), (), rules)
    assert found[0] == "[ ] 4 of 5 critical events reach the socket @ app/manager.py:21"
    assert found[1].startswith("[ ] One manager: none is the source of truth")
    assert "[ ] Every MRO is exact: not that of `OldEmitter` @ app/old_emitter.py:4" in found


def test_compliance(chat):
    found = lines("compliance", chat)
    assert found[0] == (
        "[x] `agent_started` is preserved: from `app.route.chat` to `app.manager.UnifiedManager.send_to_user`"
        " @ app/route.py:10 @ app/manager.py:21"
    )
    assert found[5:] == [
        "[x] One manager: `UnifiedManager` @ app/manager.py:6",
        "[ ] One emitter: `UnifiedEmitter`; 1 other is to be settled @ app/old_emitter.py:4",
        (
            "[x] Concerns are apart: `UnifiedEmitter` speaks, `UnifiedManager` holds the connections"
            " @ app/manager.py:21"
        ),
    ]


def test_concerns_that_are_not_apart(chat):
    emitter = replace(chat.ssot[Role.EMITTER], id=chat.ssot[Role.MANAGER].id)
    found = lines("compliance", replace(chat, ssot={**chat.ssot, Role.EMITTER: emitter}))
    assert (
        found[-1] == "[ ] Concerns are apart: `UnifiedManager` is both emitter and manager @ app/manager.py:6"
    )
    coverage = {
        where: {event: replace(one, flow=()) for event, one in found.items()}
        for where, found in chat.coverage.items()
    }
    found = lines("compliance", replace(chat, coverage=coverage))
    assert (
        found[-1]
        == "[ ] Concerns are apart: no event of `UnifiedEmitter` passes `UnifiedManager` @ app/emitter.py:6"
    )


def test_recommendations(chat):
    found = lines("recommendations", chat)
    assert after(found, "PRESERVE") == [
        "`UnifiedManager`: the source of truth stays as it is @ app/manager.py:6",
        "`UnifiedEmitter`: the source of truth stays as it is @ app/emitter.py:6",
    ]
    assert after(found, "DELETE") == ["`app/manager.py.bak`: a backup file"]
    assert after(found, "Tests to run") == [
        "1 test file names these classes or events.",
        "pytest tests/test_chat.py",
    ]
    starts(after(found, "REFACTOR"), "`OldEmitter`: ")


def test_standards(chat, finding):
    found = lines("recommendations", chat, (finding("WSC105", OLD, 1), finding("WSC204", OLD, 9)))
    assert after(found, "STANDARDIZE") == [
        "1 name to import from the source of truth (WSC105) @ app/old_emitter.py:1",
        "1 event name to spell as all others do (WSC204) @ app/old_emitter.py:9",
    ]


@pytest.mark.parametrize(
    ("path", "text", "is_found"),
    [
        ("tests/test_x.py", "UnifiedManager\n", True),
        ("tests/x_test.py", '"agent_started"\n', True),
        ("tests/test_x.py", "NotUnifiedManager\n", False),
        ("tests/support.py", "UnifiedManager\n", False),
    ],
)
def test_tests_to_run_name_a_class_or_event(study, chat_files, path, text, is_found):
    del chat_files["tests/test_chat.py"]
    found = after(lines("recommendations", study({**chat_files, path: text})), "Tests to run")
    missing = ["No test of these classes and events was found: write one before changing them."]
    assert found == (
        ["1 test file names these classes or events.", f"pytest {path}"] if is_found else missing
    )


def test_the_conclusion_with_findings(chat, finding, rules):
    found = (
        finding("WSC202", f"{OLD}.emit_agent_thinking", 12, fix=Applicability.SAFE),
        finding("WSC103", OLD, 4, fix=Applicability.UNSAFE),
        finding("WSC203", OLD, 4),
    )
    assert lines("conclusion", chat, found, rules) == [
        (
            "Completion: 67 % (6 of 9: done / (done + open), counted over the actions of high and medium"
            " priority)."
        ),
        "Priority: high (3 open actions).",
        "Status: consolidation in progress.",
        "Risk: high: 2 findings mean that an event can be lost and a chat hang.",
        "Next steps:",
        "Read the diff of `wsconsolidate fix`, then write it with `--apply`: it settles 1 finding.",
        "Review 1 more edit with `wsconsolidate fix --unsafe`.",
        "Settle 1 finding by hand; `wsconsolidate explain CODE` tells how.",
        "Keep what is reached: `wsconsolidate check --update-baseline`, then `check` in CI.",
    ]


def test_the_conclusion_without_findings(chat, finding, rules):
    assert lines("conclusion", chat, (), rules)[1:] == [
        "Priority: medium (1 open action).",
        "Status: consolidation in progress.",
        "Risk: low: every critical event arrives, and no finding is left.",
        "Next steps:",
        "Take up 1 action that no rule names.",
        "Keep it that way: run `wsconsolidate check` in CI.",
    ]
    warning = finding("WSC202", OLD, 4, severity=Severity.WARNING)
    assert lines("conclusion", chat, (warning,), rules)[3].startswith("Risk: moderate: ")


def test_the_executive_summary(chat, finding, rules):
    found = (
        finding("WSC202", f"{OLD}.emit_agent_thinking", 12, fix=Applicability.SAFE),
        finding("WSC103", OLD, 4, fix=Applicability.UNSAFE, severity=Severity.WARNING),
    )
    assert lines("executive_summary", chat, found, rules)[:6] == [
        "5 Python files with 75 lines and 3 classes were analysed, and 1 test file counted apart.",
        "3 classes play a role: 1 manager and 2 emitters.",
        "No class duplicates another.",
        "All 5 critical events reach the socket.",
        "2 findings (1 error and 1 warning), of which `fix` settles 1, and 1 more with `--unsafe`.",
        "Consolidation: 75 %, 6 of 8 actions of high and medium priority done.",
    ]


def test_done_actions_do_not_say_who_does_them(chat):
    found = lines("actions", chat)
    assert "[x] `agent_started` reaches the socket (WSC203) @ app/route.py:10 @ app/manager.py:21" in found
    assert found[0] == "## High priority: 6 of 6 done"
