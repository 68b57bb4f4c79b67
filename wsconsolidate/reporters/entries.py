"""The classes and groups of a report, joined with what was found out about each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wsconsolidate.model.analysis import Analysis, Disposition, DuplicateGroup, Verdict
from wsconsolidate.model.event import Coverage
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.report import Report
from wsconsolidate.model.role import Cast

_NO_ROLE = Verdict(disposition=Disposition.LEAVE, reason="it plays no role")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A class with its role, disposition, coverage and the full names of its duplicates."""

    found: Class
    cast: Cast | None
    disposition: Disposition
    reason: str
    coverage: Mapping[str, Coverage]
    duplicates: tuple[str, ...]
    is_test: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group of duplicates with the full names of its members."""

    group: DuplicateGroup
    members: tuple[str, ...]


def entries(report: Report, *, all_classes: bool) -> tuple[Entry, ...]:
    """The classes with a role, or all, in order of path and line."""
    analysis = report.analysis
    twins = _twins(analysis)
    found = analysis.program.classes.values()
    return tuple(_entry(analysis, one, twins) for one in found if all_classes or one.id in analysis.casts)


def groups(report: Report) -> tuple[Group, ...]:
    """The groups of duplicates."""
    analysis = report.analysis
    return tuple(Group(group, _names(analysis, group.members)) for group in analysis.groups)


def _entry(analysis: Analysis, one: Class, twins: Mapping[ClassId, set[ClassId]]) -> Entry:
    verdict = analysis.verdicts.get(one.id, _NO_ROLE)
    covered = analysis.coverage.get(one.id, {})
    return Entry(
        found=one,
        cast=analysis.casts.get(one.id),
        disposition=verdict.disposition,
        reason=verdict.reason,
        coverage={event: covered[event] for event in analysis.vocabulary.events if event in covered},
        duplicates=tuple(sorted(_names(analysis, twins.get(one.id, ())))),
        is_test=analysis.is_test(one.id),
    )


def _twins(analysis: Analysis) -> Mapping[ClassId, set[ClassId]]:
    """Every other member of each class's groups."""
    found: dict[ClassId, set[ClassId]] = {}
    for group in analysis.groups:
        for member in group.members:
            found.setdefault(member, set()).update(set(group.members) - {member})
    return found


def _names(analysis: Analysis, members: Iterable[ClassId]) -> tuple[str, ...]:
    return tuple(analysis.program.classes[member].qualname for member in members)
