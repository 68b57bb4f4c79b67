"""Who calls whom: each call site with the functions it may reach."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from wsconsolidate.link.callbacks import Callbacks
from wsconsolidate.link.choices import Choices
from wsconsolidate.link.containers import is_class_object
from wsconsolidate.link.deferred import deferred
from wsconsolidate.link.names import Names
from wsconsolidate.link.origins import body_at
from wsconsolidate.link.types import Types
from wsconsolidate.link.writing import has_decorator, is_property, is_super, iterables, opens
from wsconsolidate.model.delegation import BUNDLED_EMITTERS, SINK_MAKERS, makes_from_sinks
from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Name, Starred, Subscript
from wsconsolidate.model.facts import Body, CallSite, FunctionFacts, ParameterKind, Use
from wsconsolidate.model.program import (
    Certainty,
    Class,
    ClassId,
    ClassTarget,
    Edge,
    Function,
    FunctionId,
    FunctionTarget,
    OutsideTarget,
    ScopeId,
    Target,
    Type,
    ValueTarget,
)
from wsconsolidate.model.sockets import (
    FAN_OUT_METHODS,
    FANS_OUT,
    FREE_SENDS,
    SEND_METHODS,
    SOCKET_NAMES,
    UNMISTAKABLE_SENDS,
    has_server_socket,
    is_asgi_send,
)

_PROTOCOL = "typing.Protocol"
_CONNECTED = frozenset(
    ("ws", "websocket", "socket", "sock", "conn", "connection", "client", "peer", "session")
)
"""Words of an attribute from which, at some distance, a method like `send_text` is taken for a socket's."""
_MOST_SENT = 2
"""A socket is handed a message and how to send it; what takes more, such as an address, is none."""


