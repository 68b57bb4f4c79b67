"""Is what was found settled, nothing new found, and every event covered as well as before?"""

from collections import Counter
from collections.abc import Iterator, Mapping

from wsconsolidate.model.event import Coverage, EventStatus
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.report import Report
from wsconsolidate.verify.change import Change, Objection

_ORDER = tuple(EventStatus)


def objections(change: Change) -> Iterator[Objection]:
    """A finding that would stay, a new error or warning, or a class that would cover less."""
    yield from _unsettled(change)
    yield from _new(change)
    yield from _uncovered(change)


def tried(change: Change) -> str:
    """How many findings there were, and classes that cover an event."""
    findings = f"{len(change.before.findings)} findings before, {len(change.after.findings)} after"
    return f"{findings}, {len(change.before.analysis.coverage)} classes with events"


def _unsettled(change: Change) -> Iterator[Objection]:
    had, has = _count(change.before), _count(change.after)
    for group in change.plan.groups:
        known = (group.code, group.path, group.symbol)
        if has[known] >= had[known] > 0:
            yield Objection(reason=f"{group.code} would still be found in {group.symbol}", key=group.key)


def _new(change: Change) -> Iterator[Objection]:
    known = _count(change.before)
    for finding in change.after.findings:
        known[_identity(finding)] -= 1
        if known[_identity(finding)] < 0 and finding.severity in (Severity.ERROR, Severity.WARNING):
            reason = f"{finding.code} would be new in {finding.symbol}: {finding.message}"
            paths = (finding.path, *(one.path for one in finding.related), *_lineage(change, finding))
            yield Objection(reason=reason, paths=_touched(change, paths))


def _lineage(change: Change, finding: Finding) -> Iterator[str]:
    """The files of what the class of a finding inherits from, before or after."""
    for program in change.programs:
        for one in program.classes.values():
            if f"{finding.symbol}.".startswith(f"{one.qualname}."):
                yield from (base.path for base in program.bases(one))


def _uncovered(change: Change) -> Iterator[Objection]:
    later = _coverage(change.after)
    there = {(one.path, one.qualname) for one in change.programs[1].classes.values()}
    for (path, name), had in _coverage(change.before).items():
        has = later.get((path, name), {})
        for event, covered in had.items() if (path, name) in there else ():
            if _worse(covered, has.get(event)):
                now = has[event].status if event in has else EventStatus.MISSING
                reason = f"{name} would cover {event} less well: {covered.status} -> {now}"
                flow = (hop.path for hop in covered.flow)
                yield Objection(reason=reason, paths=_touched(change, (path, *flow)))


def _worse(before: Coverage, after: Coverage | None) -> bool:
    if after is None:
        return before.status.covers
    if before.arrives and not after.arrives:
        return True
    if before.status.covers:
        return not after.status.covers
    return _ORDER.index(after.status) > _ORDER.index(before.status)


def _coverage(report: Report) -> dict[tuple[str, str], Mapping[str, Coverage]]:
    found = report.analysis
    return {
        (id.path, found.program.classes[id].qualname): coverage for id, coverage in found.coverage.items()
    }


def _count(report: Report) -> Counter[tuple[str, str, str]]:
    return Counter(map(_identity, report.findings))


def _identity(finding: Finding) -> tuple[str, str, str]:
    return (finding.code, finding.path, finding.symbol)


def _touched(change: Change, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the paths that the plan touches."""
    return tuple(sorted({*paths} & (change.rewritten | change.gone)))
