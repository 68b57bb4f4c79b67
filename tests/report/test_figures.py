"""The figures of the summary and what was not seen."""

from dataclasses import replace

import pytest

from wsconsolidate.model.analysis import DuplicateGroup, Likeness
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import ClassId
from wsconsolidate.model.report import Action, Priority
from wsconsolidate.model.role import Role
from wsconsolidate.model.source import Problem, ProblemKind
from wsconsolidate.report.figures import completeness, summarize
from wsconsolidate.report.material import Material


def material(analysis, findings=()):
    return Material(analysis=analysis, findings=tuple(findings), rules=())


def action(priority, done):
    return Action(priority=priority, title="do", done=done, rule=None, fix=Applicability.DISPLAY, places=())


def test_tests_are_counted_apart(chat, chat_files):
    found = summarize(material(chat), ())
    app = [text for name, text in chat_files.items() if name.startswith("app/") and name.endswith(".py")]
    assert (found.read.files, found.read.classes) == (5, 3)
    assert found.read.lines == sum(text.count("\n") for text in app)
    assert dict(found.read.roles) == {role.value: 0 for role in Role} | {"manager": 1, "emitter": 2}
    assert (found.tests.files, found.tests.classes, found.tests.lines) == (1, 1, 5)
    assert set(dict(found.tests.roles).values()) == {0}


@pytest.mark.parametrize(
    ("marks", "completion"),
    [
        ([], 1.0),
        ([(Priority.LOW, False)], 1.0),
        ([(Priority.HIGH, True), (Priority.MEDIUM, False), (Priority.LOW, False)], 0.5),
        ([(Priority.HIGH, True), (Priority.HIGH, True), (Priority.MEDIUM, False)], 0.6667),
        ([(Priority.HIGH, False)], 0.0),
    ],
)
def test_completion_is_done_of_high_and_medium(chat, marks, completion):
    assert summarize(material(chat), tuple(action(*mark) for mark in marks)).completion == completion


def test_duplicates_are_members_less_one_a_group(chat):
    def group(*lines):
        members = tuple(ClassId("a.py", line) for line in lines)
        return DuplicateGroup(
            role=Role.EMITTER, kind=Likeness.NEAR_COPY, members=members, shared=(), differs=()
        )

    grouped = replace(chat, groups=(group(1, 2, 3), group(4, 5)))
    assert summarize(material(grouped), ()).duplicates == 3
    assert summarize(material(chat), ()).duplicates == 0


def test_findings_are_counted_by_code(chat, finding):
    found = [finding("WSC202", "x", 1), finding("WSC103", "x", 2), finding("WSC202", "x", 3)]
    assert summarize(material(chat, found), ()).findings == (("WSC103", 1), ("WSC202", 2))


def test_nothing_is_left_unseen_in_the_small_program(chat):
    assert completeness(material(chat)).complete


def test_what_was_not_seen(study):
    program = {"a.py": "from nowhere import Base\n\n\nclass Late(Base):\n    pass\n", "b.py": "def :\n"}
    analysis = study(program)
    found = completeness(material(analysis))
    assert [one.qualname for one in found.inexact_mros] == ["a.Late"]
    assert [one.path for one in found.files_not_read] == ["b.py"]
    assert not found.complete


def test_files_not_read_are_in_order(chat):
    def problem(path, line):
        return Problem(path=path, line=line, kind=ProblemKind.SYNTAX, message="no")

    problems = (problem("b.py", 1), problem("a.py", 9), problem("a.py", 2))
    tree = replace(chat.tree, problems=problems)
    found = completeness(material(replace(chat, tree=tree))).files_not_read
    assert [(one.path, one.line) for one in found] == [("a.py", 2), ("a.py", 9), ("b.py", 1)]
