"""How the managers keep many users apart: isolation, scope, locks and limits."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Disposition, Setting
from wsconsolidate.model.program import Class, Holding
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Place
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import code, places, series

_LIMIT_WORDS = ("max", "limit", "capacity", "quota")


def many_users(draft: Draft) -> Iterator[Block]:
    """A list for each manager that does its own work."""
    managers = [
        one
        for one in draft.analysis.production(Role.MANAGER)
        if draft.disposition(one.id) is not Disposition.DELEGATES
    ]
    yield Heading("Many users")
    if not managers:
        yield Paragraph("No manager that does its own work was found.")
    for one in managers:
        yield Paragraph(f"{draft.label(one)}:")
        yield Listing(tuple(_items(draft, one)))


def _items(draft: Draft, one: Class) -> Iterator[Item]:
    yield _isolation(draft, one)
    yield _verdict(draft, one, "WSC402", "iterates over its connections safely")
    yield _locks(draft, one)
    yield _limits(draft, one)
    yield _verdict(draft, one, "WSC405", "keeps a slow client from stalling the others")


def connection_map(draft: Draft, one: Class) -> tuple[Place, ...]:
    """Where the class holds its connections, by the evidence for its role."""
    evidence = draft.analysis.casts[one.id].evidence
    return places((seen.path, seen.line) for seen in evidence if seen.kind == "holds_connections")


def _isolation(draft: Draft, one: Class) -> Item:
    return _verdict(draft, one, "WSC401", "keeps what is meant for one user from the others")


def _verdict(draft: Draft, one: Class, rule: str, virtue: str) -> Item:
    """Ticked when the rule is silent and the connections it speaks of are there to see."""
    against = draft.against(one, rule)
    if against:
        found = places((finding.path, finding.line) for finding in against)
        return Item(text=f"{virtue}: no ({rule})", done=False, places=found)
    proof = connection_map(draft, one)
    if not (proof and draft.asked(rule)):
        why = f"{rule} was not asked" if proof else "no connection map was seen"
        return Item(text=f"{virtue}: not decided, {why}")
    return Item(text=f"{virtue} ({rule} is silent)", done=True, places=proof)


def _locks(draft: Draft, one: Class) -> Item:
    against = draft.against(one, "WSC404")
    if against:
        found = places((finding.path, finding.line) for finding in against)
        return Item(text="guards its state: no (WSC404)", done=False, places=found)
    holdings = draft.analysis.program.holdings.get(one.id, {})
    locks = {name: held for name, found in holdings.items() for held in found if _is_lock(held)}
    if not locks:
        return Item(text="guards its state: it has no lock")
    names = series([code(name) for name in locks])
    proof = places((held.path, held.line) for held in locks.values())
    return Item(text=f"guards its state with {names}", done=True, places=proof)


def _is_lock(held: Holding) -> bool:
    return any(kind.name.rpartition(".")[2] in ("Lock", "RLock", "Semaphore") for kind in held.types)


def _limits(draft: Draft, one: Class) -> Item:
    against = draft.against(one, "WSC403")
    if against:
        found = places((finding.path, finding.line) for finding in against)
        return Item(text="limits its connections: no (WSC403)", done=False, places=found)
    checks = [seen for seen in draft.analysis.features if seen.id == one.id and seen.kind == "limits"]
    limits = [
        setting for setting in draft.analysis.settings if setting.path == one.path and is_limit(setting)
    ]
    shown = series([f"{code(limit.name)} = {limit.value}" for limit in limits])
    proof = places([(seen.path, seen.line) for seen in checks] + [(set_.path, set_.line) for set_ in limits])
    if not checks:
        told = f"no check was seen of {shown}" if limits else "no limit was seen"
        return Item(text=f"limits its connections: not decided, {told}", places=proof)
    more = f"; {shown}" if limits else ""
    return Item(text=f"limits its connections: {checks[0].detail}{more}", done=True, places=proof)


def is_limit(setting: Setting) -> bool:
    """True for a setting whose name speaks of a limit."""
    return any(word in setting.name.lower() for word in _LIMIT_WORDS)
