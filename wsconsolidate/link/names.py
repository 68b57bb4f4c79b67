"""What a name stands for: scopes, imports of every kind, aliases and re-exports."""

import builtins
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from wsconsolidate.link.altered import is_changed
from wsconsolidate.link.binding import (
    arms,
    complement,
    declared_global,
    for_type_checkers,
    in_order,
    is_deletion,
    unique,
    written_in,
)
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.exports import Exports
from wsconsolidate.link.live import alias_origin, library_has, live_class
from wsconsolidate.link.modules import BodyReader, ModuleLoader, Modules
from wsconsolidate.link.patched import Patched
from wsconsolidate.link.reach import Reach
from wsconsolidate.link.unread import Nothing, Unread
from wsconsolidate.model.expr import Attribute, Expr, Name
from wsconsolidate.model.facts import (
    MODULE_SCOPE,
    Binding,
    ClassBinding,
    FunctionBinding,
    ImportBinding,
    OtherBinding,
    ScopeKind,
    ValueBinding,
)
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import (
    ClassId,
    ClassTarget,
    FunctionId,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    ScopeId,
    Target,
    ValueTarget,
)

Order = Callable[[ClassId], Iterable[tuple[str, ClassId | None]]]
Lazy = Callable[[str, str], tuple[Target, ...]]
"""What the `__getattr__` of the module at a path gives for a name (PEP 562)."""


