"""A manager keeps track of several live server-side connections and sends to them."""

from collections.abc import Collection, Iterator, Set
from itertools import chain

from wsconsolidate.model.expr import Attribute, Name
from wsconsolidate.model.naming import sends_by_name
from wsconsolidate.model.program import Class, Edge, Function, Holding, Type
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.model.sockets import MANAGERS
from wsconsolidate.roles.ids import tracked_ids
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import COLLECTIONS, Scene, is_collection_of, is_named_send, words

_TAKING = frozenset(("connect", "register", "add", "accept", "join", "attach", "open", "subscribe"))
_DROPPING = frozenset(("disconnect", "unregister", "remove", "leave", "detach", "close", "unsubscribe"))
_CONNECTING = frozenset(("connect", "connected", "connection", "open", "opened", "join", "client", "accept"))
_SOCKET_WORDS = frozenset(("websocket", "ws", "socket", "connection", "conn", "sid", "client", "handler"))
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
    yield from _keeps_managers(found, scene)
    connections = scene.connections(found)
    yield from _keeps_outlets(found, scene, connections)
    for attribute, holding in connections.items():
        detail = f"{attribute} holds several live connections"
        yield Evidence(kind="holds_connections", detail=detail, path=holding.path, line=holding.line)
    if not connections:
        return
    yield from _changes(found, connections, scene)
    yield from _sends(found, connections, scene)


def _base_of(found: Class, scene: Scene) -> Iterator[Evidence]:
    """A base that keeps the container which all that extend it, managers, fill and send to."""
    below = [one for one in scene.below(found) if not one.in_tests]
    if not below or not all(scene.is_cast(one, Role.MANAGER) for one in below):
        return
    own = {f"self.{holding.attribute}": holding for holding in scene.holdings(found)}
    for one in below:
        for place in own.keys() & scene.connections(one).keys():
            detail = f"{one.qualname} keeps its connections in {place}"
            yield Evidence(kind="base_of", detail=detail, path=found.path, line=own[place].line)


def _inherited(found: Class, scene: Scene) -> Iterator[Evidence]:
    for name in sorted(MANAGERS & found.lineage):
        yield Evidence(kind="inherits", detail=f"extends {name}", path=found.path, line=found.line)
    for role, above in scene.inherited_roles(found):
        if role is Role.MANAGER and _manages_too(found, above, scene):
            yield Evidence(
                kind="inherits", detail=f"extends {above.qualname}", path=found.path, line=found.line
            )


def _manages_too(found: Class, above: Class, scene: Scene) -> bool:
    """True for a child that is called a manager, adds nothing, or has a part in what makes the one above one.

    An application that extends a framework's is no manager because that is.
    """
    own = {name: one for name, one in found.functions.items() if not name.startswith("__")}
    if not own or not _NAMES.isdisjoint(words(found.name)):
        return True
    telling = (seen for seen in scene.casts[above.id].evidence if seen.path == above.path)
    lines = {seen.line for seen in telling}
    anew = (above.functions[name] for name in own if name in above.functions)
    sending = any(sends_by_name(name) and scene.reaches(one) for name, one in own.items())
    return sending or any(not lines.isdisjoint(range(one.line, one.facts.end_line + 1)) for one in anew)


def _forwards(found: Class, scene: Scene) -> Iterator[Evidence]:
    """A facade: it takes and drops connections by handing both to a manager that it holds."""
    forwarded: dict[str, tuple[Function, Edge]] = {}
    for function, edge in scene.edges(found):
        if any(scene.has_role(one, Role.MANAGER) and one.id != found.id for one in edge.receiver):
            forwarded.setdefault(function.name, (function, edge))
    if not any(_does(one, _TAKING) and _hands_socket(one[1], scene) for one in forwarded.values()):
        return
    if not any(_does(one, _DROPPING) for one in forwarded.values()):
        return
    for function, edge in forwarded.values():
        detail = f"{function.name}() hands on to {edge.receiver[0].name}"
        yield Evidence(kind="forwards", detail=detail, path=function.path, line=edge.line)
    public = [name for name in found.functions if not name.startswith("_")]
    if 2 * len(forwarded.keys() & set(public)) >= len(public):
        detail = f"{len(forwarded)} of its methods hand on"
        yield Evidence(kind="stands_before", detail=detail, path=found.path, line=found.line)


def _does(forwarded: tuple[Function, Edge], verbs: Set[str]) -> bool:
    """True for a method that is called so and calls the manager's method that is called so."""
    function, edge = forwarded
    called = edge.call.func
    return (
        words(function.name)[0] in verbs and isinstance(called, Attribute) and words(called.attr)[0] in verbs
    )


def _hands_socket(edge: Edge, scene: Scene) -> bool:
    """True for a call with a connection among its arguments, or what is called like one."""
    given = (*edge.call.args, *(value for _, value in edge.call.keywords))
    named = any(isinstance(one, Name) and not _SOCKET_WORDS.isdisjoint(words(one.id)) for one in given)
    types = (held for one in given for held in scene.program.lookup.types(edge.scope, one))
    return named or any(map(scene.is_socket, types))


