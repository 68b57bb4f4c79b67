"""What changes a class after its statement was read: metaclasses that decide, and decorators."""

from collections.abc import Iterator, Sequence

from wsconsolidate.link.calls import Arguments
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.values import (
    Base,
    Callee,
    Entry,
    Known,
    LiveBase,
    MadeBase,
    Namespace,
    ReadBase,
    Row,
    Site,
    Value,
)
from wsconsolidate.model.expr import Attribute, Call, Expr, Lambda, Name, Subscript, text, unparse
from wsconsolidate.model.facts import Body, FunctionBinding, FunctionFacts, Handing, ParameterKind
from wsconsolidate.model.program import (
    ClassId,
    ClassTarget,
    FunctionId,
    FunctionTarget,
    MroProblem,
    OutsideTarget,
    ScopeId,
    Target,
)

_KEEPING = frozenset(
    (
        "attr._make.attrs",
        "attr._next_gen.define",
        "dataclasses.dataclass",
        "pydantic.dataclasses.dataclass",
        "typing_extensions.deprecated",
        "warnings.deprecated",
        "unittest.case.skip",
        "unittest.case.skipIf",
        "unittest.case.skipUnless",
        "unittest.mock.patch",
    )
)
"""Functions whose result has the order of the class it is given, though they do not always return it."""

_SPECIAL = ("__module__", "__qualname__")
_KEEPING_BELOW = ("attr.", "attrs.", "pytest.mark.", "typing.", "typing_extensions.")
"""Where packages keep decorators that give back the class, for those that are not installed."""
Order = tuple[Entry, ...]


