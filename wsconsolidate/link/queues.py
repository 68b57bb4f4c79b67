"""Queues that are drained into a socket: who puts something in hands it to who takes it out and sends it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from wsconsolidate.link.names import Names
from wsconsolidate.link.origins import Made, Origins
from wsconsolidate.link.types import Types
from wsconsolidate.model.expr import Attribute, Call, Expr, Name, walk
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.program import Certainty, Edge, FunctionId, ScopeId

_TAKING = ("get", "async_get")
_PUTTING = frozenset(("put", "put_nowait", "async_put"))
_ITERATING = ("__aiter__", "__anext__", "__iter__", "__next__")

Calls = Mapping[ScopeId, tuple[Edge, ...]]


@dataclass(frozen=True, slots=True)
class Queues:
    """Finds queues, and what becomes of what is taken out of them."""

    names: Names
    types: Types
    origins: Origins

    def joined(self, calls: Calls, onward: Mapping[ScopeId, Edge]) -> dict[ScopeId, tuple[Edge, ...]]:
        """The calls, each that puts something into a drained queue leading to the function that drains it."""
        drained: dict[Made, list[FunctionId]] = {}
        for scope in calls:
            for queue in self._drained(scope, calls, onward) if scope.line else ():
                drained.setdefault(queue, []).append(FunctionId(*scope))
        if not drained:
            return dict(calls)
        return {
            scope: tuple(self._leading_on(one, drained) for one in found) for scope, found in calls.items()
        }

    def _leading_on(self, edge: Edge, drained: Mapping[Made, list[FunctionId]]) -> Edge:
        match edge.call.func:
            case Attribute(value=queue, attr=attr) if attr in _PUTTING:
                drains = (drained.get(made, []) for made in self._made(edge.scope, queue))
                targets = tuple(dict.fromkeys(chain.from_iterable(drains)))
                return replace(edge, targets=targets, certainty=Certainty.QUEUED) if targets else edge
            case _:
                return edge

    def _drained(self, scope: ScopeId, calls: Calls, onward: Mapping[ScopeId, Edge]) -> Iterator[Made]:
        """The queues out of which the function takes what it then sends to a socket."""
        sent = [part for edge in calls[scope] if _arrives(edge, onward) for part in _handed(edge.call)]
        names, made = {part.id for part in sent if isinstance(part, Name)}, {id(part) for part in sent}
        if not sent:
            return
        for edge in calls[scope]:
            if id(edge.call) in made or not names.isdisjoint(self._bound_to(scope, edge.call)):
                yield from self._taken_by(edge, calls)
        body = self.names.function_facts(FunctionId(*scope)).body
        for loop in body.loops if body else ():
            if any(isinstance(part, Name) and part.id in names for part in walk(loop.target)):
                yield from self._looped(scope, loop.iterable, calls)

    def _bound_to(self, scope: ScopeId, call: Call) -> Iterator[str]:
        """The local names that what the call gives is bound to, also inside `json.loads(...)`."""
        known = self.names.scope(scope)
        for binding in known.bindings if known and _takes(call) else ():
            value = binding.value if isinstance(binding, ValueBinding) else None
            if value is not None and any(part is call for part in walk(value)):
                yield binding.name

    def _taken_by(self, edge: Edge, calls: Calls) -> Iterator[Made]:
        """The queue that a call takes from, itself or, as a method that does only that, for its caller."""
        if _takes(edge.call):
            yield from self._queue_of(edge)
        for target in edge.targets:
            yield from self._yielded(target, calls)

    def _looped(self, scope: ScopeId, iterable: Expr, calls: Calls) -> Iterator[Made]:
        """The queues behind `async for item in feed.items()`, and behind an object that iterates itself."""
        for edge in calls[scope]:
            if edge.call is iterable:
                for target in edge.targets:
                    yield from self._yielded(target, calls)
        for found in self.types.of(scope, iterable):
            methods = (self.types.method(found.id, name) for name in _ITERATING if found.id)
            for method in methods:
                if method is not None:
                    yield from self._yielded(method.id, calls)

    def _yielded(self, giver: FunctionId, calls: Calls) -> Iterator[Made]:
        """The queues that a function takes from for those who call it or loop over it."""
        for edge in calls.get(ScopeId(*giver), ()):
            if _takes(edge.call):
                yield from self._queue_of(edge)

    def _queue_of(self, edge: Edge) -> tuple[Made, ...]:
        func = edge.call.func
        return self._made(edge.scope, func.value) if isinstance(func, Attribute) else ()

    def _made(self, scope: ScopeId, queue: Expr) -> tuple[Made, ...]:
        """The calls of a class of queues that the expression comes from."""
        found = (one for one in self.origins.of(scope, queue) if isinstance(one, Made))
        return tuple(one for one in found if one.maker.rpartition(".")[2].endswith("Queue"))


def _takes(call: Call) -> bool:
    return isinstance(call.func, Attribute) and call.func.attr.startswith(_TAKING) and len(call.args) < 2


def _arrives(edge: Edge, onward: Mapping[ScopeId, Edge]) -> bool:
    return edge.writes or any(ScopeId(*target) in onward for target in edge.targets)


def _handed(call: Call) -> Iterator[Expr]:
    for argument in (*call.args, *(value for _, value in call.keywords)):
        yield from walk(argument)
