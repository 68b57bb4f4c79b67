"""Where a value comes from: followed back through names, arguments, attributes, containers and results."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.deferred import WRAPPING
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.names import Names
from wsconsolidate.link.types import Types
from wsconsolidate.link.writing import is_property, iterables
from wsconsolidate.model.expr import (
    Attribute,
    Await,
    Call,
    Choice,
    Comprehension,
    Container,
    Dict,
    Expr,
    Name,
    Opaque,
    Subscript,
    dotted,
)
from wsconsolidate.model.facts import MODULE_SCOPE, Body, OtherBinding, ScopeKind, ValueBinding
from wsconsolidate.model.program import (
    ClassId,
    FunctionId,
    FunctionTarget,
    ScopeId,
    Target,
    Type,
    ValueTarget,
)
from wsconsolidate.model.sockets import FANS_OUT, SEND_METHODS, is_server_socket

_MOST_STEPS = 120
_TAKING = frozenset(("get", "pop", "popleft", "setdefault", "popitem", "values", "items", "copy"))
PAIRS = frozenset(("create_memory_object_stream", "open_memory_channel"))
"""What makes both ends of a stream, of anyio and of trio."""
_GATHERING = frozenset(("list", "tuple", "set", "frozenset", "sorted", "reversed", "enumerate", "iter"))


@dataclass(frozen=True, slots=True)
class Made:
    """A call that makes something of a class or of a library, told by where it stands."""

    path: str
    line: int
    maker: str


@dataclass(frozen=True, slots=True)
class SendOf:
    """The method of a live socket that writes to it: `websocket.send_json`."""

    method: str


Origin = FunctionId | Made | SendOf


class Place(NamedTuple):
    """An expression in its scope; `held` asks for what it holds, not for itself."""

    scope: ScopeId
    expr: Expr
    held: bool


class Origins:
    """Follows values back to where they come from."""

    def __init__(self, names: Names, types: Types, attributes: Attributes, lineage: Lineage) -> None:
        self._names = names
        self._types = types
        self._attributes = attributes
        self._lineage = lineage
        self._open: set[tuple[ScopeId, int]] = set()

    def of(self, scope: ScopeId, expr: Expr) -> tuple[Origin, ...]:
        """The functions, calls and methods of sockets that the expression's value may come from."""
        key = (scope, id(expr))
        if key in self._open:
            return ()
        self._open.add(key)
        found = self._followed(Place(scope, expr, False))
        self._open.discard(key)
        return found

    def _followed(self, start: Place) -> tuple[Origin, ...]:
        found: dict[Origin, None] = {}
        pending, seen = deque([start]), {_key(start)}
        while pending and len(seen) < _MOST_STEPS:
            for one in self._step(*pending.popleft()):
                if not isinstance(one, Place):
                    found.setdefault(one)
                elif _key(one) not in seen:
                    seen.add(_key(one))
                    pending.append(one)
        return tuple(found)

    def _step(self, scope: ScopeId, expr: Expr, held: bool) -> Iterator[Origin | Place]:
        match expr:
            case Name():
                yield from self._name(scope, expr, held)
            case Attribute(value=owner, attr=attr):
                yield from self._attribute(scope, owner, attr, held)
            case Await(value=value):
                yield Place(scope, value, held)
            case Choice(options=options) | Opaque(syntax="IfExp", parts=(_, Choice(options=options))):
                yield from (Place(scope, option, held) for option in options)
            case Subscript(value=value):
                yield Place(scope, value, True)
            case Call():
                yield from self._call(scope, expr, held)
            case Container(items=items) if held:
                yield from (Place(scope, item, False) for item in items)
            case Dict(items=items) if held:
                yield from (Place(scope, value, False) for _, value in items)
            case Comprehension(element=element) if held:
                yield Place(scope, element, False)

    def _name(self, scope: ScopeId, name: Name, held: bool) -> Iterator[Origin | Place]:
        for around in self._names.outwards(scope):
            for where, value in self._types.passed.get((FunctionId(*around), name.id), ()):
                yield Place(where, value, held)
            body = body_at(self._names, around)
            for iterable in iterables(body, name.id) if body else ():
                yield Place(around, iterable, True)
            for binding in self._names.bindings(around, name.id):
                match binding:
                    case OtherBinding(how="with", source=source) if source:
                        yield Place(around, source, held)
                    case OtherBinding(how="unpacking", source=source) if source:
                        yield Place(around, source, True)
        yield from self._targets(self._names.targets(scope, name), held)

    def _targets(self, targets: Iterable[Target], held: bool) -> Iterator[Origin | Place]:
        for target in targets:
            match target:
                case FunctionTarget(id=id) if not held:
                    yield id
                case ValueTarget(scope=where, value=value, line=line) if value is not None:
                    yield Place(where, value, held)
                    for put in self._attributes.put_at(where, line) if held else ():
                        yield Place(put.scope, put.value, False)

    def _attribute(self, scope: ScopeId, owner: Expr, attr: str, held: bool) -> Iterator[Origin | Place]:
        owners = self._types.of(scope, owner)
        hubs = attr == "group_send" and any(found.name in FANS_OUT for found in owners)
        if hubs or (attr in SEND_METHODS and any(map(self._is_socket, owners))):
            yield SendOf(attr)
        for found in owners:
            if found.id is None:
                continue
            method = self._types.method(found.id, attr)
            if method is None or is_property(method.facts):
                yield from self._stored(found.id, attr, held)
            elif not held:
                yield method.id
        if not owners:
            yield from self._targets(self._names.targets(scope, Attribute(owner, attr, owner.line)), held)

    def _is_socket(self, found: Type) -> bool:
        above = self._lineage.mro(found.id).names if found.id else (found.name,)
        return any(is_server_socket(name) for name in above)

    def _stored(self, id: ClassId, attr: str, held: bool) -> Iterator[Place]:
        """What was put into an attribute, by the class, those above it, or from outside."""
        for above in self._lineage.mro(id).ids:
            for assignment in self._attributes.of(above, attr) if above else ():
                if assignment.value is not None:
                    yield Place(assignment.scope, assignment.value, held)
            for put in self._attributes.put_into(above, attr) if above and held else ():
                yield Place(put.scope, put.value, False)

    def _call(self, scope: ScopeId, call: Call, held: bool) -> Iterator[Origin | Place]:
        match call:
            case Call(func=Name(id=name) | Attribute(attr=name), args=(inner, *_)) if name in WRAPPING:
                yield from () if held else (Place(scope, inner, False),)
                return
            case Call(
                func=Name(id="wait_for" | "shield") | Attribute(attr="wait_for" | "shield"), args=(inner, *_)
            ):
                yield Place(scope, inner, held)
                return
            case Call(func=Attribute(value=Call() as inner, attr="__aenter__" | "__enter__")):
                yield Place(scope, inner, held)
                return
            case Call(func=Attribute(value=value, attr=attr)) if attr in _TAKING:
                yield Place(scope, value, True)
            case Call(func=Name(id=name), args=(inner,)) if name in _GATHERING:
                yield Place(scope, inner, True)
        makers = [one for one in self.of(scope, call.func) if isinstance(one, FunctionId)]
        for maker in makers:
            yield from (Place(maker, value, held) for value in self._given_back(maker))
        made = dotted(call.func.value if isinstance(call.func, Subscript) else call.func) or ""
        if not makers and (not held or made.rpartition(".")[2] in PAIRS):
            yield Made(scope.path, call.line, made)

    def _given_back(self, maker: FunctionId) -> Iterator[Expr]:
        """What a function returns; of a generator, which may be a context manager, what it has made."""
        body = self._names.function_facts(maker).body
        yield from body.returns if body else ()
        known = self._names.scope(maker) if body and body.yields else None
        for binding in known.bindings if known else ():
            if isinstance(binding, ValueBinding) and binding.value is not None:
                yield binding.value


def body_at(names: Names, scope: ScopeId) -> Body | None:
    """What the code of a scope does; None for the body of a class, or where none was extracted."""
    if scope.line == MODULE_SCOPE:
        return names.module_at(scope.path).facts.main
    known = names.scope(scope)
    is_function = known is not None and known.kind is ScopeKind.FUNCTION
    return names.function_facts(FunctionId(*scope)).body if is_function else None


def _key(place: Place) -> tuple[ScopeId, int, bool]:
    return place.scope, id(place.expr), place.held
