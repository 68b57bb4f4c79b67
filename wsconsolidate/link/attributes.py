"""Where the attributes of each class are set, and what is put into those that are containers."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.names import Names
from wsconsolidate.link.owned import methods
from wsconsolidate.model.expr import Attribute, Call, Expr, Name, Subscript
from wsconsolidate.model.facts import MODULE_SCOPE, Body, FunctionFacts, ValueBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.naming import around, own_names
from wsconsolidate.model.program import ClassId, FunctionId, ScopeId, ValueTarget

_ADDING = frozenset(("append", "add", "appendleft", "insert", "put_nowait"))


@dataclass(frozen=True, slots=True)
class Put:
    """One place that puts a value into a container; `depth` counts the containers in between."""

    scope: ScopeId
    value: Expr
    depth: int

    def __hash__(self) -> int:
        """By the place, which is quicker told than all that is in the value."""
        return hash((self.scope, self.value.line))


@dataclass(frozen=True, slots=True)
class Assignment:
    """One place that sets an attribute; `value` is None for a bare annotation."""

    attribute: str
    value: Expr | None
    annotation: Expr | None
    scope: ScopeId
    line: int

    def __hash__(self) -> int:
        """By the place, which is quicker told than all that is in the value."""
        return hash((self.attribute, self.scope, self.line))


class Attributes:
    """The assignments of every class by attribute, in source order."""

    def __init__(self, names: Names, lineage: Lineage) -> None:
        self._names = names
        self._lineage = lineage
        self._read: set[str] = set()
        self._keys: dict[tuple[ClassId, str], list[Put]] = {}
        self._set: dict[ClassId, dict[str, dict[Assignment, None]]] = {}
        self._put: dict[ClassId, dict[str, dict[Put, None]]] = {}
        self._state: dict[str, list[tuple[ScopeId, Expr]]] = {}
        self._global: dict[tuple[ScopeId, int], list[Put]] = {}

    def add(self, modules: Sequence[Module]) -> None:
        """Read what the classes of these modules set, and what is kept in the application's state."""
        for module in modules:
            self._read_classes(module)
            for scope, body in _bodies(module):
                self._read_state(scope, body)
            for facts in module.facts.functions:
                self._read_globals(ScopeId(module.path, facts.line), facts)
        self._inherit(modules)

    def of(self, id: ClassId, attribute: str) -> Collection[Assignment]:
        """Where the class sets this attribute."""
        return self.all_of(id).get(attribute, ())

    def all_of(self, id: ClassId) -> Mapping[str, Collection[Assignment]]:
        """Every attribute that the class sets."""
        if id.path not in self._read:
            self._read_late(self._names.module_at(id.path))
        return self._set.get(id, {})

    def put_into(self, id: ClassId, attribute: str) -> Collection[Put]:
        """What the class's methods put into the container that this attribute holds."""
        return self._put.get(id, {}).get(attribute, ())

    def keys_of(self, id: ClassId, attribute: str) -> list[Put]:
        """The keys under which the class's methods file something in the mapping of this attribute."""
        return self._keys.get((id, attribute), [])

    def put_at(self, scope: ScopeId, line: int) -> list[Put]:
        """What functions put into the container that a module binds to a name there."""
        return self._global.get((scope, line), [])

    def on_state(self, name: str) -> list[tuple[ScopeId, Expr]]:
        """What is kept under this name in an application's state: `app.state.name = value`."""
        return self._state.get(name, [])

    def _inherit(self, modules: Iterable[Module]) -> None:
        """Count what their classes put into a container that only a class above sets as put there."""
        owners = (ClassId(module.path, facts.line) for module in modules for facts in module.facts.classes)
        for owner in owners:
            for attribute, found in list(self._put.get(owner, {}).items()):
                order = (id for id in self._lineage.mro(owner).ids if id is not None)
                above = next((id for id in order if self.of(id, attribute)), owner)
                if above != owner:
                    self._put.setdefault(above, {}).setdefault(attribute, {}).update(found)

    def set_from_outside(self, id: ClassId, assignment: Assignment) -> None:
        """Add an assignment that another class or function makes."""
        self._set.setdefault(id, {}).setdefault(assignment.attribute, {}).setdefault(assignment)

    def put_from_outside(self, id: ClassId, attribute: str, put: Put) -> None:
        """Add what another class or function puts into a container."""
        self._put.setdefault(id, {}).setdefault(attribute, {}).setdefault(put)

    def _read_late(self, module: Module) -> None:
        """The classes of a module that was not among those that matter."""
        if module.in_tree:
            self._read_classes(module)
            self._inherit((module,))
        self._read.add(module.path)

    def _read_classes(self, module: Module) -> None:
        if module.path in self._read:
            return
        self._read.add(module.path)
        for facts in module.facts.classes:
            self._read_class_body(ClassId(module.path, facts.line))
        for function_id, owner, own in _instances(module):
            self._read_method(function_id, owner, own)

    def _read_class_body(self, id: ClassId) -> None:
        scope = id
        for binding in self._names.all_bindings(scope):
            if isinstance(binding, ValueBinding):
                value, annotation = binding.value, binding.annotation
                assignment = Assignment(binding.name, value, annotation, scope, binding.line)
                self.set_from_outside(id, assignment)

    def _read_state(self, scope: ScopeId, body: Body) -> None:
        for store in body.stores:
            match store.target:
                case Attribute(value=Attribute(attr="state"), attr=name) if store.value is not None:
                    self._state.setdefault(name, []).append((scope, store.value))

    def _read_globals(self, scope: ScopeId, facts: FunctionFacts) -> None:
        """Each `sessions[key] = value` where `sessions` is a name of a module."""
        for container, value in puts(facts):
            for target in self._names.targets(scope, container) if isinstance(container, Name) else ():
                match target:
                    case ValueTarget(scope=owner, line=line) if owner.line == MODULE_SCOPE:
                        self._global.setdefault((owner, line), []).append(Put(scope, value, 0))

    def _read_method(self, function_id: FunctionId, owner: ClassId, own: frozenset[str]) -> None:
        facts = self._names.function_facts(function_id)
        scope = function_id
        for assignment in _own_assignments(facts, own, scope):
            self.set_from_outside(owner, assignment)
        for container, value in puts(facts):
            found = own_attribute(container, own)
            if found is not None:
                attribute, depth = found
                self.put_from_outside(owner, attribute, Put(scope, value, depth))
        for attribute, key in _own_keys(facts, own):
            self._keys.setdefault((owner, attribute), []).append(Put(scope, key, 0))


