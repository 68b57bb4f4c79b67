"""The classes in the data of the page: as columns, so that 60,000 of them stay small."""

from collections.abc import Mapping, Sequence

from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.event import Coverage, EventStatus
from wsconsolidate.model.exhibit import Comparison
from wsconsolidate.model.program import Class, ClassId, MroStatus
from wsconsolidate.model.report import Report
from wsconsolidate.model.role import Role
from wsconsolidate.reporters.entries import Entry
from wsconsolidate.reporters.html_tables import Hops, Texts
from wsconsolidate.reporters.shape import Json
from wsconsolidate.reporters.spoken import printable

_ROLES, _FATES, _STATUSES, _ORDERS = list(Role), list(Disposition), list(EventStatus), list(MroStatus)


def columns(found: Sequence[Entry], texts: Texts) -> dict[str, Json]:
    """A list for each property; `name` is what follows the module in the full name."""
    return {
        "module": [texts.number(entry.found.module) for entry in found],
        "name": [printable(_inside(entry.found)) for entry in found],
        "path": [texts.number(entry.found.path) for entry in found],
        "line": [entry.found.line for entry in found],
        "end": [entry.found.end_line for entry in found],
        "role": [_ROLES.index(entry.cast.role) if entry.cast else -1 for entry in found],
        "sure": [round(entry.cast.confidence * 100) if entry.cast else 0 for entry in found],
        "test": [int(entry.is_test) for entry in found],
        "fate": [_FATES.index(entry.disposition) for entry in found],
        "reason": [texts.number(entry.reason) for entry in found],
        "bases": [texts.all(entry.found.bases) for entry in found],
        "mro": [texts.all(entry.found.mro.names) for entry in found],
        "order": [_ORDERS.index(entry.found.mro.status) for entry in found],
        "problem": [texts.number(_problem(entry.found)) for entry in found],
        "methods": [entry.found.method_count for entry in found],
        "own": [texts.all(entry.found.methods) if entry.cast else [] for entry in found],
    }


def evidence(found: Sequence[Entry], texts: Texts) -> dict[str, Json]:
    """Kind, detail, path and line of what proves each role, by the number of the class."""
    return {
        str(number): [
            [texts.number(seen.kind), texts.number(seen.detail), texts.number(seen.path), seen.line]
            for seen in entry.cast.evidence
        ]
        for number, entry in enumerate(found)
        if entry.cast
    }


def coverage(found: Sequence[Entry], events: Sequence[str], texts: Texts, hops: Hops) -> dict[str, Json]:
    """What a class does for each event, by the number of the class."""
    return {
        str(number): [_covered(entry.coverage.get(event), texts, hops) for event in events]
        for number, entry in enumerate(found)
        if entry.coverage
    }


def truths(report: Report, numbers: Mapping[ClassId, int], texts: Texts) -> list[Json]:
    """Role, full name, number of the class and reason of each source of truth."""
    found = ((role, truth) for role in Role if (truth := report.analysis.ssot.get(role)))
    return [
        [
            role.value,
            texts.number(truth.qualname),
            numbers.get(truth.id, -1) if truth.id else -1,
            texts.number(truth.reason),
        ]
        for role, truth in found
    ]


def groups(report: Report, numbers: Mapping[ClassId, int], texts: Texts) -> list[Json]:
    """Kind, role, members, what they share and in what they differ."""
    return [
        [
            group.kind.value,
            group.role.value,
            [numbers[member] for member in group.members if member in numbers],
            texts.all(group.shared),
            texts.all(group.differs),
        ]
        for group in report.analysis.groups
    ]


def comparison(one: Comparison, numbers: Mapping[ClassId, int]) -> list[Json]:
    """The group, both classes, and the stretches of lines that stand side by side."""
    stretches: list[Json] = [[int(part.same), *part.left, *part.right] for part in one.stretches]
    return [one.group, numbers[one.left], numbers[one.right], stretches]


def _inside(one: Class) -> str:
    return one.qualname.removeprefix(f"{one.module}.")


def _problem(one: Class) -> str | None:
    """What is wrong with its order, or under which condition it is which."""
    if one.mro.alternatives:
        return "; ".join(f"{found.condition}: {' > '.join(found.names)}" for found in one.mro.alternatives)
    return one.mro.problem.detail if one.mro.problem else None


def _covered(coverage: Coverage | None, texts: Texts, hops: Hops) -> list[Json]:
    """Status, method, place, whether the event arrives, and its way; only the status where it is missing."""
    if coverage is None or coverage.path is None:
        return [_STATUSES.index(coverage.status if coverage else EventStatus.MISSING)]
    return [
        _STATUSES.index(coverage.status),
        texts.number(coverage.via),
        texts.number(coverage.path),
        coverage.line,
        int(coverage.arrives),
        hops.all(coverage.flow),
    ]
