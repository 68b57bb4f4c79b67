"""Which event a call carries: as a literal, an enum member, or under a message's type key."""

from collections.abc import Iterator

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.expr import Dict, Expr, Name, walk
from wsconsolidate.model.facts import ScopeKind, ValueBinding
from wsconsolidate.model.program import Edge, Program, ScopeId

_EVENT_KEYS = ("type", "event", "event_type")


class Carrying:
    """Reads the arguments of calls; answers are remembered by call."""

    def __init__(self, program: Program, vocabulary: Vocabulary) -> None:
        self._program = program
        self._vocabulary = vocabulary
        self._known: dict[int, frozenset[str]] = {}
        self._locals: dict[ScopeId, dict[str, list[Expr]]] = {}

    def events(self, edge: Edge) -> frozenset[str]:
        """The critical events among the arguments of a call."""
        key = id(edge)
        if key not in self._known:
            self._known[key] = frozenset(self._carried(edge))
        return self._known[key]

    def _carried(self, edge: Edge) -> Iterator[str]:
        arguments = (*edge.call.args, *(value for _, value in edge.call.keywords))
        for argument in arguments:
            yield from self._event(edge.scope, argument)
            for display in self._messages(edge.scope, argument):
                for key in _EVENT_KEYS:
                    value = display.get(key)
                    if value is not None:
                        yield from self._event(edge.scope, value)

    def _event(self, scope: ScopeId, expr: Expr) -> Iterator[str]:
        value = self._program.lookup.constant(scope, expr)
        event = self._vocabulary.canonical(value) if isinstance(value, str) else None
        if event is not None:
            yield event

    def _messages(self, scope: ScopeId, argument: Expr) -> Iterator[Dict]:
        """The dict displays of an argument, also those bound to a local name before."""
        for part in walk(argument):
            if isinstance(part, Dict):
                yield part
            elif isinstance(part, Name):
                yield from (value for value in self._assigned(scope, part.id) if isinstance(value, Dict))

    def _assigned(self, scope: ScopeId, name: str) -> list[Expr]:
        if scope not in self._locals:
            self._locals[scope] = self._assignments(scope)
        return self._locals[scope].get(name, [])

    def _assignments(self, scope: ScopeId) -> dict[str, list[Expr]]:
        found: dict[str, list[Expr]] = {}
        known = self._program.scope(scope)
        for binding in known.bindings if known and known.kind is ScopeKind.FUNCTION else ():
            if isinstance(binding, ValueBinding) and binding.value is not None:
                found.setdefault(binding.name, []).append(binding.value)
        return found
