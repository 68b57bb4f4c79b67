"""The section of analysis: implementations by role, events by class, integration, many users."""

from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.event import Coverage, EventStatus
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Place, Table
from wsconsolidate.model.role import Role
from wsconsolidate.report.many_users import many_users
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import at, code, places, series

_INTEGRATIONS = (
    ("registry", "registry -> set_websocket_manager"),
    ("notifier", "execution engine -> notifier"),
    ("tool-wrapping", "tool execution -> wrapping"),
    ("bridge", "bridge -> coordination"),
    ("context", "execution context -> per-request isolation"),
)


def blocks(draft: Draft) -> Iterator[Block]:
    """What is there, by role and by event."""
    if not draft.players:
        return
    yield Heading("Implementations by role")
    for role in Role:
        found = draft.analysis.production(role)
        if found:
            yield _implementations(draft, role, found)
    if draft.senders:
        yield from _events(draft)
        yield from _integration(draft)
        yield from many_users(draft)
    else:
        yield Paragraph("No manager, emitter, bridge or protocol was found.")


def _implementations(draft: Draft, role: Role, found: tuple[Class, ...]) -> Table:
    columns = (counted(len(found), role), "Where", "Confidence", "Disposition", "Reason")
    return Table(columns, tuple(_implementation(draft, one) for one in found))


def _implementation(draft: Draft, one: Class) -> tuple[str, ...]:
    cast = draft.analysis.casts[one.id]
    verdict = draft.analysis.verdicts.get(one.id)
    fate = (verdict.disposition.value, verdict.reason) if verdict else ("leave", "")
    return (draft.label(one), at(one), f"{cast.confidence:.2f}", *fate)


def _events(draft: Draft) -> Iterator[Block]:
    yield Heading("Critical events by class")
    senders = [one for one in draft.senders if one.id in draft.analysis.coverage]
    events = draft.analysis.vocabulary.events
    rows = tuple((draft.label(one), *_row(draft, one, events)) for one in senders)
    yield Table(("Class", *(code(event) for event in events)), rows)
    yield Paragraph(_legend(rows))


def _row(draft: Draft, one: Class, events: tuple[str, ...]) -> Iterator[str]:
    coverage = draft.analysis.coverage[one.id]
    return (_cell(one, coverage.get(event)) for event in events)


def _cell(one: Class, coverage: Coverage | None) -> str:
    """The status, with the line in the class's own file or the place elsewhere."""
    if coverage is None:
        return EventStatus.MISSING.value
    if coverage.line is None:
        return coverage.status.value
    own = coverage.path == one.path
    place = f"{coverage.line}" if own else at(Place(coverage.path or "", coverage.line))
    return f"{coverage.status.value} ({place})"


_MEANINGS = {
    EventStatus.EMITS: "hands the event to a socket or sink",
    EventStatus.DELEGATES: "calls a class that emits it",
    EventStatus.INHERITS: "has it from a base",
    EventStatus.GENERIC: "sends whatever name it is given",
    EventStatus.DECLARES: "a protocol's member",
    EventStatus.STUB: "a method that does nothing",
    EventStatus.MISSING: "no method for it",
}


def _legend(rows: tuple[tuple[str, ...], ...]) -> str:
    seen = {cell.split(" ")[0] for row in rows for cell in row[1:]}
    meanings = [f"{status.value}: {text}" for status, text in _MEANINGS.items() if status.value in seen]
    return f"In brackets the line in the class's own file, or the place elsewhere. {'; '.join(meanings)}."


def _integration(draft: Draft) -> Iterator[Block]:
    yield Heading("Integration points")
    points = draft.analysis.integration_points
    if points:
        rows = ((_called(point.kind), code(point.symbol), at(point)) for point in points)
        yield Table(("Point", "Symbol", "Where"), tuple(rows))
    items = tuple(_loose_ends(draft))
    if items:
        yield Listing(items)


def _loose_ends(draft: Draft) -> Iterator[Item]:
    """What is not wired together: as the rules say, or because it does not occur."""
    for finding in draft.coded("WSC5"):
        yield Item(text=f"{finding.message} ({finding.code})", done=False, places=places([finding]))
    kinds = {point.kind for point in draft.analysis.integration_points}
    absent = [text for kind, text in _INTEGRATIONS if kind not in kinds]
    if absent:
        yield Item(text=f"Not found: {series([code(text) for text in absent])}.")


def _called(kind: str) -> str:
    return code(dict(_INTEGRATIONS).get(kind, kind))
