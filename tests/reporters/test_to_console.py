"""Text for the terminal, and for files: 120 wide, nothing cut, no colour unless asked."""

import pytest

from wsconsolidate.report.build import build
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.to_console import render


def test_findings_are_lines_that_editors_know(troubled):
    assert render(troubled, Options(check=True)).splitlines()[:5] == [
        "app/manager.py.bak:1: WSC106 a backup file",
        "app/old_emitter.py:4: WSC103 goes its own way",
        "app/old_emitter.py:12: WSC202 emit_agent_thinking does nothing: a | b",
        "3 findings: 1 error, 1 warning, 1 note.",
        "",
    ]


def test_statistics_are_added_when_asked_for(troubled):
    plain, counted = (render(troubled, Options(check=True, statistics=asked)) for asked in (False, True))
    assert "stub-event" not in plain
    assert "stub-event" in counted


def test_a_clean_check_says_so(report):
    assert render(report, Options(check=True)).startswith("No finding.\n")


def test_a_scan(troubled):
    text = render(troubled, Options())
    row = next(line for line in text.splitlines() if line.startswith("OldEmitter"))
    assert row.split() == ["OldEmitter", "app/old_emitter.py:4", "review", "2/5", "exact"]
    assert text.splitlines()[0].startswith(
        "6 files, and 1 test file: 3 classes play a role; 1 duplicate; 3 findings"
    )
    for part in (
        "manager (1)",
        "emitter (2)",
        "Duplicates (1)",
        "near-copy",
        "Findings (3)",
        "Backup files (1)",
        "Not seen",
    ):
        assert part in text


def test_roles_in_tests_are_counted_apart(study, chat_files):
    fake = chat_files["app/manager.py"].replace("UnifiedManager", "FakeManager")
    text = render(build(study({**chat_files, "tests/fakes.py": fake}), (), ()), Options())
    assert text.startswith("5 files, and 2 test files: 3 classes play a role, and 1 more in tests; ")


def test_nothing_relevant_is_said(study):
    text = render(build(study({"a.py": "x = 1\n"}), (), ()), Options())
    assert text.startswith("1 file: no class plays a role between agents and sockets.")


@pytest.mark.parametrize(
    "options", [Options(), Options(sections=True), Options(check=True), Options(width=40)]
)
def test_nothing_is_cut_and_nothing_is_coloured(study, chat_files, options):
    long = "Very" * 40 + "LongEmitter"
    chat_files["app/emitter.py"] = chat_files["app/emitter.py"].replace("UnifiedEmitter", long)
    chat_files["app/route.py"] = chat_files["app/route.py"].replace("UnifiedEmitter", long)
    text = render(build(study(chat_files), (), ()), options)
    assert "…" not in text
    assert "\x1b" not in text
    if not options.check:
        assert "".join(char for char in text if char in "VeryLongEmit").count("Very" * 4) > 1


def test_tables_keep_the_width(troubled):
    lines = render(troubled, Options()).splitlines()
    assert max(len(line) for line in lines if "─" in line) <= 120
    assert all(line == line.rstrip() for line in lines)


def test_colour_only_when_asked_for(troubled, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm-256color")
    plain = render(troubled, Options())
    monkeypatch.setenv("NO_COLOR", "1")
    assert render(troubled, Options()) == plain
    assert "\x1b[" not in plain
    assert "\x1b[" in render(troubled, Options(colour=True))


def test_the_whole_report(troubled):
    text = render(troubled, Options(sections=True))
    for section in troubled.sections:
        assert section.title.upper() in text
    assert "[x] `" not in text
    assert "12 |     async def" not in text
    assert "11 |     async def emit_agent_started(self, data):" in text


def test_a_name_in_the_code_cannot_command_the_terminal(troubled, findings):
    from dataclasses import replace

    evil = replace(findings[0], message="\x1b]0;owned\x07", path="a\x1b[2J.py")
    text = render(replace(troubled, findings=(evil,)), Options(check=True))
    assert text.splitlines()[0] == "a\\x1b[2J.py:12: WSC202 \\x1b]0;owned\\x07"


def test_long_lines_are_left_whole(report):
    text = render(report, Options(sections=True))
    line = next(line for line in text.splitlines() if line.startswith("- [x] agent_started is preserved"))
    assert line.endswith("app/route.py:10, app/manager.py:21")
    assert len(line) > 120
