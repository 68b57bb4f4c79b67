"""The status of one class for one event: does it emit, delegate, inherit, declare, stub or miss it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from wsconsolidate.model.carrying import Carrying
from wsconsolidate.model.delegation import SINK_MAKERS, is_runtime_emit, is_runtime_emitter
from wsconsolidate.model.event import Coverage, EventStatus, Hop, Vocabulary
from wsconsolidate.model.expr import Attribute, Call, Name, walk
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.naming import is_open_emit, named_event
from wsconsolidate.model.program import Class, ClassId, Edge, Function, FunctionId, Program
from wsconsolidate.model.role import Cast, Role

_SINK_WORDS = (
    "manager",
    "bridge",
    "websocket",
    "socket",
    "ws",
    "sio",
    "hub",
    "connection",
    "emit",
    "send",
    "sink",
)
_LONGEST_WAY = 40


class Coverer:
    """Follows events from the methods of a class through the call graph to the socket."""

    def __init__(self, program: Program, casts: Mapping[ClassId, Cast], vocabulary: Vocabulary) -> None:
        self._program = program
        self._casts = casts
        self._vocabulary = vocabulary
        self._carrying = Carrying(program, vocabulary)
        self._known: dict[tuple[ClassId, str], Coverage] = {}

    def coverage(self, found: Class, event: str) -> Coverage:
        """What the class does for the event."""
        key = (found.id, event)
        if key not in self._known:
            self._known[key] = MISSING  # a class that leads back to itself adds nothing
            self._known[key] = self._decide(found, event)
        return self._known[key]

    def _decide(self, found: Class, event: str) -> Coverage:
        named = [f for f in found.functions.values() if named_event(f.name, self._vocabulary) == event]
        if self._is_protocol(found):
            return self._declared(found, named)
        sent = next(self._sent(found, event, named), None)
        if sent is not None:
            return sent
        stub = next((function for function in named if _does_nothing(function)), None)
        if stub is not None:
            return _at(EventStatus.STUB, stub, stub.line)
        unsent = next(iter(named), None)
        if unsent is not None and not self._generic_below(unsent):
            return _at(EventStatus.MISSING, unsent, unsent.line)
        return self._inherited(found, event) or self._generic(found) or MISSING

    def _is_protocol(self, found: Class) -> bool:
        cast = self._casts.get(found.id)
        return cast is not None and cast.role is Role.PROTOCOL

    def _declared(self, found: Class, named: list[Function]) -> Coverage:
        if named:
            return _at(EventStatus.DECLARES, named[0], named[0].line)
        return self._generic(found) or MISSING

    def _sent(self, found: Class, event: str, named: list[Function]) -> Iterator[Coverage]:
        """Every way in which the class's own methods send the event, those named after it first."""
        others = [function for function in found.functions.values() if function not in named]
        for function in (*named, *others):
            for edge in self._program.calls(function.scope):
                same = self._is_same_event(edge, event)
                hands_on = same and (function in named or self._emits(found, edge))
                if hands_on or event in self._carrying.events(edge):
                    yield from self._followed(found, function, edge)
        for function in named:
            yield from self._passed_on(found, function)
        yield from self._set_by_name(found, event)

    def _set_by_name(self, found: Class, event: str) -> Iterator[Coverage]:
        """Methods that the class gives itself: `setattr(self, f"emit_{event}", send)`."""
        lookup = self._program.lookup
        for function in found.functions.values():
            for edge in self._program.calls(function.scope):
                match edge.call:
                    case Call(func=Name(id="setattr"), args=(_, name, value)):
                        chosen = sorted(lookup.choices(edge.scope, name))
                        given = [one for one in chosen if named_event(one, self._vocabulary) == event]
                        for target in lookup.functions(edge.scope, value) if given else ():
                            yield from self._given(found, function, edge, target, given[0])

    def _given(
        self, found: Class, function: Function, edge: Edge, target: FunctionId, name: str
    ) -> Iterator[Coverage]:
        onward = self._program.onward.get(target)
        if onward is not None:
            covered = self._covered(found, self._program.functions[target], onward)
            hop = Hop(symbol=function.qualname, path=edge.path, line=edge.line)
            flow = (hop, *covered.flow)
            yield replace(covered, via=name, path=function.path, line=function.line, flow=flow)

    def _is_same_event(self, edge: Edge, event: str) -> bool:
        func = edge.call.func
        return isinstance(func, Attribute) and named_event(func.attr, self._vocabulary) == event

    def _emits(self, found: Class, edge: Edge) -> bool:
        """True for a call of another emitter, the bundled one among them."""
        own = {below.id for below in self._program.bases(found)}
        functions = (self._program.functions.get(target) for target in edge.targets)
        owners = {one.owner for one in functions if one is not None and one.owner is not None} - own
        casts = (self._casts.get(owner) for owner in owners)
        return is_runtime_emit(edge) or any(cast is not None and cast.role is Role.EMITTER for cast in casts)

    def _passed_on(self, found: Class, function: Function) -> Iterator[Coverage]:
        """A method named after the event that sends something whose type is decided elsewhere."""
        edge = self._program.onward.get(function.scope)
        if edge is not None:
            yield self._covered(found, function, edge)

    def _followed(self, found: Class, function: Function, edge: Edge) -> Iterator[Coverage]:
        if self._program.arrives(edge):
            yield self._covered(found, function, edge)
        elif is_runtime_emit(edge):
            yield from self._passed_on(found, function)
        elif self._is_open_sink(edge) or any(self._own_open(found, target) for target in edge.targets):
            hop = Hop(symbol=function.qualname, path=edge.path, line=edge.line)
            yield self._coverage(EventStatus.EMITS, function, (hop,), arrives=False)

    def _own_open(self, found: Class, target: object) -> bool:
        """True for a helper of the class itself that hands on to a sink nobody can follow."""
        own = (f for below in self._program.bases(found) for f in below.functions.values() if f.id == target)
        return any(self._is_open_sink(edge) for f in own for edge in self._program.calls(f.scope))

    def _is_open_sink(self, edge: Edge) -> bool:
        """True for a call on an object of unknown type that is called like one who sends."""
        if edge.targets or edge.receiver or edge.constructs:
            return False
        match edge.call.func:
            case Attribute(value=Attribute(attr=owner) | Name(id=owner), attr=method):
                sends = method.lstrip("_").startswith(
                    ("send", "emit", "notify", "broadcast", "publish", "push")
                )
                return (sends and _sounds_like_sink(owner)) or _sounds_like_callback(method, owner)
            case _:
                return False

    def _covered(self, found: Class, function: Function, edge: Edge) -> Coverage:
        hops, outside = self._way(found, function, edge)
        return self._coverage(
            EventStatus.DELEGATES if outside else EventStatus.EMITS, function, hops, arrives=True
        )

    def _way(self, found: Class, function: Function, edge: Edge) -> tuple[tuple[Hop, ...], bool]:
        """The hops from a call to the socket, and whether another class of the program is on the way."""
        own = {below.id for below in self._program.bases(found)}
        hops = [Hop(symbol=function.qualname, path=edge.path, line=edge.line), *self._emitter_between(edge)]
        outside, current, seen = len(hops) > 1, edge, {function.id}
        while not (current.writes or is_runtime_emit(current)) and len(hops) < _LONGEST_WAY:
            step = next(target for target in current.targets if target in self._program.onward)
            if step in seen:
                break
            seen.add(step)
            reached = self._program.functions[step]
            outside = outside or (reached.owner is not None and reached.owner not in own)
            current = self._program.onward[step]
            between = self._emitter_between(current)
            outside = outside or bool(between)
            hops.append(Hop(symbol=reached.qualname, path=current.path, line=current.line))
            hops.extend(between)
        return tuple(hops), outside

    def _emitter_between(self, edge: Edge) -> tuple[Hop, ...]:
        """The runtime's emitter, where the call tells it something, or is the sink that one is made of."""
        if is_runtime_emit(edge):
            return (Hop(symbol=edge.outside or "", path=edge.path, line=edge.line),)
        for maker in self._program.calls(edge.scope):
            func = maker.call.func
            if isinstance(func, Attribute) and func.attr in SINK_MAKERS and _holds(maker.call, edge.call):
                made = self._program.lookup.types(edge.scope, func.value)
                instances = [found for one in made for found in one.args]
                for found in instances:
                    if is_runtime_emitter(self._program, found):
                        symbol = f"{found.name}.{func.attr}"
                        return (Hop(symbol=symbol, path=maker.path, line=maker.line),)
        return ()

    def _coverage(
        self, status: EventStatus, function: Function, flow: tuple[Hop, ...], *, arrives: bool
    ) -> Coverage:
        return Coverage(
            status=status,
            via=function.name,
            path=function.path,
            line=function.line,
            flow=flow,
            arrives=arrives,
        )

    def _inherited(self, found: Class, event: str) -> Coverage | None:
        for id in found.mro.ids[1:]:
            above = self._program.classes.get(id) if id else None
            if above is None or self._is_protocol(above):
                continue
            own = self.coverage(above, event)
            if own.status.covers and own.via is not None:
                function = self._program.method(found, own.via)
                if function is not None and function.owner == above.id:
                    return self._coverage(EventStatus.INHERITS, function, own.flow, arrives=own.arrives)
        return None

    def _generic(self, found: Class) -> Coverage | None:
        offered = [f for below in self._program.bases(found) for f in below.functions.values()]
        has_event_methods = any(named_event(function.name, self._vocabulary) for function in offered)
        for function in offered:
            helper = function.name.startswith("_") and has_event_methods
            if not is_open_emit(function) or helper:
                continue
            if self._is_protocol(found) or self._generic_below(function):
                return _at(EventStatus.GENERIC, function, function.line)
        return None

    def _generic_below(self, function: Function) -> bool:
        """True if the function leads to a socket, or to somebody who may."""
        edges: Iterable[Edge] = self._program.calls(function.scope)
        return function.scope in self._program.onward or any(map(self._is_open_sink, edges))


