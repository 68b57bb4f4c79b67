"""A manager keeps track of several live server-side connections and sends to them."""

from collections.abc import Collection, Iterator

from wsconsolidate.model.expr import Attribute, Call, Subscript
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.program import Class, Function
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.model.sockets import MANAGERS
from wsconsolidate.roles.ids import tracked_ids
from wsconsolidate.roles.scene import Scene, is_named_send, own_name, reached_attribute, words

_ADDING = frozenset(("append", "add", "setdefault", "update", "insert", "appendleft"))
_REMOVING = frozenset(("pop", "remove", "discard", "popitem", "clear"))
_NAMES = frozenset(("manager", "hub", "registry", "broadcaster", "pool", "room", "rooms", "connections"))


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class manages connections."""
    yield from _inherited(found, scene)
    yield from _forwards(found, scene)
    if set(words(found.name)) & _NAMES:
        detail = f"its name is {found.name}"
        yield Evidence(kind="named_manager", detail=detail, path=found.path, line=found.line)
    yield from _base_of(found, scene)
    yield from tracked_ids(found, scene)
    connections = scene.connections(found)
    for attribute, holding in connections.items():
        detail = f"self.{attribute} holds several live connections"
        yield Evidence(kind="holds_connections", detail=detail, path=holding.path, line=holding.line)
    if not connections:
        return
    for function in found.functions.values():
        yield from _changes(function, connections)
    yield from _sends(found, scene)


def _base_of(found: Class, scene: Scene) -> Iterator[Evidence]:
    """A base that keeps the container which all that extend it, managers, fill and send to."""
    below = [one for one in scene.below(found) if not one.in_tests]
    if not below or not all(scene.is_cast(one, Role.MANAGER) for one in below):
        return
    own = {holding.attribute: holding for holding in scene.holdings(found)}
    for one in below:
        for attribute in own.keys() & scene.connections(one).keys():
            detail = f"{one.qualname} keeps its connections in self.{attribute}"
            yield Evidence(kind="base_of", detail=detail, path=found.path, line=own[attribute].line)


def _inherited(found: Class, scene: Scene) -> Iterator[Evidence]:
    for name in sorted(MANAGERS & found.lineage):
        yield Evidence(kind="inherits", detail=f"extends {name}", path=found.path, line=found.line)
    for role, above in scene.inherited_roles(found):
        if role is Role.MANAGER:
            yield Evidence(
                kind="inherits", detail=f"extends {above.qualname}", path=found.path, line=found.line
            )


def _forwards(found: Class, scene: Scene) -> Iterator[Evidence]:
    """A facade: it takes and drops connections by handing both to a manager that it holds."""
    forwarded = {}
    for function, edge in scene.edges(found):
        if any(scene.has_role(one, Role.MANAGER) and one.id != found.id for one in edge.receiver):
            forwarded[words(function.name)[0]] = (function, edge)
    if {"connect", "disconnect"} <= forwarded.keys():
        for function, edge in forwarded.values():
            detail = f"{function.name}() hands on to {edge.receiver[0].name}"
            yield Evidence(kind="forwards", detail=detail, path=function.path, line=edge.line)


def _changes(function: Function, connections: Collection[str]) -> Iterator[Evidence]:
    facts = function.facts
    for attribute, adds, line in _mutations(facts):
        if attribute in connections:
            kind = "adds_connections" if adds else "removes_connections"
            verb = "adds to" if adds else "removes from"
            detail = f"{function.name}() {verb} self.{attribute}"
            yield Evidence(kind=kind, detail=detail, path=function.path, line=line)


def _mutations(facts: FunctionFacts) -> Iterator[tuple[str, bool, int]]:
    """(attribute, whether it adds, line) for each change of a container that the instance holds."""
    own, body = own_name(facts), facts.body
    for store in body.stores if body else ():
        if isinstance(store.target, Subscript):
            attribute = reached_attribute(store.target.value, own)
            if attribute:
                yield attribute, not store.deletes, store.line
    for site in body.calls if body else ():
        match site.call:
            case Call(func=Attribute(value=container, attr=method), line=line):
                attribute = reached_attribute(container, own)
                if attribute and method in _ADDING | _REMOVING:
                    yield attribute, method in _ADDING, line


def _sends(found: Class, scene: Scene) -> Iterator[Evidence]:
    for function, edge in scene.edges(found):
        if edge.writes or (any(map(scene.is_socket, edge.receiver)) and is_named_send(edge.call.func)):
            detail = f"{function.name}() sends to a connection"
            yield Evidence(kind="sends_to_connections", detail=detail, path=function.path, line=edge.line)
