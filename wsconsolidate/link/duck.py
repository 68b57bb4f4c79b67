"""What a socket registers itself with, where nothing tells its type: known by the methods it must have."""

from collections.abc import Iterator, Mapping, Set
from itertools import chain

from wsconsolidate.link.hints import Guessed
from wsconsolidate.link.unread import Unread
from wsconsolidate.model.expr import Attribute, Name
from wsconsolidate.model.program import Class, ClassId, Edge, Function, ScopeId, Type
from wsconsolidate.model.sockets import has_server_socket

_MOST_MODULES = 4


Asked = dict[tuple[ClassId, str], set[str]]
"""The methods that the classes of sockets call on an attribute of which nothing else is known."""


def asked(
    edges: Mapping[ScopeId, tuple[Edge, ...]],
    functions: Mapping[ScopeId, Function],
    classes: Mapping[ClassId, Class],
) -> Asked:
    """`{connect, drop}` for `self.hub.connect(self)` and `self.hub.drop(self)`, by class and attribute."""
    found: Asked = {}
    handed: set[tuple[ClassId, str]] = set()
    for edge in chain.from_iterable(edges.values()):
        for owner, held, method in _unknown(edge, functions, classes):
            found.setdefault((owner, held), set()).add(method)
            if _hands_itself(edge, functions):
                handed.add((owner, held))
    return {key: methods for key, methods in found.items() if key in handed and _say_much(methods)}


def registering(wanted: Asked, far: Unread) -> set[str]:
    """The far modules that seem to define all these methods, if they are few."""
    found = (set.intersection(*(set(far.defining(one)) for one in methods)) for methods in wanted.values())
    return set(chain.from_iterable(modules for modules in found if len(modules) <= _MOST_MODULES))


def guessed(wanted: Asked, classes: Mapping[ClassId, Class]) -> Guessed:
    """The type of each attribute for which one class alone outside of the tests has all the methods."""
    having: dict[str, set[ClassId]] = {}
    names = set(chain.from_iterable(wanted.values()))
    for id, one in classes.items():
        for name in names & one.functions.keys() if not one.in_tests else ():
            having.setdefault(name, set()).add(id)
    found = {
        key: set.intersection(*(having.get(one, set()) for one in asked)) for key, asked in wanted.items()
    }
    alone = {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1}
    return {key: Type(classes[id].qualname, (), id) for key, id in alone.items()}


def _unknown(
    edge: Edge, functions: Mapping[ScopeId, Function], classes: Mapping[ClassId, Class]
) -> Iterator[tuple[ClassId, str, str]]:
    """(class, attribute, method) of a call on an attribute of unknown type, in a class of sockets."""
    match edge.call.func:
        case Attribute(value=Attribute(value=Name(id=name), attr=held), attr=method) if not edge.receiver:
            caller = functions.get(edge.scope)
            owner = classes.get(caller.owner) if caller and caller.owner else None
            own = caller is not None and name == _itself(caller)
            if own and owner is not None and has_server_socket(owner.lineage):
                yield owner.id, held, method


def _hands_itself(edge: Edge, functions: Mapping[ScopeId, Function]) -> bool:
    caller = functions.get(edge.scope)
    own = _itself(caller) if caller else None
    return any(isinstance(one, Name) and one.id == own for one in edge.call.args)


def _itself(method: Function) -> str | None:
    names = [parameter.name for parameter in method.facts.parameters]
    return names[0] if names else None


def _say_much(methods: Set[str]) -> bool:
    """True for several methods, or one whose name is more than a word that many have."""
    return len(methods) > 1 or any("_" in one.strip("_") for one in methods)
