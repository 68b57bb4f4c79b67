"""What `from module import *` brings."""

from wsconsolidate.link.conditions import Resolve
from wsconsolidate.link.modules import Modules
from wsconsolidate.model.expr import Attribute, Container, Expr, Opaque, text
from wsconsolidate.model.facts import MODULE_SCOPE, Binding, ValueBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ModuleTarget, ScopeId


class Exports:
    """The names that modules list in `__all__`."""

    def __init__(self, modules: Modules, resolve: Resolve) -> None:
        self._modules = modules
        self._resolve = resolve
        self._listed: dict[str, frozenset[str] | None] = {}

    def listed(self, module: Module) -> frozenset[str] | None:
        """The names in a module's `__all__`, None if there is none or it is computed."""
        if module.path not in self._listed:
            self._listed[module.path] = None
            self._listed[module.path] = self._read(module)
        return self._listed[module.path]

    def _read(self, module: Module) -> frozenset[str] | None:
        names: set[str] = set()
        scope = ScopeId(module.path, MODULE_SCOPE)
        bindings = self._modules.bindings(scope, "__all__")
        for binding in bindings:
            found = self._added(scope, binding)
            if found is None:
                return None
            names = names | found if _grows(binding) else found
        return frozenset(names) if bindings else None

    def _added(self, scope: ScopeId, binding: Binding) -> set[str] | None:
        match binding:
            case ValueBinding(value=Opaque(syntax="AugAssign", parts=(value,))) | ValueBinding(value=value):
                return None if value is None else self._names_in(scope, value, binding.line)
            case _:
                return None

    def _names_in(self, scope: ScopeId, value: Expr, line: int) -> set[str] | None:
        match value:
            case Container(items=items):
                return {name for item in items if (name := text(item))}
            case Opaque(syntax="Add", parts=(left, right)):
                first, second = self._names_in(scope, left, line), self._names_in(scope, right, line)
                return None if first is None or second is None else first | second
            case Attribute(value=owner, attr="__all__"):
                return self._of_module(scope, owner, line)
            case _:
                return None

    def _of_module(self, scope: ScopeId, owner: Expr, line: int) -> set[str] | None:
        match self._resolve(scope, owner, line):
            case (ModuleTarget(name=name),):
                module = self._modules.module(name, runtime=True)
                listed = self.listed(module) if module else None
                return None if listed is None else set(listed)
            case _:
                return None


def _grows(binding: Binding) -> bool:
    """True for `__all__ += names`; under a condition any assignment may be one of several."""
    value = binding.value if isinstance(binding, ValueBinding) else None
    return bool(binding.guards) or (isinstance(value, Opaque) and value.syntax == "AugAssign")