class Changes:
    """Judges decorators and metaclasses by what their functions return."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._names = evaluator.names

    def decorated(self, id: ClassId) -> MadeBase | ReadBase | LiveBase | MroProblem:
        """The class that the decorators give back, or the decorator whose result is not known."""
        found: ReadBase | LiveBase | MadeBase = self._evaluator.read(id)
        site = Site(self._names.enclosing(id), id.line)
        for decorator in reversed(self._names.class_facts(id).decorators):
            if unparse(decorator).endswith(".cclass") and self._is_generic(found):
                return _undecided(id, decorator, f"`@{unparse(decorator)}` compiles a generic class")
            if self._keeps(id, decorator):
                continue
            match self._result(site, decorator, found):
                case ReadBase() | LiveBase() | MadeBase() as changed:
                    found = changed
                case _:
                    detail = f"what `@{unparse(decorator)}` gives back is decided at run time"
                    return _undecided(id, decorator, detail)
        return found

    def _is_generic(self, cls: Base) -> bool:
        """True for what Cython makes a class of without `Generic` above it, as there is at run time."""
        return "typing.Generic" in (entry.name for entry in self._evaluator.classes.order(cls))

    def _result(self, site: Site, decorator: Expr, given: Base) -> Value | None:
        results = {
            result
            for function in self._evaluator.values(site, decorator)
            for result in self._evaluator.calls.invoked(site, function, Arguments(((given,),)), decorator)
        }
        return results.pop() if len(results) == 1 else None

    def _keeps(self, id: ClassId, decorator: Expr) -> bool:
        """True if the decorator is known to give back the class, or its function says so at a glance."""
        if isinstance(decorator, Lambda):
            return isinstance(decorator.body, Name) and decorator.parameters == (decorator.body.id,)
        called = isinstance(decorator, Call)
        func = decorator.func if isinstance(decorator, Call) else decorator
        kept = (Handing.DECORATOR if called else Handing.ARGUMENT, Handing.EITHER)
        if not isinstance(func, Name | Attribute):
            return False
        targets = self._names.at_runtime(self._names.enclosing(id), func, id.line)
        return bool(targets) and all(self._hands_on(target, kept) for target in targets)

    def _hands_on(self, target: Target, kept: tuple[Handing, Handing]) -> bool:
        match target:
            case FunctionTarget(id=function):
                known = self._evaluator.naming.function(function) in _KEEPING
                return known or self._names.function_facts(function).hands_on in kept
            case ClassTarget(id=cls):
                return self._evaluator.naming.of(cls) in _KEEPING
            case OutsideTarget(name=name):
                return name in _KEEPING or name.startswith(_KEEPING_BELOW)
            case _:
                return False

    def by_metaclass(self, id: ClassId, metaclass: Value, bases: Sequence[Base], order: Order) -> Order | str:
        """The order that a class has from its metaclass; a text says why that is not known."""
        if isinstance(metaclass, Callee):
            return self._by_function(id, metaclass, bases)
        if not isinstance(metaclass, ReadBase | MadeBase):
            return order
        for entry in self._evaluator.classes.order(metaclass):
            if entry.id and self._names.bindings(entry.id, "mro"):
                return self._by_mro(id, metaclass)
            if entry.id and (other := self._passing_other_bases(entry.id)):
                own = self._evaluator.read(id)
                passed = ((Known(self._names.class_facts(id).name),), (Row(tuple(bases)),))
                body = (Namespace(own, given=True),)
                made = self._made(id, Callee(other), Arguments(((metaclass,), *passed, body)))
                return made or f"{entry.name}.__new__ makes the class with other bases"
            if entry.id and (renamed := self._renamed(id, entry.id, metaclass)):
                name, qualname = renamed
                if qualname is None:
                    return f"{entry.name}.__new__ gives the class another {name}"
                self._evaluator.naming.rename(id, qualname)
                return (order[0]._replace(name=self._evaluator.naming.of(id)), *order[1:])
        return order

    def _by_function(self, id: ClassId, function: Callee, bases: Sequence[Base]) -> Order | str:
        own = self._evaluator.read(id)
        name = self._names.class_facts(id).name
        given = ((Known(name),), (Row(tuple(bases)),), (Namespace(own, given=True),))
        return self._made(id, function, Arguments(given)) or (
            f"its metaclass is the function {self._names.function_facts(function.id).name}"
        )

    def _made(self, id: ClassId, function: Value, passed: Arguments) -> Order | None:
        written = Name(self._names.class_facts(id).name, id.line)
        site = Site(self._names.enclosing(id), id.line)
        match self._evaluator.calls.invoked(site, function, passed, written):
            case (ReadBase() | LiveBase() | MadeBase() as made,) if getattr(made, "problem", None) is None:
                return self._evaluator.classes.order(made)
            case _:
                return None

    def _by_mro(self, id: ClassId, metaclass: Base) -> Order | str:
        """The order that `mro()` of the metaclass returns."""
        own = self._evaluator.read(id)
        site = Site(self._names.enclosing(id), id.line)
        written = Name("mro", id.line)
        methods = self._evaluator.classes.attribute(metaclass, "mro", written)
        results = [
            result
            for method in methods
            for result in self._evaluator.calls.invoked(site, method, Arguments(((own,),)), written)
        ]
        match results:
            case [Row(items=items)]:
                classes = [one for one in items if isinstance(one, ReadBase | LiveBase | MadeBase)]
                if len(classes) == len(items):
                    return tuple(self._evaluator.classes.order(one)[0] for one in classes)
        return f"its metaclass {metaclass} defines mro()"

    def _own_new(self, id: ClassId) -> Iterator[FunctionFacts]:
        """The `__new__` of a metaclass, with its body."""
        for binding in self._names.bindings(id, "__new__"):
            if isinstance(binding, FunctionBinding):
                self._names.with_bodies(id.path)
                yield self._names.function_facts(FunctionId(id.path, binding.line))

    def _passing_other_bases(self, id: ClassId) -> FunctionId | None:
        """The `__new__` of a metaclass that gives `type.__new__` other bases than it was given."""
        for facts in self._own_new(id):
            if _passes_other_bases(facts) or self._rebinds_bases(id, facts):
                return FunctionId(id.path, facts.line)
        return None

    def _rebinds_bases(self, id: ClassId, facts: FunctionFacts) -> bool:
        given = [parameter.name for parameter in facts.parameters[2:3]]
        scope = ScopeId(id.path, facts.line)
        return any(self._names.bindings(scope, name) for name in given)

    def _renamed(self, id: ClassId, metaclass: ClassId, given: Base) -> tuple[str, str | None] | None:
        """The special name that `__new__` of a metaclass writes, and the `__qualname__` if it is known."""
        written = next(((f, w) for f in self._own_new(metaclass) for w in _written_names(f.body)), None)
        if written is None:
            return None
        facts, (name, value) = written
        callee, call = Callee(FunctionId(metaclass.path, facts.line)), Name(facts.name, id.line)
        site = Site(self._names.enclosing(id), id.line)
        own = self._evaluator.read(id)
        body = (
            (given,),
            (Known(self._names.class_facts(id).name),),
            (Row(()),),
            (Namespace(own, given=True),),
        )
        frame = self._evaluator.calls.frame(callee, site, Arguments(body), call)
        if frame is None or name != "__qualname__":
            return name, None
        match self._evaluator.one(Site(frame.function, value.line, frame), value):
            case Known(value=str(qualname)):
                return name, qualname
            case _:
                return name, None


def _undecided(id: ClassId, decorator: Expr, detail: str) -> MroProblem:
    return MroProblem(code="class-decorator", path=id.path, line=decorator.line, detail=detail)


def _passes_other_bases(facts: FunctionFacts) -> bool:
    """True if a call of `__new__` gets other bases, or no call at all gets those that were given."""
    named = [one.name for one in facts.parameters[2:3] if one.kind is ParameterKind.POSITIONAL]
    bases = named[0] if named else None
    if bases is None or facts.body is None:
        return False
    calls = [site.call for site in facts.body.calls]
    for call in calls:
        match call:
            case Call(func=Attribute(attr="__new__"), args=(_, _, given, _)):
                return not (isinstance(given, Name) and given.id == bases)
    return not any(isinstance(arg, Name) and arg.id == bases for call in calls for arg in call.args)


def _written_names(body: Body | None) -> Iterator[tuple[str, Expr]]:
    """`__module__` or `__qualname__`, where a function puts it into a dict, with the value."""
    for store in body.stores if body else ():
        word = text(store.target.index) if isinstance(store.target, Subscript) else None
        if word in _SPECIAL and store.value is not None:
            yield word, store.value
    for site in body.calls if body else ():
        yield from ((key, value) for key, value in site.call.keywords if key in _SPECIAL)
