"""Where a class keeps live connections: in attributes, in a container of its module, on the application."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wsconsolidate.model.expr import Attribute, Await, Call, Constant, Expr, Name, Starred, Subscript, walk
from wsconsolidate.model.facts import MODULE_SCOPE, ValueBinding
from wsconsolidate.model.naming import around, own_names, sends_by_name
from wsconsolidate.model.program import (
    Certainty,
    Class,
    ClassId,
    Edge,
    Function,
    FunctionId,
    Program,
    Type,
    ValueTarget,
)
from wsconsolidate.model.sockets import FREE_SENDS

_ADDING = frozenset(("append", "add", "setdefault", "update", "insert", "appendleft"))
_REMOVING = frozenset(("pop", "remove", "discard", "popitem", "clear"))
CHANGING = _ADDING | _REMOVING
GATHERING = frozenset(("list", "tuple", "set", "frozenset", "sorted", "reversed", "enumerate", "dict"))
_TAKING_IN = ("connect", "register", "accept", "create", "open", "join", "attach")
_HANDING = ("send", "put", "enqueue", "push", "publish", "emit", "notify", "write", "broadcast", "post")
_DEEPEST = 4

Own = frozenset[str]
"""What a method calls its instance or its class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a container: what is handed to it, the key first where there is one."""

    place: str
    adds: bool
    line: int
    handed: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class _Within:
    """A function of a class, with what it calls its instance."""

    of: Class
    own: Own
    function: Function


class Keeping:
    """Follows what the methods of a class put into containers, take out of them and write to."""

    def __init__(self, program: Program, is_socket: Callable[[Type], bool]) -> None:
        self._program = program
        self._is_socket = is_socket
        self._names_written: dict[FunctionId, frozenset[str]] = {}
        self._places_given: dict[tuple[FunctionId, ClassId], frozenset[str]] = {}
        self._functions: dict[ClassId, tuple[tuple[Function, Own], ...]] = {}
        self._sent_to: dict[ClassId, frozenset[str]] = {}
        self._inner: dict[tuple[str, str], list[Function]] = {}
        for function in program.functions.values():
            for outer in around(function.facts.qualname):
                self._inner.setdefault((function.path, outer), []).append(function)

    def functions(self, of: Class) -> tuple[tuple[Function, Own], ...]:
        """The methods of a class and the functions inside them."""
        if of.id not in self._functions:
            self._functions[of.id] = tuple(self._read_functions(of))
        return self._functions[of.id]

    def _read_functions(self, of: Class) -> Iterator[tuple[Function, Own]]:
        for method in of.functions.values():
            own = own_names(method.facts, of.name)
            yield method, own
            for inner in self._inner.get((method.path, method.facts.qualname), ()):
                yield inner, own

    def place(self, expr: Expr, own: Own, function: Function) -> str | None:
        """The container that an expression reaches into, at any depth, as one would write it."""
        match expr:
            case Attribute(value=owner, attr=attr):
                return self._of_owner(owner, attr, own, function)
            case Subscript(value=Name(id="app") | Attribute(attr="app"), index=Constant(value=str(key))):
                return f"app[{key!r}]"
            case Subscript(value=Name(id=name)) if name in own:
                return "self"
            case Call(func=Attribute(value=Name(id=name), attr="values" | "items" | "get" | "pop")):
                return "self" if name in own else self.place(Name(name, expr.line), own, function)
            case Call(func=Attribute(attr=attr)) if attr.startswith(_TAKING_IN):
                return None  # what somebody takes in was not there before
            case Subscript(value=value) | Call(func=Attribute(value=value)):
                return self.place(value, own, function)
            case Call(func=Name(id=name), args=(value,)) if name in GATHERING:
                return self.place(value, own, function)
            case Name(id=name) if self._is_of_the_module(name, function):
                return name
            case _:
                return None

    def _of_owner(self, owner: Expr, attr: str, own: Own, function: Function) -> str | None:
        """The place of an attribute: of the instance, of what that holds, or of the application's state."""
        match owner:
            case Name(id=name) if name in own:
                return f"self.{attr}"
            case Attribute(value=Name(id=name), attr=held) if name in own:
                return f"self.{held}.{attr}"
            case Attribute(attr="state"):
                return f"app.state.{attr}"
            case Name(id=name):
                short = self._short_for(name, own, function)
                return f"self.{short}.{attr}" if short else None
            case _:
                return None

    def _short_for(self, name: str, own: Own, function: Function) -> str | None:
        """The attribute that a local name stands for: `state = self.state`."""
        match [one for one in self._program.bindings(function.scope) if one.name == name]:
            case [ValueBinding(value=Attribute(value=Name(id=owner), attr=attr))] if owner in own:
                return attr
            case _:
                return None

    def _is_of_the_module(self, name: str, function: Function) -> bool:
        targets = self._program.lookup.targets(function.scope, Name(name, function.line))
        return any(isinstance(one, ValueTarget) and one.scope.line == MODULE_SCOPE for one in targets)

    def changes(self, function: Function, own: Own) -> Iterator[Change]:
        """Every change of a container that a function makes."""
        body = function.facts.body
        for store in body.stores if body else ():
            match store.target:
                case Subscript(value=container, index=index):
                    itself = isinstance(container, Name) and container.id in own
                    place = "self" if itself else self.place(container, own, function)
                    handed = (index,) if store.value is None else (index, store.value)
                    if place:
                        yield Change(place=place, adds=not store.deletes, line=store.line, handed=handed)
        for site in body.calls if body else ():
            match site.call:
                case Call(func=Attribute(value=container, attr=method), args=args, line=line):
                    place = self.place(container, own, function) if method in CHANGING else None
                    if place:
                        yield Change(place=place, adds=method in _ADDING, line=line, handed=args)

    def fills(self, of: Class, place: str) -> bool:
        """True if the class puts something there, itself or by a method of the container."""
        for function, own in self.functions(of):
            if any(change.adds and change.place == place for change in self.changes(function, own)):
                return True
            for edge in self._program.calls(function.scope):
                func = edge.call.func
                inside = isinstance(func, Attribute) and self.place(func.value, own, function) == place
                if inside and any(self._adds(target) for target in edge.targets):
                    return True
        return False

    def tells_each(self, of: Class, place: str) -> bool:
        """True if the class goes through what is there and sends to one after the other."""
        return any(
            self._home(reached, of) == place
            for function, own in self.functions(of)
            for edge in self._program.calls(function.scope)
            if edge.site.loops and (edge.writes or _is_named_for_sending(edge.call.func))
            for written in self._written(edge)
            for reached in self._reached(written, _Within(of, own, function), 0)
        )

    def _adds(self, target: FunctionId) -> bool:
        """True for a method that puts something into a container of its own instance."""
        method = self._program.functions.get(target)
        own = own_names(method.facts, "") if method else frozenset()
        return method is not None and any(change.adds for change in self.changes(method, own))

    def sent_to(self, of: Class) -> frozenset[str]:
        """The places out of which the class takes what it then writes to, as one writes to a socket."""
        if of.id not in self._sent_to:
            self._sent_to[of.id] = self._read_sent_to(of)
        return self._sent_to[of.id]

    def _read_sent_to(self, of: Class) -> frozenset[str]:
        return frozenset(
            self._home(place, of)
            for function, own in self.functions(of)
            for edge in self._program.calls(function.scope)
            for written in self._written(edge)
            for place in self._reached(written, _Within(of, own, function), 0)
        )

    def _home(self, place: str, of: Class) -> str:
        """The attribute behind a property that only gives it."""
        getter = self._program.method(of, place.removeprefix("self."))
        body = getter.facts.body if getter and getter.owner in of.mro.ids else None
        match body.returns if body else ():
            case (Attribute(value=Name(id=name), attr=attr),) if getter and _is_own(name, getter):
                return f"self.{attr}"
            case _:
                return place

    def outlets(self, of: Class) -> frozenset[str]:
        """The places out of which it takes objects of the program with methods that lead to a socket."""
        return frozenset(
            place
            for function, own in self.functions(of)
            for edge in self._program.calls(function.scope)
            for told in self._told(edge, of)
            for place in self._reached(told, _Within(of, own, function), 0)
        )

    def _told(self, edge: Edge, of: Class) -> Iterator[Expr]:
        """The object of a call that leads to a socket, and what is given to an own helper for that."""
        if isinstance(edge.call.func, Attribute) and self._is_told(edge, of):
            yield edge.call.func.value
        for target in edge.targets if edge.certainty is Certainty.TYPED else ():
            helper = self._program.functions.get(target)
            if helper is None or helper.owner not in of.mro.ids:
                continue
            inner = self._program.calls(helper.scope)
            names = {_root(one.call.func) for one in inner if self._is_told(one, of)}
            yield from (
                argument
                for name, argument in zip(_parameters(helper), edge.call.args, strict=False)
                if name in names
            )

    def _is_told(self, edge: Edge, of: Class) -> bool:
        reached = [target in self._program.onward for target in edge.targets]
        typed = edge.certainty is Certainty.TYPED and 2 * sum(reached) >= len(reached) > 0
        return typed and not any(one.id in of.mro.ids for one in edge.receiver if one.id is not None)

    def _written(self, edge: Edge) -> Iterator[Expr]:
        """What the call writes to: a socket, a queue or a callable of one connection."""
        func = edge.call.func
        if edge.outside in FREE_SENDS:
            yield from edge.call.args[:1]
        elif edge.writes or self.is_outlet(edge) or self.is_of_socket(edge):
            yield func.value if isinstance(func, Attribute) and edge.certainty is not Certainty.KEPT else func
        yield from self._written_by_helper(edge)

    def is_outlet(self, edge: Edge) -> bool:
        """True for `queue.put(x)` where a socket loop drains it, and for a callable left by a connection."""
        if not edge.targets or not self._program.arrives(edge):
            return False
        if edge.certainty is Certainty.KEPT:
            reached = [self._program.functions.get(id) for id in edge.targets]
            of_one = [one for one in reached if one is not None and self._is_of_one_connection(one)]
            return 2 * len(of_one) >= len(reached)
        return edge.certainty is Certainty.QUEUED or self._is_put_by_method(edge)

    def _is_put_by_method(self, edge: Edge) -> bool:
        """True for a method named for it that puts something into the drained queue of its own instance."""
        func = edge.call.func
        named = isinstance(func, Attribute) and func.attr.lstrip("_").startswith(_HANDING)
        reached = [self._program.functions.get(id) for id in edge.targets] if named else []
        putting = sum(one is not None and self._puts_into_its_own(one) for one in reached)
        return edge.certainty is Certainty.TYPED and 2 * putting >= len(reached) > 0

    def _puts_into_its_own(self, method: Function) -> bool:
        own = own_names(method.facts, "")
        edges = self._program.calls(method.scope)
        return any(edge.certainty is Certainty.QUEUED and _root(edge.call.func) in own for edge in edges)

    def is_of_socket(self, edge: Edge) -> bool:
        """True for a method of what stands for a connection from which its socket is reached."""
        receivers = edge.receiver or tuple(self._only_owners(edge))
        sockets = sum(map(self._is_socket, receivers))
        return self._program.arrives(edge) and 2 * sockets >= len(receivers) > 0

    def _only_owners(self, edge: Edge) -> Iterator[Type]:
        """Whose method it must be that is called on something unknown, for there is no other."""
        for target in edge.targets if edge.certainty is Certainty.ONLY_DEFINITION else ():
            function = self._program.functions.get(target)
            if function is not None and function.owner is not None:
                yield Type("", (), function.owner)

    def _is_of_one_connection(self, one: Function) -> bool:
        """True for a function inside another that writes to a socket itself: a closure over that socket."""
        inside = bool(around(one.facts.qualname))
        return inside and any(edge.writes for edge in self._program.calls(one.scope))

    def _written_by_helper(self, edge: Edge) -> Iterator[Expr]:
        """The arguments that a helper writes to: `self._send(connection, message)`."""
        if edge.certainty not in (Certainty.TYPED, Certainty.NAMED):
            return
        for target in edge.targets:
            function = self._program.functions.get(target)
            for name, argument in zip(_parameters(function), edge.call.args, strict=False):
                if function and not isinstance(argument, Starred) and name in self._written_names(function):
                    yield argument

    def _written_names(self, function: Function) -> frozenset[str]:
        """The names that a function writes to, or to what belongs to them: `client["socket"].send(x)`."""
        if function.id not in self._names_written:
            self._names_written[function.id] = frozenset()
            edges = self._program.calls(function.scope)
            roots = (_root(written) for edge in edges for written in self._written(edge))
            self._names_written[function.id] = frozenset(root for root in roots if root is not None)
        return self._names_written[function.id]

    def _reached(self, written: Expr, within: _Within, depth: int) -> frozenset[str]:
        """The places that something is taken from, also by way of local names and of own methods."""
        if isinstance(written, Await):
            written = written.value
        direct = self.place(written, within.own, within.function)
        if direct or depth > _DEEPEST:
            return frozenset((direct,) if direct else ())
        ways = (
            *(self._reached(one, within, depth + 1) for one in self._sources(within.function, written)),
            *(self._given(method, within.of) for method in self._own_methods(written, within)),
        )
        found: frozenset[str] = frozenset().union(*ways)
        return found or frozenset(self._elements(written, within))

    def _own_methods(self, written: Expr, within: _Within) -> Iterator[Function]:
        """The method behind `self.find(key)`, and behind `self.all().values()`."""
        match written:
            case Call(func=Attribute(value=Name(id=name), attr=attr)) if name in within.own:
                method = self._program.method(within.of, attr)
                if method is not None and method.owner in within.of.mro.ids:
                    yield method
            case Call(func=Attribute(value=Call() as inner)) | Subscript(value=Call() as inner):
                yield from self._own_methods(inner, within)

    def _given(self, method: Function, of: Class) -> frozenset[str]:
        """The places out of which a method gives something back, or yields it."""
        key = (method.id, of.id)
        if key not in self._places_given:
            self._places_given[key] = frozenset()
            body, within = method.facts.body, _Within(of, own_names(method.facts, of.name), method)
            loops = [loop.iterable for loop in body.loops] if body and body.yields else []
            ways = (self._reached(one, within, 0) for one in (*(body.returns if body else ()), *loops))
            self._places_given[key] = frozenset().union(*ways)
        return self._places_given[key]

    def _elements(self, written: Expr, within: _Within) -> Iterator[str]:
        """The attribute that holds several of what something belongs to: of `room.members` the rooms."""
        match written:
            case Attribute(value=owner) | Subscript(value=Attribute(value=owner)):
                known = {one.id for one in self._program.lookup.types(within.function.scope, owner) if one.id}
                for id in within.of.mro.ids if known else ():
                    for name, group in self._program.holdings.get(id, {}).items() if id else ():
                        held = (one.id for held in group for kept in held.types for one in _inside(kept))
                        if not known.isdisjoint(held):
                            yield f"self.{name}"

    def _sources(self, function: Function, written: Expr) -> Iterator[Expr]:
        """What the local name in an expression is taken from: the iterable of its loop, or a value."""
        name = _root(written)
        body, scope = function.facts.body, self._program.scope(function.scope)
        loops = [(loop.target, loop.iterable) for loop in body.loops] if body else []
        for target, iterable in (*loops, *(body.comprehensions if body else ())):
            if name in {part.id for part in walk(target) if isinstance(part, Name)}:
                yield iterable
        for binding in scope.bindings if scope else ():
            if binding.name == name and isinstance(binding, ValueBinding) and binding.value is not None:
                yield binding.value


def _is_own(name: str, method: Function) -> bool:
    return name in own_names(method.facts, "")


def _is_named_for_sending(func: Expr) -> bool:
    return isinstance(func, Attribute) and sends_by_name(func.attr)


def _inside(kept: Type) -> Iterator[Type]:
    """What a type has among its arguments: the elements of a container, at any depth."""
    for argument in kept.args:
        yield from argument.mentions()


def _parameters(function: Function | None) -> list[str]:
    """The parameters that a call of the function, bound if it is a method, fills in order."""
    if function is None:
        return []
    names = [parameter.name for parameter in function.facts.parameters]
    bound = function.owner is not None and names[:1] and names[0] in own_names(function.facts, "")
    return names[1:] if bound else names


def _root(expr: Expr) -> str | None:
    match expr:
        case Name(id=name):
            return name
        case Attribute(value=value) | Subscript(value=value) | Call(func=Attribute(value=value)):
            return _root(value)
        case Call(func=Name(id=name), args=(value,)) if name in GATHERING:
            return _root(value)
        case _:
            return None
