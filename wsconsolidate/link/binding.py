"""Small questions about bindings: which arm they stand in, what they leave in force."""

from collections.abc import Iterable, Iterator

from wsconsolidate.model.expr import dotted
from wsconsolidate.model.facts import Binding, Branch, Guard, OtherBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ScopeId, Target

_OPPOSITE = {Branch.ELSE: Branch.IF, Branch.EXCEPT: Branch.TRY}


def by_name(modules: Iterable[Module]) -> dict[str, Module]:
    """The modules by name; a package shadows the module of the same name beside it."""
    found: dict[str, Module] = {}
    for module in modules:
        if module.is_package or module.name not in found:
            found[module.name] = module
    return found


def parents(name: str) -> Iterator[str]:
    """The packages above a module, the nearest first."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def in_order(named: Iterable[Binding], stars: Iterable[Binding]) -> list[Binding]:
    """The bindings of a name and the star imports beside them, in source order."""
    return sorted((*named, *stars), key=lambda binding: binding.line) if stars else list(named)


def is_deletion(binding: Binding) -> bool:
    """True for `del name`."""
    return isinstance(binding, OtherBinding) and binding.how == "del"


def declared_global(binding: Binding) -> bool:
    """True for what a function binds in a scope around it."""
    return any(guard.branch is Branch.FUNCTION for guard in binding.guards)


def written_in(scope: ScopeId, binding: Binding) -> ScopeId:
    """The scope that the statement stands in: a function's, where that declares the name `global`."""
    declared = (guard.line for guard in binding.guards if guard.branch is Branch.FUNCTION)
    return ScopeId(scope.path, next(declared, scope.line))


def for_type_checkers(binding: Binding) -> bool:
    """True for what stands under `if TYPE_CHECKING:`."""
    return any(
        guard.branch is Branch.IF and (dotted(guard.test) or "").endswith("TYPE_CHECKING")
        for guard in binding.guards
    )


def complement(guards: tuple[Guard, ...]) -> tuple[Branch, int] | None:
    """The arm that together with the innermost guard's leaves no third way."""
    if not guards or guards[-1].branch not in _OPPOSITE:
        return None
    return _OPPOSITE[guards[-1].branch], guards[-1].line


def arms(binding: Binding) -> set[tuple[Branch, int]]:
    """The arms of compound statements that a binding stands in."""
    return {(guard.branch, guard.line) for guard in binding.guards}


def unique(targets: Iterable[Target]) -> tuple[Target, ...]:
    """The targets, each once."""
    found: list[Target] = []
    for target in targets:
        if target not in found:
            found.append(target)
    return tuple(found)
