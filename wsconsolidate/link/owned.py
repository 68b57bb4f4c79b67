"""Which functions belong to which class; of modules that are read late as soon as somebody asks."""

from collections.abc import Iterable, Iterator, Mapping

from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.members import own_functions
from wsconsolidate.link.names import Names
from wsconsolidate.model.facts import ClassFacts, FunctionFacts
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class, ClassId, Function, FunctionId


class Owned:
    """The methods of classes by name, and the class of each method."""

    def __init__(self, names: Names, lineage: Lineage) -> None:
        self._names = names
        self._lineage = lineage
        self._functions: dict[ClassId, Mapping[str, Function]] = {}
        self._owners: dict[FunctionId, ClassId] = {}
        self._read: set[str] = set()

    def add(self, classes: Iterable[Class]) -> None:
        """Count these classes, which were read elsewhere."""
        self._functions.update((found.id, found.functions) for found in classes)

    def functions(self, id: ClassId) -> Mapping[str, Function]:
        """The methods of a class by name; none of a class outside of the tree that was not added."""
        if id not in self._functions:
            is_asked = self._names.is_in_tree(id.path)
            known = own_functions(self._names, id, self._lineage.qualname(id)) if is_asked else {}
            self._functions[id] = known
        return self._functions[id]

    def owner(self, id: FunctionId) -> ClassId | None:
        """The class that the function is a method of, also where a later definition replaces it."""
        if id.path not in self._read:
            self._read.add(id.path)
            self._owners.update(_owners(self._names.module_at(id.path)))
        return self._owners.get(id)


def _owners(module: Module) -> Iterator[tuple[FunctionId, ClassId]]:
    if module.in_tree:
        for owner, functions in methods(module):
            id = ClassId(module.path, owner.line)
            yield from ((FunctionId(module.path, one.line), id) for one in functions)


def methods(module: Module) -> Iterator[tuple[ClassFacts, list[FunctionFacts]]]:
    """Each class with every function of its body, also those that a later definition replaces."""
    inside: dict[str, list[FunctionFacts]] = {}
    for facts in module.facts.functions:
        inside.setdefault(facts.qualname[: -len(facts.name) - 1], []).append(facts)
    for owner in module.facts.classes:
        found = inside.get(owner.qualname, ())
        yield owner, [one for one in found if owner.line <= one.line <= owner.end_line]
