"""The report as a whole: its sections, its honesty, its determinism."""

from collections.abc import Iterator
from dataclasses import replace

from wsconsolidate.model.report import Code, Item, Listing, Paragraph, Quote, Report, Table
from wsconsolidate.model.role import Role
from wsconsolidate.report.build import build

NAMES = [
    "executive_summary",
    "analysis",
    "current_state",
    "actions",
    "validation",
    "evidence",
    "recommendations",
    "success_metrics",
    "compliance",
    "conclusion",
]


def blocks(report, *kinds):
    return [block for section in report.sections for block in section.blocks if isinstance(block, kinds)]


def items(report: Report) -> Iterator[Item]:
    return (item for listing in blocks(report, Listing) for item in listing.items)


def text_of(report, name):
    section = next(one for one in report.sections if one.name == name)
    return "\n".join(
        block.text if isinstance(block, Paragraph) else "\n".join(item.text for item in block.items)
        for block in section.blocks
        if isinstance(block, Paragraph | Listing)
    )


def test_the_sections_are_those_of_the_report(chat, rules):
    assert [section.name for section in build(chat, (), rules).sections] == NAMES


def test_every_tick_has_a_place_in_the_tree(chat, rules):
    report = build(chat, (), rules)
    ticked = [item for item in items(report) if item.done]
    lines = {file.path: len(file.data.splitlines()) for file in chat.tree.files}
    assert len(ticked) > 20
    for item in ticked:
        assert item.places, item
        assert all(1 <= place.line <= lines[place.path] for place in item.places), item
    assert all(action.places for action in report.actions if action.done)


def test_every_tick_has_a_place_where_nothing_was_asked_or_found(study):
    for program in ({"a.py": "x = 1\n"}, {"a.py": "class Hub:\n    pass\n"}):
        assert not [item for item in items(build(study(program), (), ())) if item.done]


def test_every_table_is_rectangular_and_every_list_has_lines(chat, rules):
    report = build(chat, (), rules)
    for table in blocks(report, Table):
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)
    assert all(listing.items for listing in blocks(report, Listing))
    assert all(code.text for code in blocks(report, Code))
    assert all(quote.lines for quote in blocks(report, Quote))


def test_quotes_are_the_lines_of_the_files(chat, chat_files, rules):
    quotes = blocks(build(chat, (), rules), Quote)
    assert {quote.path for quote in quotes} == {"app/emitter.py", "app/manager.py"}
    for quote in quotes:
        lines = chat_files[quote.path].splitlines()
        assert all(lines[number - 1] == text for number, text in quote.lines)


def test_nothing_relevant_is_said_to_be_nothing(study, rules):
    report = build(study({"a.py": "x = 1\n"}), (), rules)
    for name in set(NAMES) - {"actions", "evidence"}:
        assert "nothing to consolidate" in text_of(report, name)
    assert report.actions == ()
    assert report.summary.completion == 1.0


def test_payloads_alone_send_nothing(study, rules):
    fields = "    type: str\n    agent_started: str\n"
    payload = f"from typing import TypedDict\n\n\nclass AgentStartedEvent(TypedDict):\n{fields}"
    analysis = study({"app/ws.py": f'"""Messages of the websocket."""\n{payload}'})
    report = build(analysis, (), rules)
    assert {cast.role for cast in analysis.casts.values()} == {Role.PAYLOAD}
    assert "Risk: low: no class sends events." in text_of(report, "conclusion")
    assert "No class sends events." in text_of(report, "compliance")
    assert "reach" not in text_of(report, "executive_summary") + text_of(report, "success_metrics")


def test_a_program_with_events_of_other_names_is_told_to_name_them(study, chat_files, rules):
    report = build(study({"app/manager.py": chat_files["app/manager.py"]}), (), rules)
    assert "no critical event occurs" in text_of(report, "conclusion")
    assert "No class sends a critical event by its name." in text_of(report, "validation")
    assert [action.title for action in report.actions if not action.done and action.priority == "high"] == [
        "name this program's events in the configuration: no critical one occurs"
    ]
    assert not any(item.text.startswith("No event is lost") for item in items(report))


def test_roles_in_tests_only_are_said_to_be_so(study, chat_files, rules):
    only_tests = {f"tests/{name}": text.replace("app.", "tests.app.") for name, text in chat_files.items()}
    report = build(study(only_tests), (), rules)
    assert "Only test code" in text_of(report, "executive_summary")
    assert not [item for item in items(report) if item.done]


def test_another_program_is_told_otherwise(study, chat_files, rules):
    """Without the route nobody starts an event, without the manager's loop none arrives."""
    whole = build(study(chat_files), (), rules)
    broken = chat_files["app/manager.py"].replace("await websocket.send_json(message)", "pass")
    report = build(study({**chat_files, "app/manager.py": broken}), (), rules)
    assert "All 5 critical events reach the socket" in text_of(whole, "executive_summary")
    assert "0 of 5 critical events reach the socket" in text_of(report, "executive_summary")
    assert "Risk: high" in text_of(report, "conclusion")
    assert report.summary.completion < whole.summary.completion


def test_two_builds_are_equal(chat, finding, rules):
    found = tuple(finding("WSC202", "app.old_emitter.OldEmitter", line) for line in (4, 12))
    assert build(chat, found, rules) == build(chat, tuple(reversed(found)), rules)


def test_silence_of_a_rule_that_was_not_asked_proves_nothing(chat, rules):
    asked, not_asked = build(chat, (), rules), build(chat, (), ())
    assert "keeps what is meant for one user from the others (WSC401 is silent)" in text_of(asked, "analysis")
    assert "keeps what is meant for one user from the others: not decided, WSC401 was not asked" in text_of(
        not_asked, "analysis"
    )
    assert "no finding of WSC2xx" in text_of(asked, "success_metrics")
    assert "no rule WSC2xx was asked" in text_of(not_asked, "success_metrics")


def test_findings_are_not_reached_metrics(chat, finding, rules):
    found = finding("WSC202", "app.old_emitter.OldEmitter.emit_agent_thinking", 12)
    report = build(chat, (found,), rules)
    metric = next(item for item in items(report) if item.text.startswith("No event is lost"))
    assert metric.done is False
    assert [(place.path, place.line) for place in metric.places] == [("app/old_emitter.py", 12)]


def test_an_event_without_a_way_is_not_preserved(chat, rules):
    ways = tuple(way for way in chat.ways if way.event != "agent_thinking")
    report = build(replace(chat, ways=ways), (), rules)
    lost = [item for item in items(report) if item.text.startswith("`agent_thinking` is preserved")]
    assert [item.done for item in lost] == [False]
    assert "Nothing in the program starts `agent_thinking`." in text_of(report, "validation")