def _instances(module: Module) -> Iterator[tuple[FunctionId, ClassId, frozenset[str]]]:
    """Each method, and each function inside one, with its class and what it calls instance or class."""
    inner: dict[str, list[FunctionId]] = {}
    for facts in module.facts.functions:
        for outer in around(facts.qualname):
            inner.setdefault(outer, []).append(FunctionId(module.path, facts.line))
    for owner, functions in methods(module):
        for facts in functions:
            own = own_names(facts, owner.name)
            for one in (FunctionId(module.path, facts.line), *inner.get(facts.qualname, ())):
                yield one, ClassId(module.path, owner.line), own


def _bodies(module: Module) -> Iterator[tuple[ScopeId, Body]]:
    if module.facts.main is not None:
        yield ScopeId(module.path, MODULE_SCOPE), module.facts.main
    for facts in module.facts.functions:
        if facts.body is not None:
            yield ScopeId(module.path, facts.line), facts.body


def _own_assignments(facts: FunctionFacts, own: frozenset[str], scope: ScopeId) -> Iterator[Assignment]:
    for store in facts.body.stores if facts.body else ():
        match store.target:
            case Attribute(value=Name(id=name), attr=attr) if name in own and not store.deletes:
                yield Assignment(attr, store.value, store.annotation, scope, store.line)


def _own_keys(facts: FunctionFacts, own: frozenset[str]) -> Iterator[tuple[str, Name]]:
    """(attribute, key) for each `self.attribute[key] = value` with a name as its key."""
    for store in facts.body.stores if facts.body else ():
        match store.target:
            case Subscript(value=Attribute(value=Name(id=name), attr=attr), index=Name() as key):
                if name in own and not store.deletes:
                    yield attr, key


def puts(facts: FunctionFacts) -> Iterator[tuple[Expr, Expr]]:
    """(container, value) for `container[k] = value`, `.append(value)` and `.setdefault(k, value)`."""
    for store in facts.body.stores if facts.body else ():
        if isinstance(store.target, Subscript) and store.value is not None:
            yield store.target.value, store.value
    for site in facts.body.calls if facts.body else ():
        match site.call:
            case Call(func=Attribute(value=container, attr=method), args=args) if args and method in _ADDING:
                yield container, args[-1]
            case Call(func=Attribute(value=container, attr="setdefault"), args=(_, value)):
                yield container, value


def own_attribute(expr: Expr, own: frozenset[str]) -> tuple[str, int] | None:
    """The attribute of `self` that an expression reaches into, and how deep.

    `self.a` -> (a, 0); `self.a[k]` and `self.a.setdefault(k, {})` -> (a, 1).
    """
    match expr:
        case Attribute(value=Name(id=name), attr=attr) if name in own:
            return attr, 0
        case Subscript(value=value) | Call(func=Attribute(value=value, attr="setdefault" | "get" | "pop")):
            deeper = own_attribute(value, own)
            return None if deeper is None else (deeper[0], deeper[1] + 1)
        case Call(func=Attribute(value=value, attr="copy")):
            return own_attribute(value, own)
        case _:
            return None
