"""What statements of the tree replace from outside: attributes of modules and classes, and `__bases__`."""

from collections.abc import Iterator

from wsconsolidate.link.binding import unique
from wsconsolidate.link.conditions import Resolve
from wsconsolidate.link.modules import Modules
from wsconsolidate.link.reach import Reach
from wsconsolidate.model.facts import MODULE_SCOPE, Patch
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ClassId, ClassTarget, ScopeId, Target, ValueTarget


class Patched:
    """The patches of the tree by the attribute that they replace."""

    def __init__(self, modules: Modules, reach: Reach, resolve: Resolve) -> None:
        self._reach = reach
        self._resolve = resolve
        self._by_attribute: dict[str, list[tuple[Module, Patch]]] = {}
        for module in modules.tree:
            for patch in module.facts.patches:
                self._by_attribute.setdefault(patch.attribute, []).append((module, patch))

    def besides(self, owner: Target, attribute: str, found: tuple[Target, ...]) -> tuple[Target, ...]:
        """What an attribute of a module or class is, and what statements elsewhere may make of it."""
        if attribute not in self._by_attribute:
            return found
        return unique((*found, *self._set_on(owner, attribute)))

    def _set_on(self, owner: Target, attribute: str) -> Iterator[Target]:
        for module, patch in self._by_attribute[attribute]:
            scope = ScopeId(module.path, MODULE_SCOPE)
            runs = patch.loop is None and self._reach.runs(scope, patch.guards) is not False
            if runs and self._resolve(scope, patch.target, patch.line) == (owner,):
                yield from self._followed(ValueTarget(scope, patch.value, None, patch.line))

    def _followed(self, target: ValueTarget) -> tuple[Target, ...]:
        found = self._resolve(target.scope, target.value, target.line) if target.value else ()
        return found or (target,)

    def bases(self, id: ClassId) -> tuple[Module, Patch] | None:
        """The statement that gives a class other bases, if there is one."""
        for module, patch in self._by_attribute.get("__bases__", ()):
            scope = ScopeId(module.path, MODULE_SCOPE)
            if self._resolve(scope, patch.target, patch.line) == (ClassTarget(id),):
                return module, patch
        return None
