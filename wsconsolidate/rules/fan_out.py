"""Loops in which a class sends to one connection after the other."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from wsconsolidate.model.expr import Attribute, Expr, Name, walk
from wsconsolidate.model.facts import Body, Leaving, Loop, ScopeKind, ValueBinding
from wsconsolidate.model.naming import sends_by_name
from wsconsolidate.model.program import Class, Edge, Function, Program
from wsconsolidate.rules.iteration import Place, Places


@dataclass(frozen=True, slots=True)
class FanOut:
    """A call inside a loop over the members of a container that sends to the member.

    `everyone` says that no parameter chooses the container: it is the whole of them. `chosen` are the
    conditions under which the loop sends that ask about the member.
    """

    function: Function
    place: Place
    edge: Edge
    loop: Loop
    everyone: bool
    chosen: tuple[Expr, ...]


def fan_outs(program: Program, owner: Class, attributes: Collection[str]) -> Iterator[FanOut]:
    """The sends of a class in loops over one of these attributes, in source order."""
    for function in owner.functions.values():
        body = function.facts.body
        if body is not None and body.loops:
            yield from _in(program, owner, function, body, attributes)


def _in(
    program: Program, owner: Class, function: Function, body: Body, attributes: Collection[str]
) -> Iterator[FanOut]:
    places = Places(program, owner, function, body)
    for edge in program.calls(function.scope):
        if not edge.site.loops or not _sends(program, edge) or _is_last(edge, body):
            continue
        loop = body.loops[edge.site.loops[-1]]
        place = places.source(loop.iterable)
        members = _members(program, function, loop)
        if place is not None and place.attribute in attributes and members & _receivers(function, edge):
            keys = {name for index in edge.site.loops for name in _names(body.loops[index].target)}
            yield FanOut(
                function=function,
                place=place,
                edge=edge,
                loop=loop,
                everyone=all(key == "*" or key in keys for key in place.keys),
                chosen=(*_asking(edge, body, members | keys), *places.conditions(loop.iterable)),
            )


def _sends(program: Program, edge: Edge) -> bool:
    func = edge.call.func
    named = isinstance(func, Attribute) and sends_by_name(func.attr)
    return edge.writes or (named and program.arrives(edge))


def _is_last(edge: Edge, body: Body) -> bool:
    """True if the loop always ends after the call: whoever can be reached first gets it, nobody else."""
    return any(
        edge.site.loops[-1] in leave.loops
        and leave.line >= edge.line
        and {*leave.guards} <= {*edge.site.guards}
        for leave in body.leaves
        if leave.how is not Leaving.RAISE
    )


def _members(program: Program, function: Function, loop: Loop) -> set[str]:
    """The names that stand for the member of a round: the loop's own, and what is taken from it."""
    found = _names(loop.target)
    scope = program.scope(function.scope)
    for binding in scope.bindings if scope and scope.kind is ScopeKind.FUNCTION else ():
        inside = loop.line <= binding.line <= loop.end_line
        if inside and isinstance(binding, ValueBinding) and binding.value and found & _names(binding.value):
            found.add(binding.name)
    return found


def _receivers(function: Function, edge: Edge) -> set[str]:
    """The names that say to whom a call sends: its object, or the first argument of an own method."""
    func = edge.call.func
    if not isinstance(func, Attribute):
        return set()
    first = [parameter.name for parameter in function.facts.parameters[:1]]
    own = isinstance(func.value, Name) and func.value.id in first
    return _names(edge.call.args[0]) if own and edge.call.args else _names(func.value)


def _asking(edge: Edge, body: Body, members: set[str]) -> Iterator[Expr]:
    """What is asked of the member: around the call, or before it to skip the round."""
    outermost = body.loops[edge.site.loops[0]]
    skipped = (leave.guards for leave in body.leaves if leave.skips and leave.line < edge.line)
    for guard in chain(edge.site.guards, chain.from_iterable(skipped)):
        if guard.line >= outermost.line and guard.test is not None and members & _names(guard.test):
            yield guard.test


def _names(expr: Expr) -> set[str]:
    return {part.id for part in walk(expr) if isinstance(part, Name)}
