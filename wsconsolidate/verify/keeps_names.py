"""Are all public names, members, signatures and orders of inheritance as they were?"""

from collections.abc import Iterable, Iterator, Mapping

from wsconsolidate.model.expr import Constant, Container, Name, unparse
from wsconsolidate.model.facts import (
    MODULE_SCOPE,
    Binding,
    ClassBinding,
    FunctionBinding,
    FunctionFacts,
    ImportBinding,
    ValueBinding,
)
from wsconsolidate.model.program import Class, ClassTarget, MroStatus, Program, ScopeId
from wsconsolidate.verify.change import Change, Objection

_KINDS = ("property", "staticmethod", "classmethod", "cached_property", "functools.cached_property")


def objections(change: Change) -> Iterator[Objection]:
    """A public name that is gone, or a class of the tree with other members or another order."""
    before, after = change.programs
    for path in sorted(change.rewritten & set(before.files)):
        for reason in _offered_less(before, after, path):
            yield Objection(reason=f"{path} would {reason}", paths=(path,))
    replaced = {group.symbol for group in change.plan.groups}
    for old, new in _pairs(change):
        for reason in _differences(before, after, old, new, replaced):
            yield Objection(reason=f"{old.qualname} {reason}", paths=_paths(change, old, new))


def tried(change: Change) -> str:
    """How many classes the change can reach."""
    return f"{sum(1 for _ in _pairs(change))} classes, {len(change.sources)} modules"


def _offered_less(before: Program, after: Program, path: str) -> Iterator[str]:
    """What a module would not offer as it did."""
    scope = ScopeId(path, MODULE_SCOPE)
    for name in sorted(_public(before, path) - after.names(scope)):
        yield f"not offer {name} any more"
    yield from _changed(_functions(before, path), _functions(after, path), "another signature")
    yield from _changed(_values(before, scope), _values(after, scope), "another value")


def _changed(old: Mapping[str, str], new: Mapping[str, str], what: str) -> Iterator[str]:
    yield from (f"have {name} with {what}" for name in old if name in new and old[name] != new[name])


def _functions(program: Program, path: str) -> Mapping[str, str]:
    """The public functions of a module, each with its signature."""
    found = (one for one in program.functions.values() if one.path == path and one.owner is None)
    own = (one for one in found if "." not in one.facts.qualname and not one.name.startswith("_"))
    return {one.name: _signature(one.facts) for one in own}


def _values(program: Program, scope: ScopeId) -> Mapping[str, str]:
    """The public names that a module or class body binds by assignment, each with its value."""
    values = (one for one in program.bindings(scope) if isinstance(one, ValueBinding))
    return {one.name: unparse(one.value) for one in values if not one.name.startswith("_")}


def _public(program: Program, path: str) -> set[str]:
    """What a module defines for others, and the imported names that it says it hands on."""
    bindings = program.bindings(ScopeId(path, MODULE_SCOPE))
    own = {one.name for one in bindings if isinstance(one, (ClassBinding, FunctionBinding, ValueBinding))}
    imported = {one.name for one in bindings if isinstance(one, ImportBinding)}
    handed_on = imported if program.files[path].is_package else imported & _listed(bindings)
    return {name for name in own | handed_on if not name.startswith("_")}


def _listed(bindings: Iterable[Binding]) -> set[str]:
    """The names in `__all__`, as far as it is a display."""
    values = (one.value for one in bindings if isinstance(one, ValueBinding) and one.name == "__all__")
    items = (item for value in values if isinstance(value, Container) for item in value.items)
    return {item.value for item in items if isinstance(item, Constant) and isinstance(item.value, str)}


def _pairs(change: Change) -> Iterator[tuple[Class, Class]]:
    """Each class that the change can reach, and what stands for it afterwards."""
    before, after = change.programs
    later: dict[tuple[str, str], list[Class]] = {}
    for one in after.classes.values():
        later.setdefault((one.path, one.facts.qualname), []).append(one)
    for one in before.classes.values():
        if one.path in change.gone or not _reached(before, one, change.rewritten):
            continue
        same = later.get((one.path, one.facts.qualname), [])
        new = same.pop(0) if same else _imported(after, one)
        if new is not None:
            yield one, new


def _reached(program: Program, one: Class, paths: frozenset[str]) -> bool:
    return any(base.path in paths for base in program.bases(one)) or one.path in paths


def _imported(after: Program, one: Class) -> Class | None:
    """The class that its module binds to the name of a class which is not there any more."""
    targets = after.lookup.targets(ScopeId(one.path, MODULE_SCOPE), Name(one.name, 0))
    found = [after.class_(target.id) for target in targets if isinstance(target, ClassTarget)]
    return found[0] if len(found) == 1 else None


def _differences(
    before: Program, after: Program, old: Class, new: Class, replaced: set[str]
) -> Iterator[str]:
    offered, left = _members(before, old), _members(after, new)
    for name, signature in offered.items():
        if name not in left:
            yield f"would lose {name}"
        elif left[name] != signature:
            yield f"would have {name} with another signature"
    for reason in _less_held(before, after, old, new):
        yield f"would {reason}"
    if old.mro.status is MroStatus.EXACT and new.mro.status is not MroStatus.EXACT:
        yield f"would have an order of inheritance that is {new.mro.status}"
    lost = set(old.mro.names) - set(new.mro.names) - replaced
    if lost and old.mro.status is MroStatus.EXACT:
        yield f"would not inherit from {', '.join(sorted(lost))} any more"


def _less_held(before: Program, after: Program, old: Class, new: Class) -> Iterator[str]:
    """Public attributes that are gone, or that the class itself has with another value."""
    left = {*_members(after, new), *_attributes(after, new)}
    if all(function.facts.body for function in new.functions.values()):  # else nothing is known of `self.x`
        yield from (f"lose {name}" for name in sorted(_attributes(before, old) - left))
    yield from _changed(_values(before, old.scope), _values(after, new.scope), "another value")


def _attributes(program: Program, one: Class) -> set[str]:
    held = (name for base in program.bases(one) for name in program.holdings.get(base.id, ()))
    return {name for name in held if not name.startswith("_")}


def _members(program: Program, one: Class) -> Mapping[str, str]:
    """The public methods that instances have, and the constructor, each with its signature."""
    found: dict[str, str] = {}
    for base in program.bases(one):
        for name, function in base.functions.items():
            if not name.startswith("_") or name == "__init__":
                found.setdefault(name, _signature(function.facts))
    return found


def _signature(facts: FunctionFacts) -> str:
    """What callers depend on: whether it is awaited or called at all, and each parameter with its default."""
    parameters = [(one.kind.value, one.name, unparse(one.default)) for one in facts.parameters]
    kinds = sorted(name for name in map(unparse, facts.decorators) if name in _KINDS)
    return f"{facts.is_async} {kinds} {parameters}"


def _paths(change: Change, old: Class, new: Class) -> tuple[str, ...]:
    """The rewritten files among those of the class and its bases."""
    before, after = change.programs
    bases = {base.path for base in (*before.bases(old), *after.bases(new))}
    return tuple(sorted(bases & change.rewritten))
