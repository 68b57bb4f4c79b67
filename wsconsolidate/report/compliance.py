"""The section of compliance: each event preserved, one manager, one emitter, concerns apart."""

from collections.abc import Iterator

from wsconsolidate.model.event import Hop
from wsconsolidate.model.report import Block, Item, Listing, Paragraph
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Draft
from wsconsolidate.report.success_metrics import one_truth
from wsconsolidate.report.words import code, places


def blocks(draft: Draft) -> Iterator[Block]:
    """One line for each demand."""
    if draft.senders:
        yield Listing(tuple(_demands(draft)))
    elif draft.players:
        yield Paragraph("No class sends events.")


def _demands(draft: Draft) -> Iterator[Item]:
    for event in draft.analysis.vocabulary.events:
        yield _preserved(draft, event)
    for role in (Role.MANAGER, Role.EMITTER):
        if draft.analysis.production(role):
            yield one_truth(draft, role)
    yield from _concerns(draft)


def _preserved(draft: Draft, event: str) -> Item:
    way = draft.arriving(event)
    if way is None:
        return Item(text=f"{code(event)} is preserved: no way to the socket was found", done=False)
    first, last = way.hops[0], way.hops[-1]
    text = f"{code(event)} is preserved: from {code(first.symbol)} to {code(last.symbol)}"
    return Item(text=text, done=True, places=places((first, last)))


def _concerns(draft: Draft) -> Iterator[Item]:
    """Separate when the SSOT emitter reaches the socket through the SSOT manager."""
    emitter, manager = draft.analysis.truth(Role.EMITTER), draft.analysis.truth(Role.MANAGER)
    if emitter is None or manager is None:
        return
    text = f"Concerns are apart: {draft.label(emitter)} speaks, {draft.label(manager)} holds the connections"
    if emitter.id == manager.id:
        spoken = f"Concerns are apart: {draft.label(emitter)} is both emitter and manager"
        yield Item(text=spoken, done=False, places=places([emitter]))
        return
    through = [hop for hop in _hops(draft, Role.EMITTER) if hop.symbol.startswith(manager.qualname + ".")]
    if through:
        yield Item(text=text, done=True, places=places(through[:1]))
    else:
        spoken = f"Concerns are apart: no event of {draft.label(emitter)} passes {draft.label(manager)}"
        yield Item(text=spoken, done=False, places=places([emitter]))


def _hops(draft: Draft, role: Role) -> Iterator[Hop]:
    truth = draft.analysis.truth(role)
    if truth is not None:
        for coverage in draft.analysis.coverage.get(truth.id, {}).values():
            yield from coverage.flow
