"""The success metrics: reached or not, each with its evidence."""

from collections.abc import Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.program import MroStatus
from wsconsolidate.model.report import Block, Item, Listing, Place
from wsconsolidate.model.role import Role
from wsconsolidate.report.done import SETTLED, is_unique
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import code, places, series

_NOUNS = {Role.ERROR: "hierarchy of errors"}


def blocks(draft: Draft) -> Iterator[Block]:
    """One line for each metric that applies."""
    if draft.players:
        yield Listing(tuple(_metrics(draft)))


def _metrics(draft: Draft) -> Iterator[Item]:
    if draft.senders:
        yield _delivery(draft)
    for role in (Role.MANAGER, Role.EMITTER, Role.PROTOCOL, Role.ERROR):
        if draft.analysis.production(role):
            yield one_truth(draft, role)
    if draft.speaks:
        yield _silent(draft, "no event is lost in the code that sends it", "WSC2")
    if draft.analysis.production(Role.MANAGER):
        yield _silent(draft, "many users are kept apart", "WSC4")
    yield _orders(draft)
    yield _backups(draft)


def _delivery(draft: Draft) -> Item:
    events = draft.analysis.vocabulary.events
    ways = [way for event in events if (way := draft.arriving(event))]
    last = [way.hops[-1] for way in ways if way.hops]
    text = f"{len(ways)} of {counted(len(events), 'critical event')} reach the socket"
    return Item(text=text, done=len(ways) == len(events) and bool(last), places=places(last))


def one_truth(draft: Draft, role: Role) -> Item:
    """Ticked when the role has one source of truth and nothing beside it."""
    truth = draft.analysis.truth(role)
    others = [one for one in draft.analysis.production(role) if draft.disposition(one.id) not in SETTLED]
    if truth is not None and is_unique(draft, role):
        text = f"One {_NOUNS.get(role, role.value)}: {draft.label(truth)}"
        return Item(text=text, done=True, places=places([truth]))
    left = f"; {counted(len(others), 'other is', 'others are')} to be settled" if others else ""
    named = draft.label(truth) if truth else _bundled(draft, role)
    text = f"One {_NOUNS.get(role, role.value)}: {named}{left}"
    return Item(text=text, done=False, places=places(others))


def _bundled(draft: Draft, role: Role) -> str:
    found = draft.analysis.ssot.get(role)
    return code(found.qualname) if found else "none is the source of truth"


def _silent(draft: Draft, text: str, family: str) -> Item:
    """Ticked when a family of rules is silent; the classes that were examined are the evidence."""
    found = draft.coded(family)
    spoken = text[0].upper() + text[1:]
    if found:
        note = f"{spoken}: {counted(len(found), 'finding says', 'findings say')} otherwise"
        return Item(text=note, done=False, places=places(found))
    if not draft.asked(family):
        return Item(text=f"{spoken}: not decided, no rule {family}xx was asked")
    return Item(text=f"{spoken} (no finding of {family}xx)", done=True, places=_examined(draft))


def _examined(draft: Draft) -> tuple[Place, ...]:
    return places(draft.truths or draft.players[:1])


def _orders(draft: Draft) -> Item:
    inexact = [one for one in draft.players if one.mro.status is not MroStatus.EXACT]
    if inexact:
        names = series([draft.label(one) for one in inexact])
        return Item(text=f"Every MRO is exact: not that of {names}", done=False, places=places(inexact))
    text = f"Every MRO is exact ({counted(len(draft.players), 'class')})"
    return Item(text=text, done=True, places=_examined(draft))


def _backups(draft: Draft) -> Item:
    files = draft.analysis.backup_files
    if files:
        text = f"No backup file is left: {counted(len(files), 'backup file')}"
        return Item(text=text, done=False, places=tuple(Place(path, 1) for path in files))
    return Item(text="No backup file is left beside the classes", done=True, places=_examined(draft))