def _keeps_managers(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Rooms or sessions that keep several connections each: who keeps such and sends through them."""
    kept = {
        f"self.{holding.attribute}": holding
        for holding in scene.holdings(found)
        if any(is_collection_of(one, lambda held: _manages(held, found, scene)) for one in holding.types)
    }
    for place, holding in kept.items():
        detail = f"{place} holds several that hold live connections"
        yield Evidence(kind="keeps_managers", detail=detail, path=holding.path, line=holding.line)
    for function, edge in scene.edges(found) if kept else ():
        if is_named_send(edge.call.func) and any(_manages(one, found, scene) for one in edge.receiver):
            detail = f"{function.name}() sends through {edge.receiver[0].name}"
            yield Evidence(kind="sends_through_them", detail=detail, path=function.path, line=edge.line)


def _keeps_outlets(found: Class, scene: Scene, connections: Collection[str]) -> Iterator[Evidence]:
    """Objects that lead to a socket each, taken in when somebody connects and dropped when they leave."""
    outlets = scene.keeping.outlets(found) - set(connections)
    kept = {f"self.{one.attribute}": one for one in scene.holdings(found) if _is_collection(one)}
    for place in sorted(outlets & kept.keys()):
        detail = f"{place} holds several objects that lead to a socket"
        yield Evidence(kind="holds_outlets", detail=detail, path=kept[place].path, line=kept[place].line)
    for function, own in scene.keeping.functions(found) if outlets else ():
        connecting = not _CONNECTING.isdisjoint(words(function.name))
        changes = (one for one in scene.keeping.changes(function, own) if one.place in outlets & kept.keys())
        for change in changes:
            kind = "takes_outlets" if change.adds else "drops_outlets"
            detail = f"{function.name}() {'adds to' if change.adds else 'removes from'} {change.place}"
            if connecting or not change.adds:
                yield Evidence(kind=kind, detail=detail, path=function.path, line=change.line)


def _is_collection(held: Holding) -> bool:
    return any(one.name in COLLECTIONS for one in held.types)


def _manages(one: Type, found: Class, scene: Scene) -> bool:
    return one.id != found.id and scene.has_role(one, Role.MANAGER)


def _changes(found: Class, connections: Collection[str], scene: Scene) -> Iterator[Evidence]:
    for function, own in chain.from_iterable(map(scene.keeping.functions, scene.keepers(found))):
        for change in scene.keeping.changes(function, own):
            if change.place in connections:
                kind = "adds_connections" if change.adds else "removes_connections"
                detail = f"{function.name}() {'adds to' if change.adds else 'removes from'} {change.place}"
                yield Evidence(kind=kind, detail=detail, path=function.path, line=change.line)


def _sends(found: Class, connections: Collection[str], scene: Scene) -> Iterator[Evidence]:
    """Sends to a connection: one of those that it holds, or one that it is handed."""
    keepers = scene.keepers(found)
    to_held = any(not scene.keeping.sent_to(one).isdisjoint(connections) for one in keepers)
    kind = "sends_to_connections" if to_held else "sends_to_sockets"
    for function, edge in chain.from_iterable(map(scene.edges, keepers)):
        named = any(map(scene.is_socket, edge.receiver)) and is_named_send(edge.call.func)
        if edge.writes or named or scene.keeping.is_outlet(edge) or scene.keeping.is_of_socket(edge):
            detail = f"{function.name}() sends to a connection"
            yield Evidence(kind=kind, detail=detail, path=function.path, line=edge.line)


PART = Part(
    role=Role.MANAGER,
    observe=observe,
    weights={
        "holds_connections": 0.6,
        "adds_connections": 0.3,
        "removes_connections": 0.2,
        "sends_to_connections": 0.4,
        "sends_to_sockets": 0.2,
        "keeps_ids": 0.5,
        "removes_ids": 0.2,
        "sends_by_id": 0.3,
        "owns_server": 0.4,
        "joins_groups": 0.3,
        "leaves_groups": 0.3,
        "named_manager": 0.1,
        "inherits": 0.7,
        "forwards": 0.6,
        "stands_before": 0.2,
        "keeps_managers": 0.4,
        "sends_through_them": 0.4,
        "holds_outlets": 0.4,
        "takes_outlets": 0.3,
        "drops_outlets": 0.2,
        "base_of": 0.6,
        "doubles": 0.7,
    },
    wanted={
        "holds_connections": "a container of several live connections",
        "adds_connections": "code that adds connections to it",
        "removes_connections": "code that removes connections from it",
        "sends_to_connections": "a call that sends to one of them",
        "keeps_ids": "a container of ids of clients",
        "removes_ids": "code that removes such ids",
        "sends_by_id": "a call that sends through a server or a manager",
        "owns_server": "a server that it makes itself",
        "joins_groups": "a call that puts clients into groups",
        "leaves_groups": "a call that takes clients out of groups",
        "named_manager": "a name such as Manager or Hub",
        "forwards": "calls by which a manager takes and drops connections",
        "stands_before": "most of its methods handing on to a manager",
        "keeps_managers": "a container of rooms that keep connections",
        "sends_through_them": "a call that sends through one of them",
        "holds_outlets": "a container of objects that lead to a socket each",
        "takes_outlets": "a method for connecting that adds to it",
        "drops_outlets": "code that removes from it",
    },
    decisive=(
        {"holds_connections", "adds_connections"},
        {"holds_connections", "removes_connections"},
        {"holds_connections", "sends_to_connections"},
        {"keeps_ids", "removes_ids"},
        {"keeps_ids", "sends_by_id"},
        {"joins_groups", "leaves_groups", "sends_by_id"},
        {"owns_server", "sends_by_id"},
        {"forwards", "named_manager"},
        {"forwards", "stands_before"},
        {"keeps_managers", "sends_through_them"},
        {"holds_outlets", "takes_outlets", "drops_outlets"},
        {"base_of"},
        {"inherits"},
        {"doubles"},
    ),
)
