"""Which loops over a container of an instance change that container before they are done."""

from collections.abc import Iterator
from dataclasses import dataclass

from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Choice,
    Comprehension,
    Container,
    Expr,
    Name,
    Opaque,
    Subscript,
    unparse,
)
from wsconsolidate.model.facts import Body, CallSite, Guard, Loop, Scope, Store, ValueBinding
from wsconsolidate.model.program import Class, Function, Program

_VIEWS = frozenset(("items", "values", "keys"))
_COPYING = frozenset(("list", "tuple", "set", "sorted", "frozenset"))
_LAZY = frozenset(("enumerate", "reversed", "iter"))
_CHANGING = frozenset(
    (
        "pop",
        "popitem",
        "popleft",
        "clear",
        "remove",
        "discard",
        "add",
        "append",
        "insert",
        "update",
        "setdefault",
    )
)
_LOOKUPS = frozenset(("get", "setdefault"))
_FARTHEST_CALL = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A container of an instance: the attribute, and the keys that lead into it as they are written."""

    attribute: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"self.{self.attribute}" + "".join(f"[{key}]" for key in self.keys)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a container inside a loop over it; `by` is the own method that does it, if one does."""

    place: Place
    line: int
    loop: Loop
    by: str | None


def changed_while_awaiting(program: Program, owner: Class, function: Function) -> Iterator[Change]:
    """Changes of a container of the instance in a loop over it that awaits.

    A loop over a copy is none, nor is a change after which the loop ends.
    """
    body = function.facts.body
    if body is None:
        return
    places = Places(program, owner, function, body)
    for index, loop in enumerate(body.loops):
        place = places.iterated(loop.iterable)
        if place is None or not _awaits(body, index, loop):
            continue
        for line, guards, by in (*places.changes(place, index), *places.changes_by_methods(place, index)):
            if not _ends(body, index, line, guards):
                yield Change(place, line, loop, by)


def _awaits(body: Body, index: int, loop: Loop) -> bool:
    inside = range(loop.line, loop.end_line + 1)
    return (
        any(site.awaited and index in site.loops for site in body.calls)
        or any(context.is_async and context.line in inside for context in body.contexts)
        or any(other.is_async and other.line in inside for other in body.loops)
    )


def _ends(body: Body, index: int, line: int, guards: tuple[Guard, ...]) -> bool:
    """True if the loop is left whenever the line was reached."""
    return any(
        index in leave.loops and leave.line >= line and leave.guards == guards[: len(leave.guards)]
        for leave in body.leaves
    )


_Where = tuple[int, tuple[Guard, ...], str | None]


