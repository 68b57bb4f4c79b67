"""What others put into the attributes of a class: by assignment, into its containers, by its constructor."""

from collections.abc import Iterator, Mapping
from itertools import chain

from wsconsolidate.link.annotations import unique
from wsconsolidate.link.attributes import Assignment, Attributes, Put, puts
from wsconsolidate.link.types import Types
from wsconsolidate.model.expr import Attribute, Expr
from wsconsolidate.model.program import Class, ClassId, Edge, Function, ScopeId


def learn_from_outside(
    attributes: Attributes,
    types: Types,
    edges: Mapping[ScopeId, tuple[Edge, ...]],
    functions: Mapping[ScopeId, Function],
    classes: Mapping[ClassId, Class],
) -> None:
    """Tell the attributes of each class what functions elsewhere put into them."""
    found = list(chain(_assigned(types, functions), _constructed(attributes, types, edges, classes)))
    for id, assignment in found:
        attributes.set_from_outside(id, assignment)
    for id, attribute, put in list(_put(types, functions)):
        attributes.put_from_outside(id, attribute, put)


def _assigned(types: Types, functions: Mapping[ScopeId, Function]) -> Iterator[tuple[ClassId, Assignment]]:
    """Each `other.attribute = value` in a function."""
    for function in functions.values():
        body = function.facts.body
        for store in body.stores if body else ():
            match store.target:
                case Attribute(value=owner, attr=attr) if store.value is not None:
                    for id in _owners(types, function, owner):
                        yield id, Assignment(attr, store.value, None, function.scope, store.line)


def _constructed(
    attributes: Attributes,
    types: Types,
    edges: Mapping[ScopeId, tuple[Edge, ...]],
    classes: Mapping[ClassId, Class],
) -> Iterator[tuple[ClassId, Assignment]]:
    """Each field given by name to a class whose constructor nobody wrote, if its annotation tells little."""
    for edge in chain.from_iterable(edges.values()):
        for id in edge.constructs if edge.call.keywords else ():
            order = [
                classes[one]
                for one in (classes[id].mro.ids if id in classes else ())
                if one and one in classes
            ]
            written = any("__init__" in one.functions for one in order)
            for name, value in () if written else edge.call.keywords:
                declared = [field for one in order for field in attributes.of(one.id, name or "")]
                if declared and all(_tells_little(field, types) for field in declared):
                    yield id, Assignment(declared[0].attribute, value, None, edge.scope, edge.line)


def _tells_little(field: Assignment, types: Types) -> bool:
    """True for a field of any type, and for queues and callables, which are told by where they come from."""
    return all(
        found.name.endswith(("Queue", "Callable")) for found in types.annotated(field.scope, field.annotation)
    )


def _put(types: Types, functions: Mapping[ScopeId, Function]) -> Iterator[tuple[ClassId, str, Put]]:
    """Each `room.members.add(value)` in a function: what others put into the containers of a class."""
    for function in functions.values():
        for container, value in puts(function.facts):
            match container:
                case Attribute(value=owner, attr=attr):
                    for id in _owners(types, function, owner):
                        yield id, attr, Put(function.scope, value, 0)


def _owners(types: Types, function: Function, owner: Expr) -> Iterator[ClassId]:
    for found in unique(types.of(function.scope, owner)):
        if found.id is not None and found.id != function.owner:
            yield found.id
