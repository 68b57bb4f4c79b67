"""Where a class keeps live connections: in attributes, in a container of its module, on the application."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Name, Starred, Subscript, walk
from wsconsolidate.model.facts import MODULE_SCOPE, ValueBinding
from wsconsolidate.model.naming import around, own_names
from wsconsolidate.model.program import Certainty, Class, Edge, Function, Program, Type, ValueTarget
from wsconsolidate.model.sockets import FREE_SENDS

_ADDING = frozenset(("append", "add", "setdefault", "update", "insert", "appendleft"))
_REMOVING = frozenset(("pop", "remove", "discard", "popitem", "clear"))
_GATHERING = frozenset(("list", "tuple", "set", "frozenset", "sorted", "reversed", "enumerate", "dict"))
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


class Keeping:
    """Follows what the methods of a class put into containers, take out of them and write to."""

    def __init__(self, program: Program, is_socket: Callable[[Type], bool]) -> None:
        self._program = program
        self._is_socket = is_socket
        self._inner: dict[tuple[str, str], list[Function]] = {}
        for function in program.functions.values():
            for outer in around(function.facts.qualname):
                self._inner.setdefault((function.path, outer), []).append(function)

    def functions(self, of: Class) -> Iterator[tuple[Function, Own]]:
        """The methods of a class and the functions inside them."""
        for method in of.functions.values():
            own = own_names(method.facts, of.name)
            yield method, own
            for inner in self._inner.get((method.path, method.facts.qualname), ()):
                yield inner, own

    def place(self, expr: Expr, own: Own, function: Function) -> str | None:
        """The container that an expression reaches into, at any depth, as one would write it."""
        match expr:
            case Attribute(value=Name(id=name), attr=attr) if name in own:
                return f"self.{attr}"
            case Attribute(value=Attribute(attr="state"), attr=attr):
                return f"app.state.{attr}"
            case Subscript(value=Name(id="app") | Attribute(attr="app"), index=Constant(value=str(key))):
                return f"app[{key!r}]"
            case Subscript(value=Name(id=name)) if name in own:
                return "self"
            case Call(func=Attribute(value=Name(id=name), attr="values" | "items" | "get" | "pop")):
                return "self" if name in own else self.place(Name(name, expr.line), own, function)
            case Subscript(value=value) | Call(func=Attribute(value=value)):
                return self.place(value, own, function)
            case Call(func=Name(id=name), args=(value,)) if name in _GATHERING:
                return self.place(value, own, function)
            case Name(id=name) if self._is_of_the_module(name, function):
                return name
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
                    place = self.place(container, own, function) if method in _ADDING | _REMOVING else None
                    if place:
                        yield Change(place=place, adds=method in _ADDING, line=line, handed=args)

    def sent_to(self, of: Class) -> frozenset[str]:
        """The places out of which the class takes what it then writes to, as one writes to a socket."""
        return frozenset(
            place
            for function, own in self.functions(of)
            for edge in self._program.edges.get(function.scope, ())
            for written in self._written(edge)
            if (place := self._reached(written, own, function, 0)) is not None
        )

    def outlets(self, of: Class) -> frozenset[str]:
        """The places out of which it takes objects of the program with methods that lead to a socket."""
        return frozenset(
            place
            for function, own in self.functions(of)
            for edge in self._program.edges.get(function.scope, ())
            if isinstance(edge.call.func, Attribute) and self._is_told(edge, of)
            if (place := self._reached(edge.call.func.value, own, function, 0)) is not None
        )

    def _is_told(self, edge: Edge, of: Class) -> bool:
        typed = edge.certainty is Certainty.TYPED and self._program.arrives(edge)
        return typed and not any(one.id in of.mro.ids for one in edge.receiver if one.id is not None)

    def _written(self, edge: Edge) -> Iterator[Expr]:
        """What the call writes to: a socket, a queue or a callable of one connection."""
        func = edge.call.func
        if edge.outside in FREE_SENDS:
            yield from edge.call.args[:1]
        elif edge.writes or self.is_outlet(edge) or self.is_of_socket(edge):
            yield func.value if isinstance(func, Attribute) and edge.certainty is not Certainty.KEPT else func
        else:
            yield from self._written_by_helper(edge)

    def is_outlet(self, edge: Edge) -> bool:
        """True for `queue.put(x)` where a socket loop drains it, and for a callable left by a connection."""
        if not edge.targets or not self._program.arrives(edge):
            return False
        if edge.certainty is Certainty.KEPT:
            reached = [self._program.functions.get(id) for id in edge.targets]
            of_one = [one for one in reached if one is not None and self._is_of_one_connection(one)]
            return 2 * len(of_one) >= len(reached)
        return edge.certainty is Certainty.QUEUED

    def is_of_socket(self, edge: Edge) -> bool:
        """True for a method of what stands for a connection from which its socket is reached."""
        return self._program.arrives(edge) and any(map(self._is_socket, edge.receiver))

    def _is_of_one_connection(self, one: Function) -> bool:
        """True for a function inside another that writes to a socket itself: a closure over that socket."""
        inside = bool(around(one.facts.qualname))
        return inside and any(edge.writes for edge in self._program.edges.get(one.scope, ()))

    def _written_by_helper(self, edge: Edge) -> Iterator[Expr]:
        """The arguments that a helper writes to: `self._send(connection, message)`."""
        if edge.certainty not in (Certainty.TYPED, Certainty.NAMED):
            return
        for target in edge.targets:
            function = self._program.functions.get(target)
            for name, argument in zip(_parameters(function), edge.call.args, strict=False):
                if function and not isinstance(argument, Starred) and self._writes_to(function, name):
                    yield argument

    def _writes_to(self, function: Function, parameter: str) -> bool:
        for edge in self._program.edges.get(function.scope, ()):
            match edge.call.func:
                case Attribute(value=Name(id=name)) | Name(id=name) if edge.writes and name == parameter:
                    return True
        return False

    def _reached(self, written: Expr, own: Own, function: Function, depth: int) -> str | None:
        """The place that something is taken from, also by way of local names."""
        direct = self.place(written, own, function)
        if direct or depth > _DEEPEST:
            return direct
        sources = (self._reached(one, own, function, depth + 1) for one in self._sources(function, written))
        return next((found for found in sources if found), None)

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

    def lists_itself(self, of: Class, place: str) -> bool:
        """True if the methods put only `self` or an attribute of it there: a list of the class's own kind."""
        put = [
            _belongs_to(change.handed[-1], own)
            for function, own in self.functions(of)
            for change in self.changes(function, own)
            if change.place == place and change.adds and change.handed
        ]
        return bool(put) and all(put)


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
        case _:
            return None


def _belongs_to(value: Expr, own: Own) -> bool:
    match value:
        case Name(id=name) | Attribute(value=Name(id=name)):
            return name in own
        case _:
            return False