class Places:
    """Tells which expressions of one method stand for containers of the instance."""

    def __init__(self, program: Program, owner: Class, function: Function, body: Body) -> None:
        self._program = program
        self._owner = owner
        self._body = body
        self._self = function.facts.parameters[0].name if function.facts.parameters else ""
        self._scope = program.scope(function.scope)
        self._open: set[str] = set()

    def iterated(self, iterable: Expr) -> Place | None:
        """The container that a loop reads while it runs, None if it reads a copy or something else."""
        match iterable:
            case Call(func=Attribute(value=value, attr=attr), args=()) if attr in _VIEWS:
                return self.place(value)
            case Call(func=Name(id=name), args=(first, *_)) if name in _LAZY:
                return self.iterated(first)
            case _:
                return self.place(iterable)

    def source(self, iterable: Expr) -> Place | None:
        """The container whose members a loop goes through, be it by a copy."""
        match iterable:
            case Call(func=Name(id=name), args=(first,)) if name in _COPYING:
                return self.source(first)
            case Call(func=Attribute(value=value, attr="copy"), args=()):
                return self.source(value)
            case Comprehension(element=Name(id=taken), sources=((Name(id=name), members),)) if taken == name:
                return self.source(members)
            case Name(id=name) if name not in self._open:
                return self.iterated(iterable) or self._copied(name)
            case _:
                return self.iterated(iterable)

    def _copied(self, name: str) -> Place | None:
        """The container of which a local name stands for a copy, or for a part."""
        self._open.add(name)
        copies = (self.source(value) for value in _assigned(self._scope, name))
        found = next((place for place in copies if place), None)
        self._open.discard(name)
        return found

    def conditions(self, iterable: Expr) -> Iterator[Expr]:
        """What is asked of the members that a loop goes through, where it goes through some of them."""
        match iterable:
            case Comprehension(conditions=conditions):
                yield from conditions
            case Call(func=Name(id=name), args=(first,)) if name in _COPYING:
                yield from self.conditions(first)
            case Name(id=name):
                values = list(_assigned(self._scope, name))
                whole = any(not isinstance(value, Comprehension) for value in values)
                for value in () if whole else values:
                    yield from self.conditions(value)

    def place(self, expr: Expr) -> Place | None:
        """The container that an expression stands for, aliases followed."""
        match expr:
            case Attribute(value=Name(id=name), attr=attr) if name == self._self:
                return None if self._program.method(self._owner, attr) else Place(attr)
            case Subscript(value=value, index=index) if not _is_slice(index):
                return self._below(value, unparse(index))
            case Call(func=Attribute(value=value, attr=attr), args=(key, *_)) if attr in _LOOKUPS:
                return self._below(value, unparse(key))
            case Choice(options=options):
                return next((found for option in options if (found := self.place(option))), None)
            case Name(id=name) if name not in self._open:
                return self._named(name)
            case _:
                return None

    def _below(self, container: Expr, key: str) -> Place | None:
        above = self.place(container)
        return Place(above.attribute, (*above.keys, key)) if above else None

    def _named(self, name: str) -> Place | None:
        self._open.add(name)
        items = (self._item(loop, name) for loop in self._body.loops)
        values = (self.place(value) for value in _assigned(self._scope, name))
        found = next((place for place in (*items, *values) if place), None)
        self._open.discard(name)
        return found

    def _item(self, loop: Loop, name: str) -> Place | None:
        """What the name of a loop over a mapping of containers stands for."""
        match loop.iterable, loop.target:
            case Call(func=Attribute(value=value, attr="values"), args=()), Name(id=item) if item == name:
                return self._below(value, "*")
            case (
                Call(func=Attribute(value=value, attr="items"), args=()),
                Container(items=(key, Name(id=item))),
            ) if item == name:
                return self._below(value, unparse(key))
            case _:
                return None

    def changes(self, place: Place, index: int) -> Iterator[_Where]:
        """Where the method itself changes the container inside a loop."""
        for store in self._body.stores:
            if index in store.loops and self._stored(store) == place and not self._keeps_keys(store, index):
                yield store.line, store.guards, None
        for site in self._body.calls:
            if index in site.loops and self._called(site) == place:
                yield site.call.line, site.guards, None

    def changes_by_methods(self, place: Place, index: int) -> Iterator[_Where]:
        """Where a method of the same instance that is called inside a loop changes the container."""
        for site in self._body.calls:
            name = self._own_method(site)
            if name is None or index not in site.loops:
                continue
            if (place.attribute, len(place.keys)) in self._changed_by(name, ()):
                yield site.call.line, site.guards, name

    def _stored(self, store: Store) -> Place | None:
        return self.place(store.target.value) if isinstance(store.target, Subscript) else None

    def _called(self, site: CallSite) -> Place | None:
        func = site.call.func
        return self.place(func.value) if isinstance(func, Attribute) and func.attr in _CHANGING else None

    def _keeps_keys(self, store: Store, index: int) -> bool:
        """True for `d[key] = value` and `d[key] += 1` under the key of the loop: nothing comes or goes."""
        if store.deletes or not isinstance(store.target, Subscript):
            return False
        target = self._body.loops[index].target
        keys = target.items[:1] if isinstance(target, Container) else (target,)
        added = isinstance(store.value, Opaque) and store.value.syntax == "AugAssign"
        return added or unparse(store.target.index) in [unparse(key) for key in keys]

    def _own_method(self, site: CallSite) -> str | None:
        match site.call.func:
            case Attribute(value=Name(id=name), attr=attr) if name == self._self:
                return attr
            case _:
                return None

    def _changed_by(self, name: str, callers: tuple[str, ...]) -> set[tuple[str, int]]:
        """(attribute, number of keys) of each container that an own method changes, calls followed."""
        method = self._program.method(self._owner, name)
        if method is None or method.facts.body is None or name in callers or len(callers) == _FARTHEST_CALL:
            return set()
        inner = Places(self._program, self._owner, method, method.facts.body)
        found = {(place.attribute, len(place.keys)) for place in inner.all_changed()}
        for site in method.facts.body.calls:
            called = inner._own_method(site)
            found |= self._changed_by(called, (*callers, name)) if called else set()
        return found

    def all_changed(self) -> Iterator[Place]:
        """Every container that the method changes anywhere."""
        found = (*map(self._stored, self._body.stores), *map(self._called, self._body.calls))
        yield from (place for place in found if place)


def _assigned(scope: Scope | None, name: str) -> Iterator[Expr]:
    for binding in scope.bindings if scope else ():
        if isinstance(binding, ValueBinding) and binding.name == name and binding.value is not None:
            yield binding.value


def _is_slice(index: Expr) -> bool:
    return isinstance(index, Opaque) and index.syntax == "Slice"
