"""Queues that are drained into a socket: who puts something in hands it to who takes it out and sends it."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import chain

from wsconsolidate.link.names import Names
from wsconsolidate.link.origins import PAIRS, Made, Origins
from wsconsolidate.link.types import Types
from wsconsolidate.model.expr import Attribute, Await, Call, Expr, Name, Subscript, walk
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.program import Certainty, Edge, FunctionId, ScopeId

_TAKING = ("get", "async_get", "receive")
_PUTTING = frozenset(("put", "put_nowait", "async_put", "send", "send_nowait"))
_ITERATING = ("__aiter__", "__anext__", "__iter__", "__next__")
_ENCODING = ("dump", "encode", "json", "serial", "dict", "str")
"""Words in the name of a function that gives another form of what it is given."""

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
        sent = [part for edge in calls[scope] if _arrives(edge, onward) for part in edge.call.arguments]
        if not sent:
            return
        found = self._behind(scope, sent)
        for edge in calls[scope]:
            if id(edge.call) in found.calls:
                yield from self._taken_by(edge, calls)
        body = self.names.function_facts(FunctionId(*scope)).body
        for loop in body.loops if body else ():
            if any(isinstance(part, Name) and part.id in found.names for part in walk(loop.target)):
                yield from self._looped(scope, loop.iterable, calls)

    def _behind(self, scope: ScopeId, exprs: Iterable[Expr]) -> "_Behind":
        """The calls and the local names that the values of expressions are made of."""
        calls: set[int] = set()
        names: set[str] = set()
        known, waiting = self.names.scope(scope), list(exprs)
        while waiting:
            parts = list(walk(waiting.pop()))
            calls |= {id(part) for part in parts if isinstance(part, Call)}
            fresh = {part.id for part in parts if isinstance(part, Name)} - names
            names |= fresh
            for binding in known.bindings if known else ():
                value = binding.value if isinstance(binding, ValueBinding) else None
                if binding.name in fresh and value is not None:
                    calls |= {id(part) for part in walk(value) if isinstance(part, Call)}
                    waiting += _same(value)
        return _Behind(calls, names)

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
        yield from self._made(scope, iterable)
        for found in self.types.of(scope, iterable):
            methods = (self.types.method(found.id, name) for name in _ITERATING if found.id)
            for method in methods:
                if method is not None:
                    yield from self._yielded(method.id, calls)

    def _yielded(self, giver: FunctionId, calls: Calls) -> Iterator[Made]:
        """The queues that a function takes from for those who call it or loop over it."""
        taking = [edge for edge in calls.get(giver, ()) if _takes(edge.call)]
        body = self.names.function_facts(giver).body if taking else None
        returned = self._behind(giver, body.returns if body else ()).calls
        for edge in taking:
            if (body and body.yields) or id(edge.call) in returned:
                yield from self._queue_of(edge)

    def _queue_of(self, edge: Edge) -> tuple[Made, ...]:
        func = edge.call.func
        return self._made(edge.scope, func.value) if isinstance(func, Attribute) else ()

    def _made(self, scope: ScopeId, queue: Expr) -> tuple[Made, ...]:
        """The calls that make queues, or both ends of a stream, that the expression comes from."""
        found = (one for one in self.origins.of(scope, queue) if isinstance(one, Made))
        return tuple(one for one in found if _is_queue(one.maker.rpartition(".")[2]))


@dataclass(frozen=True, slots=True)
class _Behind:
    """The calls, by their identity, and the local names that some values are made of."""

    calls: Set[int]
    names: Set[str]


def is_queue(methods: Iterable[str]) -> bool:
    """True for a class with methods to put something in and to take it out."""
    names = tuple(methods)
    return any(one.startswith(("put", "enqueue")) for one in names) and any(
        one.startswith((*_TAKING, "dequeue")) for one in names
    )


def _is_queue(maker: str) -> bool:
    return maker.endswith("Queue") or maker in PAIRS


def _same(value: Expr) -> Iterator[Expr]:
    """What a value is in another form: `task` of `task.result()`, `x` of `json.dumps(x)`."""
    match value:
        case Name():
            yield value
        case Await(value=inner) | Attribute(value=inner) | Subscript(value=inner):
            yield from _same(inner)
        case Call(func=Name(id=name) | Attribute(attr=name), args=(inner,)) if _encodes(name):
            yield from _same(inner)
        case Call(func=Attribute(value=inner)):
            yield from _same(inner)


def _encodes(name: str) -> bool:
    return any(word in name for word in _ENCODING)


def _takes(call: Call) -> bool:
    return isinstance(call.func, Attribute) and call.func.attr.startswith(_TAKING) and len(call.args) < 2


def _arrives(edge: Edge, onward: Mapping[ScopeId, Edge]) -> bool:
    return edge.writes or any(target in onward for target in edge.targets)
