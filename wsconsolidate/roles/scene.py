"""What all roles ask of the program: sockets, collections of them, event names, collaborators."""

import re
from collections.abc import Callable, Iterator, Set
from functools import cached_property
from itertools import chain

from wsconsolidate.model.carrying import Carrying
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.naming import message_name, named_event, own_names
from wsconsolidate.model.program import (
    Class,
    ClassId,
    ClassTarget,
    Edge,
    Function,
    Holding,
    OutsideTarget,
    Program,
    ScopeId,
    Type,
)
from wsconsolidate.model.role import Cast, Evidence, Role
from wsconsolidate.model.sockets import FANS_OUT, SERVER_SOCKETS, has_server_socket, is_server_socket
from wsconsolidate.roles.carriers import acting, carriers, subclasses
from wsconsolidate.roles.keeping import Keeping
from wsconsolidate.roles.kept import Kept

COLLECTIONS = frozenset(
    (
        "builtins.dict",
        "builtins.list",
        "builtins.set",
        "builtins.tuple",
        "builtins.frozenset",
        "collections.defaultdict",
        "collections.OrderedDict",
        "collections.deque",
        "collections.abc.Mapping",
        "collections.abc.MutableMapping",
        "collections.abc.MutableSet",
        "collections.abc.Sequence",
        "weakref.WeakSet",
        "weakref.WeakValueDictionary",
        "weakref.WeakKeyDictionary",
    )
)
_STANDING_FOR = frozenset(("typing.Union", "weakref.ref", "weakref.ReferenceType"))
WEBSOCKET_WORD = re.compile(r"web_?socket|(?:^|_|\b)ws(?:$|_|\b)|socket\.?io", re.IGNORECASE)
_SENDING = ("send", "emit", "write", "push", "publish", "broadcast", "notify", "stream")
_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Scene:
    """The program as the roles see it; `casts` grows while roles are decided."""

    def __init__(self, program: Program, vocabulary: Vocabulary) -> None:
        self.program = program
        self.vocabulary = vocabulary
        self.casts: dict[ClassId, Cast] = {}
        self._carrying = Carrying(program, vocabulary)
        wraps = frozenset(id for id, found in program.classes.items() if self._wraps(found))
        self.keeping = Keeping(program, self.is_socket)
        self._kept = Kept(program, self.keeping)
        self._below = subclasses(program)
        self._carriers = carriers(program, wraps, self._below)
        self._acting = acting(program, self._carriers)

    def is_socket(self, found: Type) -> bool:
        """True for a live server-side socket, or a class of the program that stands for one."""
        if found.id in self._carriers:
            return True
        known = self.program.classes.get(found.id) if found.id else None
        return self.is_raw(found) or (known is not None and not self._acting.isdisjoint(known.mro.ids))

    def names_socket(self, scope: ScopeId, expr: Expr) -> bool:
        """True if an expression names the class of a socket, or one that stands for it."""
        for target in self.program.lookup.targets(scope, expr) if isinstance(expr, Name | Attribute) else ():
            match target:
                case OutsideTarget(name=name) if is_server_socket(name):
                    return True
                case ClassTarget(id=id) if self.is_socket(Type("", (), id)):
                    return True
        return False

    def is_raw(self, found: Type) -> bool:
        """True for a framework's own socket, or a class of the program that extends it."""
        known = self.program.classes.get(found.id) if found.id else None
        if known is None:
            return is_server_socket(found.name)
        return known.qualname in SERVER_SOCKETS or has_server_socket(known.lineage - {known.qualname})

    def fans_out(self, found: Type) -> bool:
        """True for a framework's own hub, such as a Socket.IO server, or what extends one."""
        known = self.program.classes.get(found.id) if found.id else None
        return found.name in FANS_OUT or (known is not None and not FANS_OUT.isdisjoint(known.lineage))

    def has_role(self, found: Type, *roles: Role) -> bool:
        """True if the type is a class of the program that was given one of the roles."""
        cast = self.casts.get(found.id) if found.id else None
        return cast is not None and cast.role in roles

    def _wraps(self, found: Class) -> bool:
        holdings = self.program.holdings[found.id].values()
        sockets = [h for group in holdings for h in group if any(self._raw(t) for t in h.types)]
        many = (
            h for group in holdings for h in group if any(is_collection_of(t, self._raw) for t in h.types)
        )
        return bool(sockets) and not any(many) and len(self.event_methods(found)) < 2

    def _raw(self, found: Type) -> bool:
        return found.id is None and is_server_socket(found.name)

    def holdings(self, of: Class) -> Iterator[Holding]:
        """Every attribute assignment of the class itself."""
        for group in self.program.holdings.get(of.id, {}).values():
            yield from group

    def inherited(self, of: Class) -> Iterator[Holding]:
        """Every attribute assignment of the classes above it."""
        for id in of.mro.ids[1:]:
            for group in self.program.holdings.get(id, {}).values() if id else ():
                yield from group

    def connections(self, of: Class) -> dict[str, Holding]:
        """The places, own and inherited, where it keeps several live sockets, and where they are set."""
        found: dict[str, Holding] = {}
        collections: dict[str, Holding] = {}
        for holding in (*self.holdings(of), *self.inherited(of)):
            place = f"self.{holding.attribute}"
            if any(is_collection_of(one, self.is_socket) for one in holding.types):
                found.setdefault(place, holding)
            if any(one.name in COLLECTIONS for one in holding.types):
                collections.setdefault(place, holding)
        if not of.lineage.isdisjoint(COLLECTIONS):
            collections["self"] = _itself(of)
        sent_to = frozenset().union(*map(self.keeping.sent_to, self.keepers(of)))
        for place, holding in self._behind_properties(of, sent_to):
            found.setdefault(place, holding)
        for place in sorted(sent_to & collections.keys()):
            found.setdefault(place, collections[place])
        ways = (self._in_containers, self._elsewhere, self._declared_below)
        for place, holding in chain.from_iterable(way(of, sent_to) for way in ways):
            found.setdefault(place, holding)
        return {
            name: held
            for name, held in found.items()
            if name in sent_to or self._kept.is_kept_for_others(of, name, held)
        }

    def keepers(self, of: Class) -> tuple[Class, ...]:
        """The class, and those above it that send to what is in a container which its body declares."""
        declared = {f"self.{one.attribute}" for one in self._declared(of)}
        above = (self.program.classes.get(id) for id in of.mro.ids[1:] if id and declared)
        using = (one for one in above if one and not declared.isdisjoint(self.keeping.sent_to(one)))
        return (of, *using)

    def _declared(self, of: Class) -> Iterator[Holding]:
        """The containers that the body of a class sets."""
        for holding in self.holdings(of):
            if holding.scope == of.scope and any(one.name in COLLECTIONS for one in holding.types):
                yield holding

    def _declared_below(self, of: Class, sent_to: Set[str]) -> Iterator[tuple[str, Holding]]:
        """The containers to whose elements it sends, and which each class below it declares for itself."""
        for one in self.below(of) if sent_to else ():
            for holding in self._declared(one):
                if f"self.{holding.attribute}" in sent_to:
                    yield f"self.{holding.attribute}", holding

    def _in_containers(self, of: Class, sent_to: Set[str]) -> Iterator[tuple[str, Holding]]:
        """The containers of the program's own classes that it makes, fills, and sends to what is in them."""
        for attribute, group in self.program.holdings.get(of.id, {}).items() if sent_to else ():
            place = f"self.{attribute}"
            made = place in sent_to and any(isinstance(one.value, Call) for one in group)
            types = chain.from_iterable(one.types for one in group)
            kept = (one for one in types if self.has_role(one, Role.MANAGER) and one.id != of.id)
            if made and any(kept) and (self.keeping.fills(of, place) or self.keeping.tells_each(of, place)):
                yield place, group[0]

    def _behind_properties(self, of: Class, sent_to: Set[str]) -> Iterator[tuple[str, Holding]]:
        """The properties that give it a collection of sockets to which it sends."""
        for place in sorted(sent_to):
            name = place.removeprefix("self.")
            function = self.program.method(of, name) if name != place else None
            if function is None or not is_property(function):
                continue
            own = Attribute(Name(function.facts.parameters[0].name, function.line), name, function.line)
            types = self.program.lookup.types(function.scope, own)
            if any(is_collection_of(one, self.is_socket) for one in types):
                yield place, _kept_in(place, function.scope, function.line)

    def _elsewhere(self, of: Class, sent_to: Set[str]) -> Iterator[tuple[str, Holding]]:
        """The containers beside its attributes to which it adds sockets, and removes them or sends."""
        put: dict[str, Holding] = {}
        removed: set[str] = set()
        for function, own in self.keeping.functions(of):
            changes = (one for one in self.keeping.changes(function, own) if not _is_own(one.place))
            for change in changes:
                sent = change.place in sent_to
                if not change.adds:
                    removed.add(change.place)
                elif change.handed and (sent or self._is_put(function, change.handed[-1])):
                    put.setdefault(
                        change.place, _kept_in(change.place, ScopeId(function.path, change.line), change.line)
                    )
        yield from ((place, put[place]) for place in sorted(put.keys() & (removed | sent_to)))

    def _is_put(self, function: Function, value: Expr) -> bool:
        return any(map(self.is_socket, self.program.lookup.types(function.scope, value)))

    def collaborators(self, of: Class) -> Iterator[tuple[Holding, Type]]:
        """The attributes that hold one object, with its type."""
        for holding in self.holdings(of):
            for found in holding.types:
                if found.name not in COLLECTIONS:
                    yield holding, found

    def edges(self, of: Class) -> Iterator[tuple[Function, Edge]]:
        """The calls in the methods of the class, and in the functions inside them."""
        for function, _ in self.keeping.functions(of):
            for edge in self.program.calls(function.scope):
                yield function, edge

    def event_methods(self, of: Class) -> dict[str, Function]:
        """The class's own methods that are named after a critical event, by event."""
        found: dict[str, Function] = {}
        for name, function in of.functions.items():
            event = named_event(name, self.vocabulary)
            if event:
                found.setdefault(event, function)
        return found

    def names_event(self, method: str) -> bool:
        """True for the name of a method such as `notify_agent_started`."""
        return named_event(method, self.vocabulary) is not None

    def sent_events(self, of: Class) -> dict[str, tuple[Function, Edge]]:
        """The critical events that the class hands to a call which leads to a socket, and where."""
        found: dict[str, tuple[Function, Edge]] = {}
        for function, edge in self.edges(of):
            if edge.writes or any(target in self.program.onward for target in edge.targets):
                for event in sorted(self._carrying.events(edge)):
                    found.setdefault(event, (function, edge))
        return found

    def message(self, of: Class, function: Function, edge: Edge) -> str | None:
        """The name of the message that a call of one of its methods hands to a socket, as far as written."""
        name = message_name(edge.call)
        if name is None or not is_named_send(edge.call.func):
            return None
        others = [one for one in edge.receiver if one.id is None or one.id not in of.mro.ids]
        to_socket = edge.writes or any(self.is_socket(one) or self.fans_out(one) for one in others)
        return name if to_socket or self._is_own_emit(of, function, edge) else None

    def _is_own_emit(self, of: Class, function: Function, edge: Edge) -> bool:
        """True for `self.emit(...)` where `emit` is what the instance was given, not a method."""
        match edge.call.func:
            case Attribute(value=Name(id=name), attr="emit") if name in own_names(function.facts, of.name):
                method = self.program.method(of, "emit")
                held = any(
                    holding.attribute == "emit" for holding in (*self.holdings(of), *self.inherited(of))
                )
                return is_property(method) if method else held
            case _:
                return False

    def reaches(self, function: Function) -> bool:
        """True if a call chain leads from the function to a live socket."""
        return function.scope in self.program.onward

    def is_cast(self, one: Class, *roles: Role) -> bool:
        """True if the class was given one of the roles."""
        return one.id in self.casts and self.casts[one.id].role in roles

    def below(self, of: Class) -> tuple[Class, ...]:
        """The classes of the tree that extend this one, directly or not."""
        return tuple(self._below.get(of.id, ()))

    def fitting(self, protocol: Class) -> tuple[Class, ...]:
        """The classes that have every member of a typing.Protocol without extending it."""
        if "typing.Protocol" not in protocol.bases or not protocol.functions:
            return ()
        having = [set(self._defining.get(name, ())) for name in protocol.functions]
        fits = set.intersection(*having) - {protocol.id, *(one.id for one in self.below(protocol))}
        return tuple(self.program.classes[id] for id in sorted(fits))

    @cached_property
    def _defining(self) -> dict[str, list[ClassId]]:
        found: dict[str, list[ClassId]] = {}
        for one in self.program.classes.values():
            for name in one.functions:
                found.setdefault(name, []).append(one.id)
        return found

    def inherited_roles(self, of: Class) -> Iterator[tuple[Role, Class]]:
        """The roles of the classes of the program above this one."""
        for id in of.mro.ids[1:]:
            cast = self.casts.get(id) if id else None
            if cast is not None and id is not None:
                yield cast.role, self.program.classes[id]