class Names(Modules):
    """Resolves names in two views.

    With `runtime` a name is what CPython binds when the program runs: installed modules and the
    standard library are read, `if TYPE_CHECKING:` never runs. Without, it is what a reader of the
    tree means by it, in annotations above all: nothing outside of the tree is read, and a name that
    only a type checker sees counts.
    """

    def __init__(
        self,
        modules: Iterable[Module],
        load: ModuleLoader,
        target: Interpreter,
        read_bodies: BodyReader = lambda module: module,
        far: Unread = Nothing(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(modules, load, read_bodies, far)
        self.target = target
        self.order: Order = _itself
        self.lazy: Lazy = lambda _path, _name: ()
        self.reach = Reach(self, target, self.at_runtime, partial(self.module_member, runtime=True))
        self._stars = Exports(self, self.at_runtime)
        self.patched = Patched(self, self.reach, self.at_runtime)
        self._found: dict[tuple[ScopeId, str, int | None, bool], tuple[Target, ...]] = {}
        self._looked_up: dict[tuple[ScopeId, str, int | None, bool], tuple[Target, ...]] = {}
        self._open: set[tuple[ScopeId, str, int | None, bool]] = set()
        self._open_aliases: set[tuple[ScopeId, Name | Attribute, bool]] = set()

    def is_changed(self, scope: ScopeId, name: str) -> bool:
        """True if a list or dict that the name holds may be changed after it was written down."""
        function = self._functions.get(FunctionId(*scope))
        return is_changed(self.with_bodies(scope.path).facts, function.body if function else None, name)

    def targets(
        self, scope: ScopeId, expr: Expr, *, before: int | None = None, runtime: bool = False
    ) -> tuple[Target, ...]:
        """What `expr` stands for in `scope`, aliases followed.

        With `before` only bindings above that line count, as for code that runs when its module is
        imported; without, the names are those the finished module has.
        """
        return tuple(self._followed(self._direct(scope, expr, before, runtime), runtime))

    def _direct(self, scope: ScopeId, expr: Expr, before: int | None, runtime: bool) -> tuple[Target, ...]:
        match expr:
            case Name(id=name):
                return self._lookup(scope, name, before, runtime)
            case Attribute(value=value, attr=attr):
                owners = self.targets(scope, value, before=before, runtime=runtime)
                found = (self.member(owner, attr, runtime=runtime) for owner in owners)
                return unique(target for targets in found for target in targets)
            case _:
                return (ValueTarget(scope, expr, None, expr.line),)

    def _followed(self, targets: tuple[Target, ...], runtime: bool) -> Iterator[Target]:
        """The targets with each plain alias, `a = b.c`, replaced by what it stands for."""
        for target in targets:
            match target:
                case ValueTarget(value=Name() | Attribute() as alias, scope=scope, line=line):
                    yield from self._alias(target, scope, alias, line, runtime)
                case _:
                    yield target

    def _alias(
        self, target: Target, scope: ScopeId, alias: Name | Attribute, line: int, runtime: bool
    ) -> tuple[Target, ...]:
        key = (scope, alias, runtime)
        if key in self._open_aliases:
            return (target,)
        self._open_aliases.add(key)
        found = self.targets(scope, alias, before=line, runtime=runtime)
        self._open_aliases.discard(key)
        return found or (target,)

    def member(self, owner: Target, attr: str, *, runtime: bool) -> tuple[Target, ...]:
        """What `owner.attr` stands for."""
        match owner:
            case ModuleTarget(name=name):
                return self.module_member(name, attr, runtime=runtime)
            case ClassTarget(id=id):
                return self._class_member(id, attr, runtime)
            case OutsideTarget(name=name):
                return (OutsideTarget(f"{name}.{attr}"),)
            case _:
                return ()

    def module_member(self, name: str, attr: str, *, runtime: bool) -> tuple[Target, ...]:
        """What attribute `attr` of module `name` stands for once the module is imported."""
        if alias_origin(f"{name}.{attr}"):
            return (OutsideTarget(f"{name}.{attr}"),)
        module = self.module(name, runtime=runtime)
        if module is not None:
            found = self._bound(ScopeId(module.path, MODULE_SCOPE), attr, None, runtime)
            if found:
                return self.patched.besides(ModuleTarget(name), attr, found) if runtime else found
        submodule = f"{name}.{attr}"
        if submodule in self._packages or self.module(submodule, runtime=runtime):
            return (ModuleTarget(submodule),)
        made = self.lazy(module.path, attr) if module is not None and attr != "__getattr__" else ()
        return made or (OutsideTarget(submodule),)

    def _class_member(self, id: ClassId, attr: str, runtime: bool) -> tuple[Target, ...]:
        """What `attr` of the class stands for; nothing where a class above is not known."""
        for name, below in self.order(id):
            found = self._bound(below, attr, None, runtime) if below else ()
            if found and below:
                return self.patched.besides(ClassTarget(below), attr, found) if runtime else found
            if name.startswith("?"):
                return ()
            if below is None and attr in vars(live_class(name) or object):
                return (OutsideTarget(f"{name}.{attr}"),)
        return ()

    def unfollowed(self, scope: ScopeId, name: str, before: int | None) -> tuple[Target, ...]:
        """What a name stands for when the program runs, aliases not followed."""
        return self._lookup(scope, name, before, runtime=True)

    def bound(self, scope: ScopeId, name: str, before: int | None) -> tuple[Target, ...]:
        """What a name stands for in this very scope when the program runs, nothing if it is not bound."""
        return self._bound(scope, name, before, runtime=True)

    def imported(self, scope: ScopeId, binding: ImportBinding) -> tuple[Target, ...]:
        """What an import statement binds its name to when the program runs."""
        return self._imported(self.module_at(scope.path), binding.name, binding, runtime=True)

    def with_bodies(self, path: str) -> Module:
        """The module whose file has this path, with the bodies of its functions."""
        if path not in self._with_bodies:
            self._looked_up.clear()  # there will be scopes that were not looked into
        return super().with_bodies(path)

    def _lookup(self, scope: ScopeId, name: str, before: int | None, runtime: bool) -> tuple[Target, ...]:
        """What `name` stands for, kept unless something is open on which it may lean."""
        key = (scope, name, before, runtime)
        found = self._looked_up.get(key)
        if found is None:
            leans = bool(self._open)
            found = self._found_around(scope, name, before, runtime)
            if not leans:
                self._looked_up[key] = found
        return found

    def _found_around(
        self, scope: ScopeId, name: str, before: int | None, runtime: bool
    ) -> tuple[Target, ...]:
        """What `name` stands for, searched from `scope` outwards and among the builtins.

        What is bound only below the line counts where there is nothing else, as in a loop.
        """
        found = self._search(scope, name, before, runtime)
        if not found and before is not None and not hasattr(builtins, name):
            found = self._search(scope, name, None, runtime)
        return found or (OutsideTarget(f"builtins.{name}"),)

    def _search(self, scope: ScopeId, name: str, before: int | None, runtime: bool) -> tuple[Target, ...]:
        for current in self.outwards(scope):
            kind = self.kind(current)
            if current == scope or kind is not ScopeKind.CLASS:
                found = self._bound(current, name, before, runtime)
                if found:
                    return found
            before = None if kind is ScopeKind.FUNCTION else before
        return ()

    def _bound(self, scope: ScopeId, name: str, before: int | None, runtime: bool) -> tuple[Target, ...]:
        """What `name` stands for in this very scope, nothing if it is not bound there."""
        key = (scope, name, before, runtime)
        if key not in self._found:
            if key in self._open:
                return ()
            self._open.add(key)
            chosen = self._chosen(scope, name, before, runtime)
            targets = [t for binding in chosen for t in self._targets(scope, name, binding, runtime)]
            self._found[key] = unique(targets) or self._parameter(scope, name)
            self._open.discard(key)
        return self._found[key]

    def _parameter(self, scope: ScopeId, name: str) -> tuple[Target, ...]:
        facts = self._functions.get(FunctionId(*scope))
        for parameter in facts.parameters if facts else ():
            if parameter.name == name:
                return (ValueTarget(scope, None, parameter.annotation, scope.line),)
        return ()

    def _chosen(self, scope: ScopeId, name: str, before: int | None, runtime: bool) -> list[Binding]:
        """The bindings that may be in force: the last certain one and the possible ones after it."""
        chosen: list[Binding] = []
        table = self.table(scope)
        for binding in in_order(table.get(name, ()), table.get("*", ())):
            if before is not None and binding.line >= before:
                continue
            if binding.name == "*" and not self._exports(scope, binding, name, runtime):
                continue
            reached = self.reach.runs(scope, binding.guards)
            if reached is False:
                continue
            if reached or is_deletion(binding):
                chosen = [other for other in chosen if declared_global(other)]
            elif arm := complement(binding.guards):
                chosen = [other for other in chosen if arm in arms(other)] or chosen
            if not is_deletion(binding):
                chosen.append(binding)
        return chosen if chosen or runtime else [b for b in table.get(name, ()) if for_type_checkers(b)]

    def _targets(self, scope: ScopeId, name: str, binding: Binding, runtime: bool) -> tuple[Target, ...]:
        match binding:
            case ClassBinding(line=line):
                return (ClassTarget(ClassId(scope.path, line)),)
            case FunctionBinding(line=line):
                return (FunctionTarget(FunctionId(scope.path, line)),)
            case ImportBinding():
                return self._imported(self.module_at(scope.path), name, binding, runtime)
            case ValueBinding(value=value, annotation=annotation, line=line):
                return (ValueTarget(written_in(scope, binding), value, annotation, line),)
            case OtherBinding(line=line):
                return (ValueTarget(scope, None, None, line),)

    def _imported(
        self, module: Module, name: str, binding: ImportBinding, runtime: bool
    ) -> tuple[Target, ...]:
        if binding.attribute is None:
            return (
                ModuleTarget(module.source_root.within(binding.module if binding.renamed else binding.name)),
            )
        attribute = name if binding.name == "*" else binding.attribute
        return self.module_member(module.origin(binding), attribute, runtime=runtime)

    def _exports(self, scope: ScopeId, star: Binding, name: str, runtime: bool) -> bool:
        """True if `from module import *` brings `name`."""
        assert isinstance(star, ImportBinding)  # noqa: S101 - only imports are called `*`
        origin = self.module_at(scope.path).origin(star)
        module = self.module(origin, runtime=runtime)
        if module is None:
            return runtime and not name.startswith("_") and library_has(origin, name)
        if module.path == scope.path:
            return False
        listed = self._stars.listed(module)
        if listed is not None:
            return name in listed
        return not name.startswith("_") and self.binds(module, name, runtime=runtime)

    def binds(self, module: Module, name: str, *, runtime: bool) -> bool:
        """True if the module binds the name at its top level."""
        return bool(self._bound(ScopeId(module.path, MODULE_SCOPE), name, None, runtime))

    def at_runtime(self, scope: ScopeId, expr: Expr, before: int) -> tuple[Target, ...]:
        """What `expr` stands for when the program reaches that line."""
        return self.targets(scope, expr, before=before, runtime=True)


def _itself(id: ClassId) -> Iterable[tuple[str, ClassId | None]]:
    """The order of a class before anybody computes orders."""
    return (("", id),)
