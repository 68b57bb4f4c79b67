"""Does every import that found something still find it, and is no new circle closed?"""

from collections.abc import Iterator, Mapping

from wsconsolidate.model.facts import MODULE_SCOPE, ImportBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Program, ScopeId
from wsconsolidate.verify.change import Change, Objection
from wsconsolidate.verify.loading import Early, Loading

_GETATTR = "__getattr__"


def objections(change: Change) -> Iterator[Objection]:
    """An import of the tree that finds nothing any more, or modules that newly import each other."""
    before, after = change.programs
    touched = change.rewritten | change.gone
    for module in after.files.values():
        for binding in _imports(module):
            if not _finds(after, module, binding) and not _was_lost(before, module, binding):
                wanted = ".".join(filter(None, (module.origin(binding), binding.attribute)))
                paths = tuple(sorted(touched & {module.path, *_paths(before, wanted)}))
                yield Objection(reason=f"{module.path}:{binding.line} would not find {wanted}", paths=paths)
    for one, other in _new_circles(change):
        reason = f"{one} would import {other}, which leads back to it"
        yield Objection(reason=reason, paths=_paths(after, one))
    yield from _new_early(change)


def tried(change: Change) -> str:
    """How many names are imported after."""
    files = change.programs[1].files.values()
    return f"{sum(1 for module in files for _ in _imports(module))} imports of {len(files)} modules"


def _imports(module: Module) -> Iterator[ImportBinding]:
    for scope in module.facts.scopes:
        yield from (binding for binding in scope.bindings if isinstance(binding, ImportBinding))


def _finds(program: Program, module: Module, binding: ImportBinding) -> bool:
    """False if the import names something of the tree that is not there."""
    name = module.origin(binding)
    attribute = None if binding.attribute == "*" else binding.attribute
    source = program.modules.get(name)
    if source is None:
        return not _belongs(program, name)
    return attribute is None or f"{name}.{attribute}" in program.modules or binds(program, source, attribute)


def _belongs(program: Program, name: str) -> bool:
    """True for the name of a module inside of a package of the tree that has no such module."""
    above = name.rpartition(".")[0]
    return above in program.modules and not any(one.startswith(f"{name}.") for one in program.modules)


def _was_lost(before: Program, module: Module, binding: ImportBinding) -> bool:
    """True if the same import found nothing before either."""
    old = before.files.get(module.path)
    if old is None:
        return False
    wanted = (old.origin(binding), binding.attribute)
    same = (one for one in _imports(old) if (old.origin(one), one.attribute) == wanted)
    return any(not _finds(before, old, one) for one in same)


def binds(program: Program, module: Module, name: str) -> bool:
    """True if the module's own top level binds the name, or may bind any."""
    names = program.names(ScopeId(module.path, MODULE_SCOPE))
    return not names.isdisjoint((name, "*", _GETATTR))


def _paths(program: Program, name: str) -> tuple[str, ...]:
    """The files of a module and of those that it is named after."""
    parts = name.split(".")
    modules = (program.modules.get(".".join(parts[:count])) for count in range(len(parts), 0, -1))
    return tuple(module.path for module in modules if module is not None)[:1]


def _new_circles(change: Change) -> Iterator[tuple[str, str]]:
    """Pairs of modules of which one newly imports the other, which leads back, while they load.

    What new modules do among themselves is their own matter.
    """
    old, new = change.before.analysis.imports.at_import, change.after.analysis.imports.at_import
    for one in sorted(old.keys() & new.keys()):
        for other in sorted(new[one] - old[one]):
            was = _reaches(old, one, other) and _reaches(old, other, one)
            if _reaches(new, other, one) and not was:
                yield one, other


def _new_early(change: Change) -> Iterator[Objection]:
    """The imports that would find a module half loaded, whichever module of their circle comes first."""
    before, after = (Loading(one.analysis.imports) for one in (change.before, change.after))
    names = {after.program.files[edit.path].name for edit in change.sources}
    entries = {entry for name in names for entry in after.circle(name)}
    for one in sorted(after.early(entries) - before.early(entries & before.program.modules.keys())):
        reason = f"{one.importer} would import {one.name} from {one.source} before that has bound it"
        own = after.program.modules[one.importer].path
        circle = {after.program.modules[name].path for name in after.circle(one.importer)}
        paths = {own} if _is_new(before.program, one) else circle
        yield Objection(reason=reason, paths=tuple(sorted(paths & change.rewritten)))


def _is_new(before: Program, early: Early) -> bool:
    """True if its module did not import that before."""
    old = before.modules.get(early.importer)
    taken = {(old.origin(one), one.attribute) for one in _imports(old)} if old else set()
    return (early.source, early.name) not in taken


def _reaches(graph: Mapping[str, frozenset[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        further = graph.get(waiting.pop(), frozenset()) - seen
        seen |= further
        waiting.extend(further)
    return goal in seen