class Edges:
    """Resolves call sites against the classes and types of the program."""

    def __init__(
        self,
        names: Names,
        types: Types,
        choices: Choices,
        callbacks: Callbacks,
    ) -> None:
        self._names = names
        self._types = types
        self._choices = choices
        self._callbacks = callbacks
        self._classes: dict[ClassId, Class] = {}
        self._defining: dict[str, list[Class]] = {}
        self._below: dict[ClassId, list[Class]] = {}

    def add(self, classes: Iterable[Class]) -> None:
        """Count these classes among those that calls may reach."""
        for found in classes:
            self._classes[found.id] = found
            for name in found.functions:
                self._defining.setdefault(name, []).append(found)
            for ancestor in found.mro.ids[1:]:
                if ancestor is not None:
                    self._below.setdefault(ancestor, []).append(found)

    def of(self, body: Body, scope: ScopeId) -> tuple[Edge, ...]:
        """The edges of one body, in source order; what is handed over to be called counts as called."""
        sites = (one for site in body.calls for one in (site, *deferred(site), *self._sink(scope, site)))
        return tuple(self._edge(site, scope) for site in sites)

    def _sink(self, scope: ScopeId, site: CallSite) -> Iterator[CallSite]:
        """The call that an emitter will make of the function that it is given here."""
        func = site.call.func
        if not (isinstance(func, Attribute) and func.attr in SINK_MAKERS and site.call.args):
            return
        if not any(self._is_emitter(found) for found in self._types.of(scope, func.value)):
            return
        given = site.call.args[0]
        sink = Attribute(given, "send_json", given.line) if func.attr == "for_socket" else _called(given)
        if isinstance(sink, Name | Attribute):
            yield replace(site, call=Call(sink, (), (), given.line), use=Use.NESTED)

    def _is_emitter(self, found: Type) -> bool:
        """True for the bundled emitter, or a copy of it, as a class."""
        made = found.args[0] if is_class_object(found) else found
        known = self._classes.get(made.id) if made.id else None
        return made.name in BUNDLED_EMITTERS or (known is not None and makes_from_sinks(known))

    def _edge(self, site: CallSite, scope: ScopeId) -> Edge:
        func = site.call.func
        receiver = self._types.of(scope, func.value) if isinstance(func, Attribute) else ()
        methods = self._methods(scope, receiver, func) if isinstance(func, Attribute) else ()
        named = () if methods else self._named(scope, func)
        targets = methods or tuple(t.id for t in named if isinstance(t, FunctionTarget))
        targets = targets or tuple(self._by_name(scope, func))
        constructs = self._constructs(scope, func, named)
        outside = _outside(named, receiver, func) if not (targets or constructs) else None
        certainty = Certainty.TYPED if methods else Certainty.NAMED if targets or constructs else None
        writes = outside in FREE_SENDS or self._writes(scope, receiver, site.call, targets)
        if not (targets or constructs or writes) and _may_be_handed_over(func, receiver, named):
            targets, writes = self._callbacks.of(scope, func), self._callbacks.writes(scope, func)
            certainty = self._handing(scope, func) if targets else None
        if not (targets or constructs or outside) and not receiver and isinstance(func, Attribute):
            targets = self._only_definition(func.attr)
            certainty = Certainty.ONLY_DEFINITION if targets else None
        return Edge(
            scope=scope,
            site=site,
            targets=targets,
            constructs=constructs,
            receiver=receiver,
            outside=outside,
            certainty=certainty,
            writes=writes,
        )

    def _handing(self, scope: ScopeId, func: Expr) -> Certainty:
        """Whether the function was handed over alone, or kept with others of its kind."""
        if isinstance(func, Subscript | Call):
            return Certainty.KEPT
        body = body_at(self._names, scope) if isinstance(func, Name) else None
        looped = body is not None and isinstance(func, Name) and any(iterables(body, func.id))
        return Certainty.KEPT if looped else Certainty.HANDED_OVER

    def _by_name(self, scope: ScopeId, func: Expr) -> Iterator[FunctionId]:
        """The methods of `getattr(owner, name)(...)` for every name that it may be."""
        match func:
            case Call(func=Name(id="getattr"), args=(owner, name, *_)):
                receiver = self._types.of(scope, owner)
                for chosen in sorted(self._choices.of(scope, name)) if receiver else ():
                    yield from self._methods(scope, receiver, Attribute(owner, chosen, func.line))

    def _writes(
        self, scope: ScopeId, receiver: tuple[Type, ...], call: Call, targets: tuple[FunctionId, ...]
    ) -> bool:
        """True if the call hands data to a live socket, by its type or an unmistakable name or message."""
        if is_asgi_send(call):
            return True
        func = call.func
        if not isinstance(func, Attribute):
            return False
        lineages = [self._ancestors(found) for found in receiver]
        if any(map(has_server_socket, lineages)):
            return func.attr in SEND_METHODS
        if any(names & FANS_OUT for names in lineages):
            return func.attr in FAN_OUT_METHODS
        fits = len(call.args) <= _MOST_SENT and self._looks_like_socket(scope, func)
        if receiver or targets or not fits:
            return False
        return not self._is_opened(scope, func.value)

    def _looks_like_socket(self, scope: ScopeId, func: Attribute) -> bool:
        """True if, where no type is known, the method or who offers it can hardly be anything else."""
        owner = _last_word(func.value)
        if owner is not None and owner.lower().lstrip("_") in SOCKET_NAMES and func.attr in SEND_METHODS:
            return not self._types.hints.makes_clients(scope.path)
        if func.attr == "sendMessage":
            return self._types.hints.serves_autobahn(scope.path)
        far = isinstance(func.value, Attribute) and not isinstance(func.value.value, Name)
        return func.attr in UNMISTAKABLE_SENDS and not (far and _CONNECTED.isdisjoint(_words(owner)))

    def _is_opened(self, scope: ScopeId, owner: Expr) -> bool:
        """True for what a `with` statement or a call such as `connect()` gives: a client's socket."""
        bindings = self._names.bindings(scope, owner.id) if isinstance(owner, Name) else ()
        return any(map(opens, bindings)) or self._callbacks.is_opened(scope, owner)

    def _ancestors(self, found: Type) -> frozenset[str]:
        known = self._classes.get(found.id) if found.id else None
        return known.lineage if known else frozenset((found.name,))

    def _named(self, scope: ScopeId, func: Expr) -> tuple[Target, ...]:
        return self._names.targets(scope, func) if isinstance(func, Name | Attribute) else ()

    def _constructs(self, scope: ScopeId, func: Expr, named: tuple[Target, ...]) -> tuple[ClassId, ...]:
        direct = tuple(target.id for target in named if isinstance(target, ClassTarget))
        if direct:
            return direct
        made = (found.args[0].id for found in self._types.of(scope, func) if is_class_object(found))
        return tuple(id for id in made if id is not None)

    def _methods(self, scope: ScopeId, receiver: tuple[Type, ...], func: Attribute) -> tuple[FunctionId, ...]:
        if is_super(func.value):
            above = self._types.super_method(scope, func.attr)
            return (above.id,) if above else ()
        instances = (found.args[0] if is_class_object(found) else found for found in receiver)
        found = (self._reached(instance.id, func.attr) for instance in instances if instance.id is not None)
        return tuple(dict.fromkeys(chain.from_iterable(found)))

    def _reached(self, id: ClassId, name: str) -> Iterator[FunctionId]:
        """The method found on the class; where it only declares, those that implement it."""
        method = self._types.method(id, name)
        if method is not None and not is_property(method.facts):
            yield method.id
        if method is None or _declares(method):
            for implementer in self._implementers(id):
                if name in implementer.functions:
                    yield implementer.functions[name].id

    def _implementers(self, id: ClassId) -> Iterator[Class]:
        yield from self._below.get(id, ())
        declared = self._classes.get(id)
        if declared is None or _PROTOCOL not in declared.bases:
            return
        members = set(declared.functions)
        for candidate in self._defining.get(next(iter(members), ""), ()):
            if (
                candidate.id != id
                and members <= set(candidate.functions)
                and _PROTOCOL not in candidate.bases
            ):
                yield candidate

    def _only_definition(self, name: str) -> tuple[FunctionId, ...]:
        """The one method of this name outside of tests and protocols, where there is just one."""
        if "_" not in name.strip("_"):
            return ()
        owners = [
            owner
            for owner in self._defining.get(name, ())
            if not owner.in_tests and _PROTOCOL not in owner.bases
        ]
        alone = len(owners) == 1 and not any(
            self._names.defines_method(one, name) for one in self._names.far.defining(name)
        )
        return (owners[0].functions[name].id,) if alone else ()


