"""Which statements run when a module is imported: conditions, and imports that may fail."""

from collections.abc import Callable

from wsconsolidate.link.conditions import Conditions, Interpreter, Resolve
from wsconsolidate.link.live import is_library, library_has
from wsconsolidate.link.modules import Modules
from wsconsolidate.model.expr import Expr, dotted, walk
from wsconsolidate.model.facts import MODULE_SCOPE, Branch, Guard, ImportBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import OutsideTarget, ScopeId, Target

_IMPORT_ERRORS = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))


Member = Callable[[str, str], tuple[Target, ...]]
"""What an attribute of the module of this name stands for when the program runs."""


class Reach:
    """Decides the guards that statements stand under; every answer is kept."""

    def __init__(self, modules: Modules, target: Interpreter, resolve: Resolve, member: Member) -> None:
        self._modules = modules
        self._member = member
        self._conditions = Conditions(target, resolve)
        self._decided: dict[tuple[ScopeId, int], bool | None] = {}
        self._imports: dict[str, bool] = {}

    def runs(self, scope: ScopeId, guards: tuple[Guard, ...]) -> bool | None:
        """Whether a statement under these guards runs; None if that cannot be decided."""
        states = [self._holds(scope, guard) for guard in guards]
        if False in states:
            return False
        return None if None in states else True

    def _holds(self, scope: ScopeId, guard: Guard) -> bool | None:
        match guard.branch:
            case Branch.IF:
                return self._truth(scope, guard)
            case Branch.ELSE:
                return _opposite(self._truth(scope, guard))
            case Branch.TRY:
                return self._succeeds(scope, guard)
            case Branch.EXCEPT:
                return _opposite(self._succeeds(scope, guard))
            case Branch.WITH:
                return True
            case _:
                return None

    def _truth(self, scope: ScopeId, guard: Guard) -> bool | None:
        key = (scope, guard.line)
        if key not in self._decided:
            self._decided[key] = None  # a condition that hangs on itself is not known
            self._decided[key] = self._conditions.decide(scope, guard.test, guard.line)
        return self._decided[key]

    def decide(self, scope: ScopeId, test: Expr, line: int) -> bool | None:
        """The truth of an expression on a line, None if only the running program knows."""
        return self._conditions.decide(scope, test, line)

    def _succeeds(self, scope: ScopeId, guard: Guard) -> bool | None:
        """Whether the imports of a try statement work; True where it is not about imports at all."""
        caught = {_last(part) for part in walk(guard.test)} if guard.test else _IMPORT_ERRORS
        if not _IMPORT_ERRORS & caught:
            return True
        imports = [
            binding
            for binding in self._modules.all_bindings(scope)
            if isinstance(binding, ImportBinding)
            and any(arm.branch is Branch.TRY and arm.line == guard.line for arm in binding.guards)
        ]
        if not imports:
            return None if guard.branch is Branch.EXCEPT else True
        return all(self._importable(self._modules.module_at(scope.path), binding) for binding in imports)

    def _importable(self, module: Module, binding: ImportBinding) -> bool:
        origin = module.origin(binding)
        found = self._modules.module(origin, runtime=True)
        if found is None:
            return self._modules.is_namespace(origin) or library_has(origin, binding.attribute)
        if not self._imported(found):
            return False
        attribute = binding.attribute
        if attribute in (None, "*"):
            return True
        unknown = OutsideTarget(f"{origin}.{attribute}")
        if self._member(origin, str(attribute)) != (unknown,):
            return True
        return not found.in_tree and (not is_library(origin) or library_has(origin, attribute))

    def _imported(self, module: Module) -> bool:
        """True if the imports that a module of the tree makes in any case work; a cycle counts as working."""
        if not module.in_tree:
            return True
        if module.name not in self._imports:
            self._imports[module.name] = True
            self._imports[module.name] = all(
                self._importable(module, binding)
                for binding in self._modules.all_bindings(ScopeId(module.path, MODULE_SCOPE))
                if isinstance(binding, ImportBinding) and not binding.guards
            )
        return self._imports[module.name]


def _opposite(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _last(expr: Expr) -> str | None:
    name = dotted(expr)
    return name.rpartition(".")[2] if name else None