def _is_own(place: str) -> bool:
    """True for the instance and its attributes, not for those of what it holds."""
    return place.startswith("self") and place.count(".") < 2


def _itself(of: Class) -> Holding:
    """A class that is the container: a dict of sessions."""
    return _kept_in("self", ScopeId(of.path, of.line), of.line)


def _kept_in(place: str, scope: ScopeId, line: int) -> Holding:
    return Holding(attribute=place, types=(), value=None, annotation=None, scope=scope, line=line)


_DOUBLE = frozenset(("fake", "mock", "stub", "dummy", "spy", "recording", "stubbed", "mocked"))


def doubled(found: Class, role: Role, scene: Scene) -> Iterator[Evidence]:
    """Evidence that a class of the tests stands in for one that has the role: it offers the same members."""
    if not found.in_tests or not _DOUBLE & set(words(found.name)):
        return
    own = {name for name in found.functions if not name.startswith("_")}
    for id, cast in scene.casts.items():
        original = scene.program.classes[id]
        if cast.role is role and not original.in_tests and len(own) > 1 and own <= set(original.functions):
            detail = f"offers the members of {original.qualname}"
            yield Evidence(kind="doubles", detail=detail, path=found.path, line=found.line)
            return


def is_named_send(func: Expr) -> bool:
    """True for `x.send_json`, `x._emit` and the like."""
    return isinstance(func, Attribute) and func.attr.lstrip("_").startswith(_SENDING)


