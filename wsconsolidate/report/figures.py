"""The figures of the summary and the statement of completeness."""

from collections import Counter
from collections.abc import Collection

from wsconsolidate.model.program import Class, MroStatus
from wsconsolidate.model.report import Action, Completeness, Counts, Priority, Summary
from wsconsolidate.model.role import Role
from wsconsolidate.model.source import Tree
from wsconsolidate.report.material import Material

Lines = tuple[int, int]
"""How many lines there are outside of tests, and in tests."""


def summarize(material: Material, actions: tuple[Action, ...], lines: Lines | None = None) -> Summary:
    """The figures; `completion` is 1 where there is nothing to do. Lines are counted if none are given."""
    tree = material.analysis.tree
    lines = lines or line_counts(tree, {problem.path for problem in tree.problems})
    counted = [action for action in actions if action.priority is not Priority.LOW]
    done = sum(action.done for action in counted)
    return Summary(
        read=_counts(material, lines[0], in_tests=False),
        tests=_counts(material, lines[1], in_tests=True),
        findings=tuple(sorted(Counter(found.code for found in material.findings).items())),
        done=done,
        open=len(counted) - done,
        completion=round(done / len(counted), 4) if counted else 1.0,
        duplicates=sum(len(group.members) - 1 for group in material.analysis.groups),
    )


def completeness(material: Material) -> Completeness:
    """What the analysis did not see."""
    analysis = material.analysis
    parsed_or_not = {*analysis.program.files, *(problem.path for problem in analysis.tree.problems)}
    return Completeness(
        files_ruled_out=sum(file.path not in parsed_or_not for file in analysis.tree.files),
        files_not_read=tuple(sorted(analysis.tree.problems, key=lambda one: (one.path, one.line))),
        inexact_mros=tuple(filter(_inexact, analysis.program.classes.values())),
        runtime_events=tuple(
            sorted(analysis.runtime_events, key=lambda one: (one.path, one.line, one.symbol))
        ),
    )


def _inexact(found: Class) -> bool:
    return found.mro.status is not MroStatus.EXACT


def line_counts(tree: Tree, unread: Collection[str]) -> Lines:
    """The lines of the files outside of tests, and of those in tests; but for the unread ones."""
    found = [0, 0]
    for one in tree.files:
        if one.path not in unread:
            found[one.in_tests] += _lines(one.data)
    return found[0], found[1]


def _counts(material: Material, lines: int, *, in_tests: bool) -> Counts:
    analysis = material.analysis
    unread = {problem.path for problem in analysis.tree.problems}
    files = [one for one in analysis.tree.files if one.in_tests is in_tests and one.path not in unread]
    classes = [one for one in analysis.program.classes.values() if one.in_tests is in_tests]
    roles = Counter(analysis.casts[one.id].role for one in classes if one.id in analysis.casts)
    return Counts(
        files=len(files),
        lines=lines,
        classes=len(classes),
        roles=tuple((role.value, roles[role]) for role in Role),
    )


def _lines(data: bytes) -> int:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (1 if data and not data.endswith((b"\n", b"\r")) else 0)
