"""Which event a call carries: a literal, an enum member, under a type key, or in the name that it calls."""

from collections.abc import Iterator
from dataclasses import dataclass

from wsconsolidate.model.event import EVENT_KEYS, Vocabulary
from wsconsolidate.model.expr import Attribute, Call, Dict, Expr, Name, walk
from wsconsolidate.model.facts import ScopeKind, ValueBinding
from wsconsolidate.model.naming import named_event
from wsconsolidate.model.program import Edge, Program, ScopeId


class Carrying:
    """Reads the arguments of calls; answers are remembered by call."""

    def __init__(self, program: Program, vocabulary: Vocabulary) -> None:
        self._program = program
        self._vocabulary = vocabulary
        self._known: dict[int, frozenset[str]] = {}
        self._locals: dict[ScopeId, dict[str, _Assigned]] = {}

    def events(self, edge: Edge) -> frozenset[str]:
        """The critical events among the arguments of a call."""
        key = id(edge)
        if key not in self._known:
            self._known[key] = frozenset(self._carried(edge))
        return self._known[key]

    def _carried(self, edge: Edge) -> Iterator[str]:
        yield from self._chosen(edge)
        for argument in edge.call.arguments:
            yield from self._named(edge.scope, argument)
            for message in (*self._messages(edge.scope, argument), *self._typed(edge.scope, argument)):
                for key in EVENT_KEYS:
                    value = message.get(key)
                    if value is not None:
                        yield from self._named(edge.scope, value)

    def _chosen(self, edge: Edge) -> Iterator[str]:
        """The events of `getattr(emitter, f"emit_{event}")(...)` for every name that it may be."""
        match edge.call.func:
            case Call(func=Name(id="getattr"), args=(_, name, *_)):
                for chosen in sorted(self._program.lookup.choices(edge.scope, name)):
                    event = named_event(chosen, self._vocabulary)
                    if event is not None:
                        yield event

    def _named(self, scope: ScopeId, expr: Expr) -> Iterator[str]:
        for value in sorted(self._program.lookup.choices(scope, expr)):
            event = self._vocabulary.canonical(value)
            if event is not None:
                yield event

    def event(self, scope: ScopeId, expr: Expr) -> str | None:
        """The critical event that an expression names, None where it names none."""
        value = self._program.lookup.constant(scope, expr)
        return self._vocabulary.canonical(value) if isinstance(value, str) else None

    def frames(self, edge: Edge) -> Iterator[tuple[Dict, Expr]]:
        """The messages among the arguments of a call that name their event, each with that name."""
        for argument in edge.call.arguments:
            for display in self._messages(edge.scope, argument):
                name = next((named for key in EVENT_KEYS if (named := display.get(key))), None)
                if name is not None:
                    yield display, name

    def _messages(self, scope: ScopeId, argument: Expr) -> Iterator[Dict]:
        """The dicts written in an argument, also those bound to a local name before."""
        for part in walk(argument):
            if isinstance(part, Name):
                yield from self._assigned(scope, part.id).displays
            elif (display := _display(part)) is not None:
                yield display

    def _typed(self, scope: ScopeId, argument: Expr) -> Iterator[Dict]:
        """The messages that are made by a class, `Envelope(type=event)`, with their keywords as keys."""
        for part in walk(argument):
            if isinstance(part, Name):
                yield from self._assigned(scope, part.id).made
            else:
                yield from _made(part)

    def _assigned(self, scope: ScopeId, name: str) -> "_Assigned":
        if scope not in self._locals:
            self._locals[scope] = self._assignments(scope)
        return self._locals[scope].get(name, _NOTHING)

    def _assignments(self, scope: ScopeId) -> "dict[str, _Assigned]":
        found: dict[str, _Assigned] = {}
        known = self._program.scope(scope)
        for binding in known.bindings if known and known.kind is ScopeKind.FUNCTION else ():
            if isinstance(binding, ValueBinding) and binding.value is not None:
                assigned = found.setdefault(binding.name, _Assigned([], []))
                display = _display(binding.value)
                assigned.displays.extend([display] if display is not None else ())
                assigned.made.extend(_made(binding.value))
        return found


@dataclass(frozen=True, slots=True)
class _Assigned:
    """The messages that a local name is bound to: those written as dicts, and those that classes make."""

    displays: list[Dict]
    made: list[Dict]


_NOTHING = _Assigned([], [])


def _made(value: Expr) -> Iterator[Dict]:
    return (call.as_dict() for call in walk(value) if isinstance(call, Call) and _makes(call))


def _display(value: Expr) -> Dict | None:
    """`{"type": event}`, also where it is written as `dict(type=event)`."""
    match value:
        case Dict():
            return value
        case Call(func=Name(id="dict"), args=()):
            return value.as_dict()
        case _:
            return None


def _makes(call: Call) -> bool:
    """True for a call with keywords of what is a class by its name."""
    match call:
        case Call(func=Name(id=name) | Attribute(attr=name), args=(), keywords=(_, *_)):
            return name[:1].isupper()
    return False
