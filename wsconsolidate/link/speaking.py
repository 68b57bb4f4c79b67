"""The names under which others import what brings something to a socket, or holds one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.onward import onward
from wsconsolidate.link.types import Types
from wsconsolidate.model.expr import Call
from wsconsolidate.model.facts import MODULE_SCOPE, ImportBinding, ValueBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class, ClassId, Edge, Function, FunctionId, ScopeId, Type
from wsconsolidate.model.sockets import is_server_socket

_PROTOCOL = "typing.Protocol"


class Speaking:
    """The classes and functions of a program that others may import to speak to sockets."""

    def __init__(
        self,
        tree: Iterable[Module],
        classes: Mapping[ClassId, Class],
        functions: Mapping[ScopeId, Function],
        edges: Mapping[ScopeId, tuple[Edge, ...]],
        types: Types,
        attributes: Attributes,
        telling: Collection[str],
    ) -> None:
        """Of the files that are `telling` of events all classes and functions count."""
        self._tree = tree
        self._classes = classes
        self._functions = functions
        self._types = types
        self._attributes = attributes
        self._telling = telling
        self._reached = [id for scope in onward(edges) if (id := FunctionId(*scope)) in functions]
        self.classes = self._speakers()

    def _speakers(self) -> frozenset[ClassId]:
        """Those that reach or hold a socket or tell of events, those above them, and what describes them."""
        owners = {self._functions[id].owner for id in self._reached}
        doing = {
            id
            for id in self._classes
            if id in owners or id.path in self._telling or any(map(_is_socket, self._held(id)))
        }
        above = {one for id in doing for one in self._classes[id].mro.ids if one is not None}
        return frozenset(above | set(self._describing(doing)))

    def _describing(self, doing: Set[ClassId]) -> Iterator[ClassId]:
        """The protocols whose members one of these classes has."""
        offers = [self._classes[id].functions.keys() for id in doing]
        for id, found in self._classes.items():
            members = found.functions.keys()
            if _PROTOCOL in found.bases and members and any(members <= one for one in offers):
                yield id

    def names(self) -> set[str]:
        """Each of them as `module.name`, with what makes such a class, or is one."""
        speakers = self.classes
        names = {f"{one.module}.{one.name}" for id, one in self._classes.items() if id in speakers}
        names |= {f"{one.module}.{one.name}" for one in map(self._functions.__getitem__, self._reached)}
        names |= set(self._makers())
        for module in self._tree:
            names |= {f"{module.name}.{name}" for name in self._made(module)}
        names |= self._handed_on(names)
        return names | self._handed_on(names)

    def are_among(self, found: Type) -> bool:
        """True for a socket, an instance of one of the classes, and what holds one."""
        known = found.id in self.classes or is_server_socket(found.name)
        return known or any(map(self.are_among, found.args))

    def _makers(self) -> Iterator[str]:
        """Plain functions that return an instance, or tell of events."""
        for id, one in self._functions.items():
            if one.owner is None and (
                id.path in self._telling or any(made.id in self.classes for made in self._types.returned(one))
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

    def _made(self, module: Module) -> Iterator[str]:
        """The names that a module gives to instances of these classes when it is imported."""
        scope = ScopeId(module.path, MODULE_SCOPE)
        for binding in module.facts.top.bindings:
            if isinstance(binding, ValueBinding) and isinstance(binding.value, Call):
                found = self._types.of(scope, binding.value)
                if any(one.id in self.classes for one in found):
                    yield binding.name


def _starred(module: Module) -> Iterator[str]:
    for binding in module.facts.top.bindings:
        if isinstance(binding, ImportBinding) and binding.name == "*":
            yield module.origin(binding)


def _is_socket(found: Type) -> bool:
    return is_server_socket(found.name) or any(map(_is_socket, found.args))