def is_collection_of(found: Type, wanted: Callable[[Type], bool]) -> bool:
    """True if the type is a collection of such elements, or of collections of them.

    Of what it may hold of the program's classes at least half must be wanted: a pipeline with one socket
    among its parts keeps no connections.
    """
    if found.name not in COLLECTIONS:
        return False
    elements = [one for argument in found.args for one in _options(argument)]
    fitting = [one for one in elements if wanted(one) or is_collection_of(one, wanted)]
    others = [one for one in elements if one.id is not None and one not in fitting]
    return len(fitting) > 0 and len(fitting) >= len(others)


def _options(argument: Type) -> tuple[Type, ...]:
    return argument.args if argument.name in _STANDING_FOR else (argument,)


def words(name: str) -> tuple[str, ...]:
    """`WebSocketManager` -> (web, socket, manager)."""
    return tuple(_CAPITALS.sub("_", name).lower().strip("_").split("_"))


def mentions_websocket(value: str | None) -> bool:
    """True if a name or text speaks of WebSockets."""
    return bool(value) and WEBSOCKET_WORD.search(_CAPITALS.sub("_", value or "")) is not None


def is_property(function: Function) -> bool:
    """True for a method that is read like an attribute."""
    names = {"property", "cached_property"}
    return any(isinstance(one, Name) and one.id in names for one in function.facts.decorators)
