"""The names under which others import what brings something to a socket, or holds one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.onward import onward
from wsconsolidate.link.types import Types
from wsconsolidate.model.expr import Call
from wsconsolidate.model.facts import MODULE_SCOPE, ImportBinding, ValueBinding
from wsconsolidate.model.program import (
    Class,
    ClassId,
    Edge,
    Function,
    FunctionId,
    Module,
    ScopeId,
    Type,
)
from wsconsolidate.model.sockets import is_server_socket

_PROTOCOL = "typing.Protocol"


class Speaking:
    """The classes and functions of a program that others may import to speak to sockets."""

    def __init__(
        self,
        tree: Iterable[Module],
        classes: Mapping[ClassId, Class],
        functions: Mapping[FunctionId, Function],
        types: Types,
        attributes: Attributes,
    ) -> None:
        self._tree = tree
        self._classes = classes
        self._functions = functions
        self._types = types
        self._attributes = attributes

    def names(self, edges: Mapping[ScopeId, tuple[Edge, ...]], telling: Collection[str]) -> set[str]:
        """Each as `module.name`: what reaches a socket, holds or describes one, makes such a class, is one.

        So does whatever stands in a file that is `telling` of events.
        """
        reached = [id for scope in onward(edges) if (id := FunctionId(*scope)) in self._functions]
        speakers = set(self._speakers(reached, telling))
        names = {f"{one.module}.{one.name}" for id, one in self._classes.items() if id in speakers}
        names |= {f"{one.module}.{one.name}" for one in map(self._functions.__getitem__, reached)}
        names |= set(self._makers(speakers, telling))
        for module in self._tree:
            names |= {f"{module.name}.{name}" for name in self._made(module, speakers)}
        names |= self._handed_on(names)
        return names | self._handed_on(names)

    def _speakers(self, reached: Iterable[FunctionId], telling: Collection[str]) -> Iterator[ClassId]:
        """The classes, with those above them."""
        owners = {self._functions[id].owner for id in reached}
        for id, found in self._classes.items():
            described = _PROTOCOL in found.bases or id.path in telling
            if id in owners or described or any(map(_is_socket, self._held(id))):
                yield from (above for above in found.mro.ids if above is not None)

    def _makers(self, speakers: Set[ClassId], telling: Collection[str]) -> Iterator[str]:
        """Plain functions that return an instance, or tell of events."""
        for id, one in self._functions.items():
            if one.owner is None and (
                id.path in telling or any(made.id in speakers for made in self._types.returned(one))
            ):
                yield f"{one.module}.{one.name}"

    def _handed_on(self, names: Set[str]) -> set[str]:
        """The names under which other modules import these, for a third to import them from there."""
        return {
            f"{module.name}.{binding.name}"
            for module in self._tree
            for binding in module.facts.top.bindings
            if isinstance(binding, ImportBinding) and f"{module.origin(binding)}.{binding.attribute}" in names
        } | {
            f"{module.name}.{name.removeprefix(f'{source}.')}"
            for module in self._tree
            for source in _starred(module)
            for name in names
            if name.startswith(f"{source}.")
        }

    def _held(self, id: ClassId) -> Iterator[Type]:
        for assignments in self._attributes.all_of(id).values():
            for assignment in assignments:
                yield from self._types.assigned(id, assignment)

    def _made(self, module: Module, speakers: Set[ClassId]) -> Iterator[str]:
        """The names that a module gives to instances of these classes when it is imported."""
        scope = ScopeId(module.path, MODULE_SCOPE)
        for binding in module.facts.top.bindings:
            if isinstance(binding, ValueBinding) and isinstance(binding.value, Call):
                found = self._types.of(scope, binding.value)
                if any(one.id in speakers for one in found):
                    yield binding.name


def _starred(module: Module) -> Iterator[str]:
    for binding in module.facts.top.bindings:
        if isinstance(binding, ImportBinding) and binding.name == "*":
            yield module.origin(binding)


def _is_socket(found: Type) -> bool:
    return is_server_socket(found.name) or any(map(_is_socket, found.args))
