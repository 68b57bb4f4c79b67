"""How the managers keep many users apart: isolation, scope, locks and limits."""

from collections.abc import Callable, Iterator

from wsconsolidate.model.analysis import Disposition, Setting
from wsconsolidate.model.limits import LIMIT_WORDS
from wsconsolidate.model.program import Class, Holding
from wsconsolidate.model.report import Block, Heading, Item, Listing, Paragraph, Place
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Draft
from wsconsolidate.report.words import code, places, series


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
    yield _judged(draft, one, "WSC401", "keeps what is meant for one user from the others", _silence)
    yield _judged(draft, one, "WSC402", "iterates over its connections safely", _silence)
    yield _judged(draft, one, "WSC404", "guards its state", _locks)
    yield _judged(draft, one, "WSC403", "limits its connections", _limits)
    yield _judged(draft, one, "WSC405", "keeps a slow client from stalling the others", _silence)


def connection_map(draft: Draft, one: Class) -> tuple[Place, ...]:
    """Where the class holds its connections, by the evidence for its role."""
    evidence = draft.analysis.casts[one.id].evidence
    return places(seen for seen in evidence if seen.kind == "holds_connections")


Virtue = Callable[[Draft, Class, str, str], Item]
"""What is to be said for a class of which a rule does not say that it lacks a virtue."""


def _judged(draft: Draft, one: Class, rule: str, virtue: str, told: Virtue) -> Item:
    against = draft.against(one, rule)
    if against:
        return Item(text=f"{virtue}: no ({rule})", done=False, places=places(against))
    return told(draft, one, rule, virtue)


def _silence(draft: Draft, one: Class, rule: str, virtue: str) -> Item:
    """Ticked where the connections that the rule speaks of are there to see."""
    proof = connection_map(draft, one)
    if not (proof and draft.asked(rule)):
        why = f"{rule} was not asked" if proof else "no connection map was seen"
        return Item(text=f"{virtue}: not decided, {why}")
    return Item(text=f"{virtue} ({rule} is silent)", done=True, places=proof)


def _locks(draft: Draft, one: Class, _: str, virtue: str) -> Item:
    holdings = draft.analysis.program.holdings.get(one.id, {})
    locks = {name: held for name, found in holdings.items() for held in found if _is_lock(held)}
    if not locks:
        return Item(text=f"{virtue}: it has no lock")
    names = series([code(name) for name in locks])
    return Item(text=f"{virtue} with {names}", done=True, places=places(locks.values()))


def _is_lock(held: Holding) -> bool:
    return any(kind.name.rpartition(".")[2] in ("Lock", "RLock", "Semaphore") for kind in held.types)


def _limits(draft: Draft, one: Class, _: str, virtue: str) -> Item:
    checks = [seen for seen in draft.analysis.features if seen.id == one.id and seen.kind == "limits"]
    limits = [
        setting for setting in draft.analysis.settings if setting.path == one.path and is_limit(setting)
    ]
    shown = series([f"{code(limit.name)} = {limit.value}" for limit in limits])
    proof = places((*checks, *limits))
    if not checks:
        told = f"no check was seen of {shown}" if limits else "no limit was seen"
        return Item(text=f"{virtue}: not decided, {told}", places=proof)
    more = f"; {shown}" if limits else ""
    return Item(text=f"{virtue}: {checks[0].detail}{more}", done=True, places=proof)


def is_limit(setting: Setting) -> bool:
    """True for a setting whose name speaks of a limit."""
    return any(word in setting.name.lower() for word in LIMIT_WORDS)