MISSING = Coverage(status=EventStatus.MISSING, via=None, path=None, line=None, flow=(), arrives=False)


def _at(status: EventStatus, function: Function, line: int) -> Coverage:
    hop = Hop(symbol=function.qualname, path=function.path, line=line)
    return Coverage(
        status=status, via=function.name, path=function.path, line=line, flow=(hop,), arrives=False
    )


def _does_nothing(function: Function) -> bool:
    facts: FunctionFacts = function.facts
    return facts.body is not None and facts.body.stub is not None


def _holds(maker: Call, sink: Call) -> bool:
    """True if a call stands among the arguments of another, or calls one of them."""
    given = maker.args[0] if maker.args else None
    called = sink.func.value if isinstance(sink.func, Attribute) else None
    return given is not None and any(
        part is sink or part is sink.func or part is called for part in walk(given)
    )


def _sounds_like_sink(name: str) -> bool:
    parts = name.strip("_").lower().split("_")
    return any(word in parts or name.lower().endswith(word) for word in _SINK_WORDS)


def _sounds_like_callback(method: str, owner: str) -> bool:
    """`self._send(event, data)` where `_send` is a callable the instance was given."""
    return owner == "self" and method.strip("_") in (
        "send",
        "emit",
        "sink",
        "callback",
        "on_event",
        "event_callback",
    )
