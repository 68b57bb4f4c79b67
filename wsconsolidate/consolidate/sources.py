"""Where a value of a frame comes from: a formula, or a function that somebody was given."""

from collections.abc import Sequence
from dataclasses import dataclass

from wsconsolidate.consolidate.template import SELF, Template, constructor
from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Lambda, Name, unparse
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import (
    Class,
    ClassTarget,
    Function,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    Program,
    ScopeId,
    ValueTarget,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a formula free of local names, and who may have been given another one."""

    formula: str
    given_to: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Follows values in the methods of a class, and on the ways of an emitter whose templates are `known`."""

    program: Program
    known: Sequence[Template]

    def of(self, scope: ScopeId, expr: Expr, one: Class | None) -> Source | None:
        """Where a value comes from; None if that is not known."""
        if isinstance(expr, Constant):
            return Source(repr(expr.value), "")
        if isinstance(expr, Call) and not expr.args and not expr.keywords:
            found = self._function_value(scope, expr.func, one)
            if found is not None:
                return found
        return _made(self._formula(scope, expr), "")

    def _function_value(self, scope: ScopeId, func: Expr, one: Class | None) -> Source | None:
        """What calling a function without arguments gives, if its body is one formula."""
        match func:
            case Attribute(value=Name(id="self"), attr=attr) if one is not None:
                return self._attribute_value(one, attr, unparse(func))
            case Attribute(value=Attribute(value=Name(id=name)) as owner, attr=attr) if name == SELF:
                holders = self._managers() if _is_receiver(self.known, owner) else []
                return self._attribute_value(holders[0], attr, unparse(func)) if len(holders) == 1 else None
            case Name(id=name):
                default = self._default(scope, name)
                if default is not None:
                    return self._called(*default, given_to=name)
        return self._called(scope, func, given_to="")

    def _managers(self) -> list[Class]:
        """The classes of the tree whose sinks the emitter calls."""
        owners = {self.program.functions[id].owner for one in self.known for id in one.sinks}
        return [found for found in map(self.program.class_, sorted(filter(None, owners))) if found]

    def _attribute_value(self, one: Class, attribute: str, text: str) -> Source | None:
        """The value of an attribute that is called: what the constructor was given, or its default."""
        parameter = constructor(self.program, one).get(attribute)
        init = self.program.method(one, "__init__")
        if parameter is None or parameter.default is None or init is None:
            return None
        outer = ScopeId(init.path, MODULE_SCOPE)
        return self._called(outer, parameter.default, given_to=text)

    def _default(self, scope: ScopeId, name: str) -> tuple[ScopeId, Expr] | None:
        """The default of a parameter of an enclosing function."""
        known = self.program.scope(scope)
        while known is not None and known.line:
            function = next(
                (f for f in self.program.files[scope.path].facts.functions if f.line == known.line), None
            )
            for parameter in function.parameters if function else ():
                if parameter.name == name and parameter.default is not None:
                    return ScopeId(scope.path, MODULE_SCOPE), parameter.default
            known = self.program.scope(ScopeId(scope.path, known.parent or 0))
        return None

    def _called(self, scope: ScopeId, func: Expr, *, given_to: str) -> Source | None:
        """The formula of a lambda or of a function that only returns one."""
        if isinstance(func, Lambda) and not func.parameters:
            return _made(self._formula(scope, func.body), given_to)
        targets = self.program.lookup.targets(scope, func) if isinstance(func, Name | Attribute) else ()
        for target in targets:
            if isinstance(target, FunctionTarget):
                function = self.program.functions.get(target.id)
                returned = _only_returned(function) if function else None
                formula = self._formula(function.scope, returned) if function and returned else None
                return _made(formula, given_to)
            if isinstance(target, OutsideTarget):
                return Source(f"{target.name}()", given_to)
        return None

    def _formula(self, scope: ScopeId, expr: Expr) -> str | None:
        """An expression with full names; None where a name in it is local."""
        match expr:
            case Constant(value=value):
                return repr(value)
            case Name() | Attribute():
                return self._full_name(scope, expr)
            case Call(func=func, args=args, keywords=keywords):
                inside = [self._formula(scope, one) for one in args]
                named = [(key, self._formula(scope, value)) for key, value in keywords]
                called = self._formula(scope, func)
                if called is None or None in inside or any(value is None for _, value in named):
                    return None
                return f"{called}({', '.join(map(str, inside))}{named or ''})"
            case _:
                return None

    def _full_name(self, scope: ScopeId, expr: Name | Attribute) -> str | None:
        for target in self.program.lookup.targets(scope, expr):
            match target:
                case OutsideTarget(name=name) | ModuleTarget(name=name):
                    return name
                case ClassTarget(id=id):
                    found = self.program.class_(id)
                    return found.qualname if found else None
                case ValueTarget(scope=place, line=line):
                    return f"{place.path}:{line}"
        inner = self._formula(scope, expr.value) if isinstance(expr, Attribute) else None
        return f"{inner}.{expr.attr}" if inner is not None and isinstance(expr, Attribute) else None


def _made(formula: str | None, given_to: str) -> Source | None:
    return None if formula is None else Source(formula, given_to)


def _is_receiver(known: Sequence[Template], owner: Attribute) -> bool:
    """True for the attribute through which the emitter reaches the sink."""
    return any(unparse(one.receiver) == unparse(owner) for one in known)


def _only_returned(function: Function) -> Expr | None:
    """What a function returns that does nothing else."""
    body = function.facts.body
    if body is None or len(body.returns) != 1 or body.stores or body.loops or function.facts.is_async:
        return None
    return body.returns[0]
