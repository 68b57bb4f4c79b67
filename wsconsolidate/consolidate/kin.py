"""Managers that belong to another one, and so are no second implementation beside it."""

from collections.abc import Iterator, Mapping, Sequence

from wsconsolidate.consolidate.players import Players
from wsconsolidate.model.program import Class, ClassId, Program
from wsconsolidate.model.role import Cast, Role
from wsconsolidate.model.sockets import MANAGERS


def kin(players: Players) -> Mapping[ClassId, str]:
    """The managers that are no duplicates of the one that stays, each with the reason."""
    truth, program = players.truths.get(Role.MANAGER), players.program
    kept = program.class_(truth.id) if truth else None
    managers = [program.classes[id] for id, cast in players.casts.items() if cast.role is Role.MANAGER]
    reasons = {one.id: next(_reasons(players, one, kept), None) for one in managers if one is not kept}
    return {id: reason for id, reason in reasons.items() if reason is not None}


def _reasons(players: Players, one: Class, kept: Class | None) -> Iterator[str]:
    program = players.program
    for name in sorted(MANAGERS & one.lineage):
        yield f"`{name}` is what it extends and works with"
    for above in map(program.class_, one.mro.ids[1:]):
        if above is not None and _manages(players.casts, above):
            yield f"it comes along with `{above.qualname}`, which it extends"
    if kept is None:
        return
    if one.id in kept.mro.ids:
        yield f"`{kept.qualname}` extends it"
    if kept.id in _parts(program, one):
        yield f"it is a part of `{kept.qualname}`, which it is given"
    if one.id in _parts(program, kept):
        yield f"it is a part of `{kept.qualname}`, which makes or keeps it"


def _manages(casts: Mapping[ClassId, Cast], above: Class) -> bool:
    cast = casts.get(above.id)
    return cast is not None and cast.role is Role.MANAGER and not above.in_tests


def common_base(managers: Sequence[Class]) -> Class | None:
    """The manager that all the others extend, if they are one family."""
    bases = [one for one in managers if all(one.id in other.mro.ids for other in managers)]
    return bases[0] if bases else None


def _parts(program: Program, whole: Class) -> Iterator[ClassId | None]:
    """The classes of which the instances hold one or several, or that their methods make."""
    groups = program.holdings.get(whole.id, {}).values()
    held = (type_ for group in groups for holding in group for type_ in holding.types)
    yield from (one.id for type_ in held for one in type_.mentions())
    scopes = (function.scope for function in whole.functions.values())
    yield from (id for scope in scopes for edge in program.calls(scope) for id in edge.constructs)