def _last_word(owner: Expr) -> str | None:
    """`websocket` of `session.websocket` and of `session["websocket"]`; None of a plain name."""
    match owner:
        case Attribute(attr=attr):
            return attr
        case Subscript(index=Constant(value=str(key))):
            return key
        case _:
            return None


def _words(name: str | None) -> list[str]:
    return (name or "").lower().split("_")


def _called(given: Expr) -> Expr:
    """What is called when a function is: of `partial(f, x)` it is `f`."""
    match given:
        case Call(func=Name(id="partial") | Attribute(attr="partial"), args=(inner, *_)):
            return inner
        case _:
            return given


def _declares(method: Function) -> bool:
    """True for a method whose own body does nothing."""
    return method.facts.body is None or method.facts.body.stub is not None


def _may_be_handed_over(func: Expr, receiver: tuple[Type, ...], named: tuple[Target, ...]) -> bool:
    """True for what may hold a function that was put there: a name, an attribute, an element."""
    match func:
        case Name():
            return all(isinstance(target, ValueTarget) for target in named)
        case Attribute():
            return not named and not any(found.id is None for found in receiver)
        case Subscript() | Call(func=Attribute(attr="get" | "pop")):
            return True
        case _:
            return False


def _outside(named: tuple[Target, ...], receiver: tuple[Type, ...], func: Expr) -> str | None:
    for target in named:
        if isinstance(target, OutsideTarget):
            return target.name
    for found in receiver:
        if found.id is None and isinstance(func, Attribute):
            return f"{found.name}.{func.attr}"
    return None


def passed_arguments(
    edges: Mapping[ScopeId, tuple[Edge, ...]],
    functions: Mapping[ScopeId, Function],
    classes: Mapping[ClassId, Class],
) -> dict[tuple[FunctionId, str], list[tuple[ScopeId, Expr]]]:
    """For each parameter, the expressions that callers pass to it."""
    passed: dict[tuple[FunctionId, str], list[tuple[ScopeId, Expr]]] = {}
    for edge in chain.from_iterable(edges.values()):
        for target in _callees(edge, classes):
            function = functions.get(target)
            if function is None:
                continue
            bound = function.owner is not None and not has_decorator(function.facts, "staticmethod")
            for name, argument in matched(edge.call, function.facts, skip_first=bound):
                if edge.certainty is not Certainty.ONLY_DEFINITION or _is_itself(argument, edge, functions):
                    passed.setdefault((target, name), []).append((edge.scope, argument))
    return passed


def _is_itself(argument: Expr, edge: Edge, functions: Mapping[ScopeId, Function]) -> bool:
    """True for the `self` of a method: what registers itself with somebody of whom nothing is known."""
    caller = functions.get(edge.scope)
    if caller is None or caller.owner is None or not caller.facts.parameters:
        return False
    return isinstance(argument, Name) and argument.id == caller.facts.parameters[0].name


def _callees(edge: Edge, classes: Mapping[ClassId, Class]) -> Iterator[FunctionId]:
    if edge.certainty in (Certainty.NAMED, Certainty.TYPED, Certainty.ONLY_DEFINITION):
        yield from edge.targets
    for id in edge.constructs:
        found = classes.get(id)
        if found is not None and "__init__" in found.functions:
            yield found.functions["__init__"].id


def matched(call: Call, facts: FunctionFacts, *, skip_first: bool) -> Iterator[tuple[str, Expr]]:
    """(parameter, argument) pairs of a call, as far as they can be told without unpacking."""
    positional = [
        parameter.name
        for parameter in facts.parameters
        if parameter.kind in (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL)
    ][1 if skip_first else 0 :]
    for name, argument in zip(positional, call.args, strict=False):
        if isinstance(argument, Starred):
            break
        yield name, argument
    known = {parameter.name for parameter in facts.parameters}
    yield from ((name, value) for name, value in call.keywords if name in known and name is not None)
