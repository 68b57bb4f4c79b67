"""The types of expressions: by annotation, construction, return value, and what callers pass."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from wsconsolidate.link.annotations import Annotations, unique
from wsconsolidate.link.attributes import Assignment, Attributes, Put
from wsconsolidate.link.containers import (
    COMBINING,
    CONTAINERS,
    STATE,
    class_object,
    container_of,
    elements_of,
    is_class_object,
    is_foreign,
    is_known,
    keyed,
    looks_like_class,
    wrapped,
)
from wsconsolidate.link.hints import Hints
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.locals import Locals
from wsconsolidate.link.names import Names
from wsconsolidate.link.owned import Owned
from wsconsolidate.link.writing import is_property, is_super
from wsconsolidate.model.expr import (
    Attribute,
    Await,
    Call,
    Choice,
    Comprehension,
    Constant,
    Container,
    Dict,
    Expr,
    Joined,
    Name,
    Opaque,
    Subscript,
)
from wsconsolidate.model.facts import (
    MODULE_SCOPE,
    FunctionFacts,
    ParameterKind,
)
from wsconsolidate.model.program import (
    ClassId,
    ClassTarget,
    Function,
    FunctionId,
    FunctionTarget,
    OutsideTarget,
    ScopeId,
    Target,
    Type,
    ValueTarget,
)
from wsconsolidate.model.sockets import CONTEXT_SOCKETS

_MOST_TYPES = 8
_MOST_CALLERS = 40
_DEEPEST = 25
_NEW_CONTAINER = frozenset(("list", "tuple", "set", "sorted", "frozenset", "reversed"))
_GATHERING = {ParameterKind.VAR_POSITIONAL: "builtins.tuple", ParameterKind.VAR_KEYWORD: "builtins.dict"}
_ELEMENT_METHODS = frozenset(("get", "pop", "popleft", "setdefault"))

Passed = dict[tuple[FunctionId, str], list[tuple[ScopeId, Expr]]]


class Types:
    """Infers types on demand.

    A question that leads back to itself has no answer there. Every answer is kept, also one that was
    cut short by such a circle: exactness there is not worth asking again and again.
    """

    def __init__(self, names: Names, lineage: Lineage, owned: Owned, attributes: Attributes) -> None:
        self._names = names
        self._lineage = lineage
        self._owned = owned
        self._attributes = attributes
        self._annotations = Annotations(names, lineage)
        self._locals = Locals(names, lineage, owned, self)
        self.hints = Hints(names)
        self._known: dict[ScopeId, dict[int, tuple[Expr, tuple[Type, ...]]]] = {}
        self._results: dict[FunctionId, tuple[Type, ...]] = {}
        self._named: dict[object, tuple[Type, ...]] = {}
        self._open: set[object] = set()
        self._open_results: set[FunctionId] = set()
        self._cuts = 0
        self.passed: Passed = {}

    def learn(self, passed: Passed) -> None:
        """From now on, know what callers pass; earlier answers are forgotten."""
        self.passed = passed
        self._known.clear()
        self._results.clear()
        self.look_again()

    def look_again(self) -> None:
        """Forget what names and attributes are, because more was read that may set them."""
        self._named.clear()

    def of(self, scope: ScopeId, expr: Expr) -> tuple[Type, ...]:
        """The types the expression's value may have; none if unknown."""
        known = self._known.get(scope)
        if known is None:
            known = self._known[scope] = {}
        kept = known.get(id(expr))
        if kept is not None:
            return kept[1]
        key = (scope, id(expr))
        if key in self._open or len(self._open) > _DEEPEST:
            self._cuts += 1
            return ()
        self._open.add(key)
        found = unique(self._infer(scope, expr))[:_MOST_TYPES]
        self._open.discard(key)
        known[id(expr)] = (expr, found)  # the expression is kept, so that its id stays its own
        return found

    def annotated(self, scope: ScopeId, annotation: Expr | None) -> tuple[Type, ...]:
        """The types that an annotation names."""
        return self._annotations.types(scope, annotation)

    def method(self, id: ClassId, name: str) -> Function | None:
        """The method that an instance of the class offers under this name."""
        for below in self._lineage.mro(id).ids:
            if below is not None and name in (functions := self._owned.functions(below)):
                return functions[name]
        return None

    def _kept(self, key: object, found: Callable[[], Iterable[Type]]) -> tuple[Type, ...]:
        """What is found, which is kept unless a circle cut it short: elsewhere more would be found."""
        if key in self._named:
            return self._named[key]
        cuts = self._cuts
        types = unique(found())
        if cuts == self._cuts:
            self._named[key] = types
        return types

    def attribute(self, owner: Type, name: str) -> tuple[Type, ...]:
        """The types of an attribute of an instance."""
        id = owner.id
        return self._kept((id, name, "."), lambda: self._offered(id, name)) if id is not None else ()

    def _offered(self, id: ClassId, name: str) -> tuple[Type, ...]:
        for below in self._lineage.mro(id).ids:
            if below is None:
                continue
            function = self._owned.functions(below).get(name)
            if function is not None:
                known = self.returned(function) if is_property(function.facts) else ()
                return known or self._filled(below, name)
            found = unique(self._stored(below, name))
            if found:
                return found
        return self._hinted(id, name)

    def _filled(self, id: ClassId, name: str) -> tuple[Type, ...]:
        """The container that a property of unknown type must give, for something is put into it."""
        puts = self._attributes.put_into(id, name)
        elements = unique(found for put in puts for found in self.of(put.scope, put.value))
        return (container_of("builtins.list", elements),) if elements else ()

    def _hinted(self, id: ClassId, name: str) -> tuple[Type, ...]:
        return self.hints.attribute(id, name, self._attributes.of(id, name))

    def _stored(self, id: ClassId, name: str) -> Iterator[Type]:
        for assignment in self._attributes.of(id, name):
            yield from self.assigned(id, assignment)

    def assigned(self, id: ClassId, assignment: Assignment) -> tuple[Type, ...]:
        """The types that one assignment gives to an attribute, with what is put into a container."""
        known = self.annotated(assignment.scope, assignment.annotation)
        if not known and assignment.value is not None:
            known = self.of(assignment.scope, assignment.value)
        name = assignment.attribute
        known = known or self._hinted(id, name)
        puts = self._attributes.put_into(id, name)
        keys = [key for put in self._attributes.keys_of(id, name) for key in self.of(put.scope, put.value)]
        filled = chain.from_iterable(self._with_elements(found, puts) for found in known)
        return unique(keyed(found, keys) for found in filled)

    def _with_elements(self, container: Type, puts: Iterable[Put]) -> Iterator[Type]:
        """A container without known elements, with those that are put into it."""
        if (is_known(container) and not is_foreign(container)) or container.name not in CONTAINERS:
            yield container
            return
        added = (wrapped(found, put.depth) for put in puts for found in self.of(put.scope, put.value))
        elements = unique((*elements_of((container,)), *added))[:_MOST_TYPES]
        yield container_of(container.name, elements) if elements else container

    def returned(self, function: Function) -> tuple[Type, ...]:
        """The types that a function returns, by annotation or else by its return statements."""
        return self._result(function.id)

    def _result(self, id: FunctionId) -> tuple[Type, ...]:
        if id not in self._results:
            self._results[id] = ()
            self._open_results.add(id)
            self._results[id] = self._returned(id, self._names.function_facts(id))
            self._open_results.discard(id)
        self._cuts += id in self._open_results
        return self._results[id]

    def _returned(self, id: FunctionId, facts: FunctionFacts) -> tuple[Type, ...]:
        scope = id
        enclosing = self._names.scope(scope)
        outer = ScopeId(id.path, (enclosing.parent if enclosing else None) or MODULE_SCOPE)
        known = self.annotated(outer, facts.returns)
        if known or facts.returns is not None or facts.body is None or facts.body.yields:
            return known
        return unique(chain.from_iterable(self.of(scope, value) for value in facts.body.returns))

    def _infer(self, scope: ScopeId, expr: Expr) -> Iterable[Type]:  # noqa: C901 - one arm for each kind
        match expr:
            case Name(id=name):
                return self._kept((scope, name), lambda: self._name(scope, expr))
            case Attribute(value=value, attr=attr):
                return self._attribute(scope, expr, value, attr)
            case Call():
                return self._call(scope, expr)
            case Await(value=value):
                return self.of(scope, value)
            case Subscript(value=value):
                return elements_of(self.of(scope, value))
            case Choice(options=options):
                return chain.from_iterable(self.of(scope, option) for option in options)
            case Opaque(syntax="IfExp", parts=(_, choice)):
                return self.of(scope, choice)
            case Opaque(syntax=syntax, parts=parts) if syntax in COMBINING:
                combined = chain.from_iterable(self.of(scope, part) for part in parts)
                return (found for found in combined if found.name in CONTAINERS)
            case Dict(items=items):
                values = chain.from_iterable(self.of(scope, value) for key, value in items if key)
                return (container_of("builtins.dict", unique(values)),)
            case Container(kind=kind, items=items):
                values = chain.from_iterable(self.of(scope, item) for item in items)
                return (container_of(f"builtins.{kind.value}", unique(values)),)
            case Comprehension(element=element):
                return (container_of("builtins.list", self.of(scope, element)),)
            case Constant(value=value) if value is not None:
                return (Type(f"builtins.{type(value).__name__}"),)
            case Joined():
                return (Type("builtins.str"),)
            case _:
                return ()

    def _name(self, scope: ScopeId, expr: Name) -> Iterable[Type]:
        local = list(self._locals.of(scope, expr.id))
        if local:
            return local
        return chain.from_iterable(self._target(target) for target in self._names.targets(scope, expr))

    def _target(self, target: Target) -> Iterable[Type]:
        match target:
            case ClassTarget(id=id):
                return (class_object(Type(self._lineage.qualname(id), (), id)),)
            case OutsideTarget(name=name) if name in CONTEXT_SOCKETS:
                return (Type(CONTEXT_SOCKETS[name]),)
            case OutsideTarget(name=name) if looks_like_class(name):
                return (class_object(Type(name)),)
            case ValueTarget(scope=scope, value=value, annotation=annotation, line=line):
                known = self.annotated(scope, annotation)
                known = known or (self.of(scope, value) if value is not None else ())
                puts = self._attributes.put_at(scope, line)
                return chain.from_iterable(self._with_elements(found, puts) for found in known)
            case _:
                return ()

    def _attribute(self, scope: ScopeId, expr: Expr, value: Expr, attr: str) -> Iterable[Type]:
        owners = self.of(scope, value)
        if STATE in owners:
            return chain.from_iterable(self.of(*place) for place in self._attributes.on_state(attr))
        instances = unique(chain.from_iterable(self.attribute(owner, attr) for owner in owners))
        if instances:
            return instances
        classes = [owner.args[0] for owner in owners if is_class_object(owner)]
        through_class = chain.from_iterable(self._class_attribute(owner, attr) for owner in classes)
        found = unique(through_class) or elements_of(one for one in owners if one.name == "builtins.tuple")
        if not found and attr == "state" and all(owner.id is None for owner in owners):
            return (STATE,)
        if found or owners:
            return found
        return chain.from_iterable(self._target(target) for target in self._names.targets(scope, expr))

    def _class_attribute(self, owner: Type, attr: str) -> Iterable[Type]:
        """What `owner.attr` is for a class: of an enum its member, else what its instances have."""
        found = self.attribute(owner, attr)
        is_enum = owner.id is not None and "enum.Enum" in self._lineage.mro(owner.id).names
        return (owner,) if found and is_enum else found

    def _call(self, scope: ScopeId, call: Call) -> Iterable[Type]:
        match call.func:
            case Name(id="cast") | Attribute(attr="cast") if call.args:
                return self.annotated(scope, call.args[0])
            case Name(id="Instance") | Attribute(attr="Instance") if call.args:  # of traitlets
                return (found.args[0] for found in self.of(scope, call.args[0]) if is_class_object(found))
            case Attribute(value=value, attr="_get_current_object"):
                return self.of(scope, value)
            case Name(id="getattr") if len(call.args) > 1:
                return self._by_literal_name(scope, call)
            case Name(id="copy" | "deepcopy" | "dict") | Attribute(attr="copy" | "deepcopy") if call.args:
                return self.of(scope, call.args[0])
            case Name(id=name) if name in _NEW_CONTAINER and call.args:
                return self._gathered(scope, name, call.args[0])
            case Attribute(value=value, attr=attr) if attr in _ELEMENT_METHODS | {"copy"}:
                containers = [found for found in self.of(scope, value) if found.args]
                if containers:
                    return containers if attr == "copy" else elements_of(containers)
        return unique(self.called(scope, call.func)) or self._record(scope, call)

    def _record(self, scope: ScopeId, call: Call) -> Iterator[Type]:
        """The row that calling a named tuple gives."""
        func = call.func
        for target in self._names.targets(scope, func) if isinstance(func, Name | Attribute) else ():
            match target:
                case ValueTarget(value=Call(func=Name(id="namedtuple") | Attribute(attr="namedtuple"))):
                    values = chain.from_iterable(self.of(scope, value) for value in call.arguments)
                    yield container_of("builtins.tuple", unique(values))

    def _by_literal_name(self, scope: ScopeId, call: Call) -> Iterable[Type]:
        match call.args[1]:
            case Constant(value=str(name)):
                return self.of(scope, Attribute(call.args[0], name, call.line))
            case _:
                return ()

    def _gathered(self, scope: ScopeId, maker: str, argument: Expr) -> Iterable[Type]:
        elements = unique(self._locals.iteration(scope, argument))
        name = "builtins.list" if maker in ("sorted", "reversed") else f"builtins.{maker}"
        return (container_of(name, elements),)

    def super_method(self, scope: ScopeId, name: str) -> Function | None:
        """What `super().name` finds for an instance of the very class."""
        owner = self._owned.owner(FunctionId(*scope)) if scope.line else None
        for below in self._lineage.mro(owner).ids[1:] if owner else ():
            if below is not None and name in (functions := self._owned.functions(below)):
                return functions[name]
        return None

    def called(self, scope: ScopeId, func: Expr) -> Iterable[Type]:
        """The types of what calling `func` gives."""
        if isinstance(func, Attribute) and is_super(func.value):
            above = self.super_method(scope, func.attr)
            return self.returned(above) if above else ()
        if isinstance(func, Attribute):
            found = unique(
                chain.from_iterable(
                    self.returned(method)
                    for owner in self.of(scope, func.value)
                    for instance in [owner.args[0] if is_class_object(owner) else owner]
                    if instance.id is not None and (method := self.method(instance.id, func.attr)) is not None
                )
            )
            if found:
                return found
        made = [found.args[0] for found in self.of(scope, func) if is_class_object(found)]
        if made:
            return made
        targets = self._names.targets(scope, func) if isinstance(func, Name | Attribute) else ()
        return chain.from_iterable(self._called(target) for target in targets)

    def _called(self, target: Target) -> Iterable[Type]:
        match target:
            case FunctionTarget(id=id):
                return self._result(id)
            case OutsideTarget(name=name) if not name.startswith("builtins."):
                return (Type(f"{name}()"),)
            case _:
                return ()
