"""The full names of classes and functions, `__module__` and `__qualname__`, as CPython has them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wsconsolidate.link.binding import parents
from wsconsolidate.link.exports import Exports
from wsconsolidate.link.values import Known, Site
from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Name, walk
from wsconsolidate.model.facts import MODULE_SCOPE, Patch, ValueBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ClassId, ClassTarget, FunctionId, ScopeId

if TYPE_CHECKING:
    from wsconsolidate.link.evaluate import Evaluator

_MODULE_NAMES = {
    "_collections_abc": "collections.abc",
    "importlib._bootstrap": "_frozen_importlib",
    "importlib._bootstrap_external": "_frozen_importlib_external",
}
"""Modules of the standard library that the interpreter calls otherwise."""
_EVERYTHING = frozenset(("locals", "globals", "vars", "dir"))


class Naming:
    """Names, each computed once."""

    def __init__(self, evaluator: "Evaluator") -> None:
        self._evaluator = evaluator
        self._names = evaluator.names
        self._known: dict[ClassId, str] = {}
        self._modules: dict[str, str] = {}

    def of(self, id: ClassId) -> str:
        """`__module__.__qualname__` of a class that was read."""
        if id not in self._known:
            qualname = self._said(id, "__qualname__") or self._names.class_facts(id).qualname
            self._known[id] = f"{self.module(id.path)}.{qualname}"
            module = self._said(id, "__module__") or self._patched(id) or self.module(id.path)
            self._known[id] = f"{module}.{qualname}"
        return self._known[id]

    def rename(self, id: ClassId, qualname: str) -> None:
        """Note the `__qualname__` that its metaclass gives a class."""
        module = self.of(id)[: -len(self._names.class_facts(id).qualname) - 1]
        self._known[id] = f"{module}.{qualname}"

    def function(self, id: FunctionId) -> str:
        """The full name of a function that was read."""
        return f"{self._names.module_at(id.path).name}.{self._names.function_facts(id).qualname}"

    def module(self, path: str) -> str:
        """What a module calls itself: its name, unless it assigns `__name__`."""
        if path not in self._modules:
            name = self._names.module_at(path).name
            self._modules[path] = self._assigned(
                ScopeId(path, MODULE_SCOPE), "__name__"
            ) or _MODULE_NAMES.get(name, name)
        return self._modules[path]

    def untold(self, id: ClassId) -> str | None:
        """The name that a class body computes, so that nobody can tell it; None if there is none."""
        return next(
            (
                name
                for name in ("__module__", "__qualname__")
                if self._names.bindings(id, name) and self._said(id, name) is None
            ),
            None,
        )

    def _said(self, id: ClassId, name: str) -> str | None:
        return self._assigned(id, name)

    def _assigned(self, scope: ScopeId, name: str) -> str | None:
        """The string that a scope binds a special name to."""
        for binding in reversed(self._names.bindings(scope, name)):
            if isinstance(binding, ValueBinding) and binding.value is not None:
                return self._text(Site(scope, binding.line), binding.value)
        return None

    def _text(self, site: Site, expr: Expr) -> str | None:
        match self._evaluator.one(site, expr):
            case Known(value=str(value)):
                return value
            case _:
                return None

    def _patched(self, id: ClassId) -> str | None:
        """The `__module__` that its module or a package above gives the class afterwards."""
        found = None
        for module in self._above(id):
            for patch in module.facts.patches:
                if patch.attribute == "__module__" and self._reaches(module, patch, id):
                    found = (
                        self._text(Site(ScopeId(module.path, MODULE_SCOPE), patch.line), patch.value) or found
                    )
        return found

    def _above(self, id: ClassId) -> Iterator[Module]:
        own = self._names.module_at(id.path)
        yield own
        for name in parents(own.name):
            module = self._names.module(name, runtime=True)
            if module is not None:
                yield module

    def _reaches(self, module: Module, patch: Patch, id: ClassId) -> bool:
        scope = ScopeId(module.path, MODULE_SCOPE)
        if patch.loop is None:
            last = patch.target.attr if isinstance(patch.target, Attribute) else None
            name = patch.target.id if isinstance(patch.target, Name) else last
            likely = name is not None and self._names.class_facts(id).name == name
            return likely and self._names.at_runtime(scope, patch.target, patch.line) == (ClassTarget(id),)
        name = self._names.class_facts(id).name
        if not self._loops_over(module, patch.loop, name) or not self._guards_pass(patch, id):
            return False
        return self._names.bound(scope, name, None) == (ClassTarget(id),)

    def _loops_over(self, module: Module, loop: Expr, name: str) -> bool:
        """True if a loop visits everything of its module, or its `__all__` with the name in it."""
        parts = walk(loop)
        if any(isinstance(part, Name) and part.id == "__all__" for part in parts):
            return name in (Exports(self._names, self._names.at_runtime).listed(module) or ())
        return any(
            isinstance(part, Call) and isinstance(part.func, Name) and part.func.id in _EVERYTHING
            for part in parts
        )

    def _guards_pass(self, patch: Patch, id: ClassId) -> bool:
        """False if a condition asks for a module name that begins otherwise."""
        own = self._names.module_at(id.path).name
        for guard in patch.guards:
            match guard.test:
                case Call(func=Attribute(attr="startswith"), args=(Constant(value=str(start)),)):
                    if not own.startswith(start):
                        return False
        return True
