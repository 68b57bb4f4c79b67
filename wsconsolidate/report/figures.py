"""The figures of the summary and the statement of completeness."""

from collections import Counter

from wsconsolidate.model.program import Class, MroStatus
from wsconsolidate.model.report import Action, Completeness, Counts, Priority, Summary
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Material


def summarize(material: Material, actions: tuple[Action, ...]) -> Summary:
    """The figures; `completion` is 1 where there is nothing to do."""
    counted = [action for action in actions if action.priority is not Priority.LOW]
    done = sum(action.done for action in counted)
    return Summary(
        read=_counts(material, in_tests=False),
        tests=_counts(material, in_tests=True),
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


def _counts(material: Material, *, in_tests: bool) -> Counts:
    analysis = material.analysis
    unread = {problem.path for problem in analysis.tree.problems}
    files = [one for one in analysis.tree.files if one.in_tests is in_tests and one.path not in unread]
    classes = [one for one in analysis.program.classes.values() if one.in_tests is in_tests]
    roles = Counter(analysis.casts[one.id].role for one in classes if one.id in analysis.casts)
    return Counts(
        files=len(files),
        lines=sum(_lines(one.data) for one in files),
        classes=len(classes),
        roles=tuple((role.value, roles[role]) for role in Role),
    )


def _lines(data: bytes) -> int:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (1 if data and not data.endswith((b"\n", b"\r")) else 0)
