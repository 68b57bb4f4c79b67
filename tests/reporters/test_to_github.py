"""Annotations that GitHub shows, and nothing that it would drop or obey."""

from collections import Counter
from dataclasses import replace

import pytest

from wsconsolidate.reporters.options import Gate, Options
from wsconsolidate.reporters.to_github import SUMMARY_LIMIT, render, summary


def lines(report, **options):
    return render(report, Options(check=True, **options)).splitlines()


def many(findings, number):
    """So many of each finding, one a line."""
    return tuple(replace(one, line=line) for one in findings for line in range(1, number + 1))


def annotations(report, **options):
    return [line for line in lines(report, **options) if line.startswith("::")]


def test_an_annotation_of_each_severity(troubled):
    place = "file=backend/app/old_emitter.py"
    assert annotations(troubled, prefix="backend/") == [
        f"::error {place},line=12,title=WSC202 stub-event::`emit_agent_thinking` does nothing: a | b",
        f"::warning {place},line=4,title=WSC103 emitter-bypasses-ssot::goes its own way",
        "::notice file=backend/app/manager.py.bak,line=1,title=WSC106 backup-file::a backup file",
    ]


def test_a_clean_check_says_so(report):
    assert lines(report)[0] == "No finding."


def test_what_was_not_seen_is_told(troubled):
    assert any(line.startswith("not seen: not read (syntax)") for line in lines(troubled))


def test_the_budget_is_kept_and_nothing_is_lost(troubled, findings):
    shown = lines(replace(troubled, findings=many(findings, 14)))
    commands = Counter(line.partition(" ")[0] for line in shown if line.startswith("::"))
    assert commands == {"::error": 10, "::warning": 10, "::notice": 10}
    assert sum(line.startswith("- app/") for line in shown) == 3 * 4


def test_complaints_come_first_and_count_as_errors(troubled, findings):
    shown = annotations(
        replace(troubled, findings=many(findings, 14)), gate=Gate(complaints=("stale: 100%", "incomplete"))
    )
    assert shown[:2] == [
        "::error title=wsconsolidate::stale: 100%25",
        "::error title=wsconsolidate::incomplete",
    ]
    assert sum(line.startswith("::error") for line in shown) == 10


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ({}, "app/old_emitter.py,line=1,"),
        ({"app/old_emitter.py": frozenset({13})}, "app/old_emitter.py,line=13,"),
        ({"app/zebra.py": frozenset()}, "app/zebra.py,line=1,"),
        ({"app/zebra.py": frozenset({99})}, "app/zebra.py,line=1,"),
        (
            {"app/zebra.py": frozenset({99}), "app/old_emitter.py": frozenset({2})},
            "app/old_emitter.py,line=2,",
        ),
    ],
    ids=["none known", "a changed line", "a new file", "a changed file", "lines before files"],
)
def test_changed_lines_come_first(troubled, findings, changed, first):
    errors = many(findings[:1], 14)
    elsewhere = tuple(replace(one, path="app/zebra.py") for one in errors)
    shown = annotations(replace(troubled, findings=(*errors, *elsewhere)), changed=changed)
    assert shown[0].startswith(f"::error file={first}")


@pytest.mark.parametrize(
    ("path", "message", "shown"),
    [
        ("a,b:c.py", "m", "::error file=a%2Cb%3Ac.py,line=12,title=WSC202 stub-event::m"),
        ("a.py", "50%\n::error::x", "::error file=a.py,line=12,title=WSC202 stub-event::50%25%0A::error::x"),
    ],
)
def test_what_could_end_a_command_is_escaped(troubled, findings, path, message, shown):
    evil = replace(findings[0], path=path, message=message)
    assert annotations(replace(troubled, findings=(evil,))) == [shown]


def test_text_is_not_read_as_a_command(troubled, findings):
    evil = replace(findings[0], path="::add-mask::a.py", message="##[error]x\n::error::y\x1b[2J")
    shown = lines(replace(troubled, findings=(evil,) * 12))
    rest = [line for line in shown if "add-mask" in line and not line.startswith("::error file=")]
    assert len(rest) == 2
    assert all(line.startswith("- ::add-mask") and "##[" not in line and "\x1b" not in line for line in rest)


def test_the_summary_holds_every_finding(troubled, findings):
    text = summary(replace(troubled, findings=many(findings, 14)), Options(check=True, prefix="backend/"))
    assert text.count("| WSC") == 3 * 14
    assert "`backend/app/old_emitter.py:12`" in text
    assert "42 findings: 14 errors, 14 warnings, 14 notes." in text


def test_the_summary_tells_why_the_check_fails(report):
    text = summary(report, Options(check=True, gate=Gate(complaints=("stale: `a` <b>", "incomplete"))))
    assert text.endswith("\n- stale: `a` \\<b>\n- incomplete\n")


def test_a_summary_that_is_too_long_keeps_the_gravest(troubled, findings):
    error, _, note = findings
    long = replace(note, message="word " * 100)
    text = summary(replace(troubled, findings=(*many([long], 3_999), error)), Options(check=True))
    assert len(text.encode()) <= SUMMARY_LIMIT
    assert f"| {error.code} |" in text
    assert text.count("| WSC") == 1_000
    assert "\n3,000 more findings: see the log of this step.\n" in text
