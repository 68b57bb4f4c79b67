"""What changes a class after its statement was read: decorators, and metaclasses with bases of their own."""

from wsconsolidate.link.live import is_library
from wsconsolidate.link.names import Names
from wsconsolidate.model.expr import Attribute, Call, Expr, Name, unparse
from wsconsolidate.model.facts import FunctionBinding, FunctionFacts, Handing
from wsconsolidate.model.program import ClassId, FunctionId, FunctionTarget, MroProblem, ScopeId

_KEEPING = frozenset(
    (
        "dataclasses.dataclass",
        "unittest.case.skip",
        "unittest.case.skipIf",
        "unittest.case.skipUnless",
        "unittest.mock.patch",
    )
)
"""Functions of the standard library whose result has the order of the class it is given."""


class Changes:
    """Judges decorators and metaclasses by what their functions return."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def problem(self, id: ClassId) -> MroProblem | None:
        """The decorator that gives back something else than the class, None if there is none."""
        for decorator in self._names.class_facts(id).decorators:
            if not self._keeps(id, decorator):
                detail = f"what `@{unparse(decorator)}` gives back is decided at run time"
                return MroProblem(code="class-decorator", path=id.path, line=decorator.line, detail=detail)
        return None

    def _keeps(self, id: ClassId, decorator: Expr) -> bool:
        """True unless the decorator is a function of the tree or the library that returns another value."""
        called = isinstance(decorator, Call)
        func = decorator.func if isinstance(decorator, Call) else decorator
        if not isinstance(func, Name | Attribute):
            return True
        kept = Handing.DECORATOR if called else Handing.ARGUMENT
        return all(
            self._names.function_facts(target.id).hands_on in (kept, Handing.EITHER)
            for target in self._names.at_runtime(self._names.enclosing(id), func, id.line)
            if isinstance(target, FunctionTarget) and self._is_judged(target)
        )

    def _is_judged(self, target: FunctionTarget) -> bool:
        module = self._names.module_at(target.id.path)
        name = f"{module.name}.{self._names.function_facts(target.id).qualname}"
        return (module.in_tree or is_library(module.name)) and name not in _KEEPING

    def makes_other_bases(self, id: ClassId) -> bool:
        """True if the class, used as a metaclass, gives `type.__new__` other bases than it was given."""
        return any(
            _passes_other_bases(self._names.function_facts(FunctionId(id.path, binding.line)))
            for binding in self._names.bindings(ScopeId(*id), "__new__")
            if isinstance(binding, FunctionBinding)
        )


def _passes_other_bases(facts: FunctionFacts) -> bool:
    given = [parameter.name for parameter in facts.parameters[:3]]
    for site in facts.body.calls if facts.body else ():
        match site.call:
            case Call(func=Attribute(attr="__new__"), args=(_, _, bases, _)):
                return not (isinstance(bases, Name) and bases.id in given)
    return False
