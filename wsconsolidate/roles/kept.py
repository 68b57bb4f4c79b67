"""What a class does with the containers that it fills, besides sending to what is in them."""

from collections.abc import Iterable, Iterator
from itertools import chain

from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Compare,
    Constant,
    Expr,
    Name,
    Not,
    Subscript,
    parts,
    walk,
)
from wsconsolidate.model.facts import Binding, OtherBinding, ValueBinding
from wsconsolidate.model.program import Class, Function, Holding, Program, Type
from wsconsolidate.roles.keeping import CHANGING, GATHERING, Keeping, Own

_ASKING = GATHERING | {"len", "bool", "any", "all", "id", "isinstance", "hash"}
_LOOKING_UP = frozenset(("get", "keys", "values", "items", "copy"))


class Kept:
    """Tells lists of free ones, lists of a class's own kind and what is only asked for, from the rest."""

    def __init__(self, program: Program, keeping: Keeping) -> None:
        self._program = program
        self._keeping = keeping

    def is_kept_for_others(self, of: Class, place: str, holding: Holding) -> bool:
        """False for a container whose elements the class neither sends to nor means others to reach."""
        return not (
            place in self._hands_out(of)
            or self._lists_itself(of, place)
            or self._is_only_asked(of, place, any(map(_is_mapping, holding.types)))
        )

    def _hands_out(self, of: Class) -> frozenset[str]:
        """The places out of which a method takes any element to return it, as out of a list of free ones."""
        return frozenset(
            place
            for function, own in self._keeping.functions(of)
            for taken, container in _taken(function)
            if (place := self._keeping.place(container, own, function)) and self._is_returned(taken, function)
        )

    def _is_returned(self, taken: Call, function: Function) -> bool:
        names = {name for name, source in self._bound(function) if any(one is taken for one in walk(source))}
        returned = [
            part for one in (function.facts.body.returns if function.facts.body else ()) for part in walk(one)
        ]
        return any(part is taken or (isinstance(part, Name) and part.id in names) for part in returned)

    def _bound(self, function: Function) -> Iterator[tuple[str, Expr]]:
        """Each name of a function with what it is given, in other ways than by a loop."""
        for one in self._program.bindings(function.scope):
            source = _source(one)
            if source is not None:
                yield one.name, source

    def _lists_itself(self, of: Class, place: str) -> bool:
        """True if the methods put only `self` or an attribute of it there: a list of the class's own kind."""
        put = [
            _belongs_to(change.handed[-1], own)
            for function, own in self._keeping.functions(of)
            for change in self._keeping.changes(function, own)
            if change.place == place and change.adds and change.handed
        ]
        return bool(put) and all(put)

    def _is_only_asked(self, of: Class, place: str, mapping: bool) -> bool:
        """True for a private container of which the class asks what is in it, and no more."""
        asked = False
        for function, own in self._functions(of) if place.startswith("self._") else ():
            used = (*_used(function, mapping), *_got(source for _, source in self._bound(function)))
            if any(self._keeping.place(part, own, function) == place for part in used):
                return False
            compared = (part for one in _compared(function) for part in walk(one))
            asked = asked or any(self._keeping.place(part, own, function) == place for part in compared)
        return asked

    def _functions(self, of: Class) -> Iterator[tuple[Function, Own]]:
        for one in self._program.bases(of):
            yield from self._keeping.functions(one)


def _is_mapping(held: Type) -> bool:
    return "dict" in held.name.lower() or "mapping" in held.name.lower()


def _compared(function: Function) -> Iterator[Expr]:
    """What a function compares with something, in its conditions and in what it returns."""
    body = function.facts.body
    if body is None:
        return
    guards = (*(one.guards for one in body.calls), *(one.guards for one in body.stores))
    guards = (*guards, *(one.guards for one in body.leaves))
    tests = (guard.test for guard in chain.from_iterable(guards) if guard.test is not None)
    for one in (*tests, *body.returns):
        yield from (part for part in walk(one) if isinstance(part, Compare))


def _used(function: Function, mapping: bool) -> Iterator[Expr]:
    """What a function loops over, returns, hands on, and what it calls methods of; of a mapping no keys."""
    body = function.facts.body
    if body is None:
        return
    for _, iterable in (*((one.target, one.iterable) for one in body.loops), *body.comprehensions):
        parted = any(isinstance(one, Attribute) and one.attr in ("values", "items") for one in walk(iterable))
        yield from (iterable,) if parted or not mapping else ()
    yield from _got(body.returns)
    for site in body.calls:
        match site.call:
            case Call(func=Attribute(value=Subscript() | Call() as element, attr=attr)):
                yield from () if attr in CHANGING | _LOOKING_UP else (element,)
            case Call(func=Name(id=name)) if name in _ASKING:
                continue
        changes = isinstance(site.call.func, Attribute) and site.call.func.attr in CHANGING
        yield from () if changes else _got(site.call.arguments)


def _got(exprs: Iterable[Expr]) -> Iterator[Expr]:
    """The parts of expressions that may be their values, not what they only ask."""
    for expr in exprs:
        match expr:
            case Compare() | Not():
                continue
            case Call(func=Name(id=name)) if name in _ASKING - GATHERING:
                continue
        yield expr
        yield from _got(parts(expr))


def _taken(function: Function) -> Iterator[tuple[Call, Expr]]:
    """Each `container.pop()` and `container.pop(0)`, with its container."""
    for site in function.facts.body.calls if function.facts.body else ():
        match site.call:
            case Call(
                func=Attribute(value=container, attr="pop" | "popleft"), args=() | (Constant(value=int()),)
            ):
                yield site.call, container


def _source(binding: Binding) -> Expr | None:
    match binding:
        case ValueBinding(value=value):
            return value
        case OtherBinding(how="with" | "unpacking", source=source):
            return source
        case _:
            return None


def _belongs_to(value: Expr, own: Own) -> bool:
    match value:
        case Name(id=name) | Attribute(value=Name(id=name)):
            return name in own
        case _:
            return False
