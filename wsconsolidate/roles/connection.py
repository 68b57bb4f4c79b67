"""A connection wraps one live socket."""

from collections.abc import Iterator
from itertools import repeat

from wsconsolidate.model.expr import Attribute, Name
from wsconsolidate.model.naming import own_names
from wsconsolidate.model.program import Class, Edge, Function
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.model.sockets import SERVER_SOCKETS
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, words
from wsconsolidate.roles.telling import telling

_EMITTERS = frozenset(("emitter", "notifier", "publisher", "broadcaster"))
_READING = ("receive", "recv", "iter_", "accept", "read_message")


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class is one connection."""
    above = min(SERVER_SOCKETS & found.lineage - {found.qualname}, default=None)
    if above:
        yield Evidence(kind="extends_socket", detail=f"extends {above}", path=found.path, line=found.line)
    if found.qualname in SERVER_SOCKETS:
        yield Evidence(kind="extends_socket", detail="is a live socket", path=found.path, line=found.line)
    if scene.connections(found) or len(scene.event_methods(found)) > 1 or _only_tells(found, scene):
        return
    yield from _wrapped(found, scene)
    for role, base in scene.inherited_roles(found):
        if role is Role.CONNECTION:
            yield Evidence(
                kind="inherits", detail=f"extends {base.qualname}", path=found.path, line=found.line
            )
    if {"connection", "session", "socket", "client", "websocket"} & set(words(found.name)):
        detail = f"its name is {found.name}"
        yield Evidence(kind="named_connection", detail=detail, path=found.path, line=found.line)


def _only_tells(found: Class, scene: Scene) -> bool:
    """True if it shapes messages, rather than pass them on, and reads none: what an emitter does."""
    if any(map(_reads, scene.edges(found), repeat(scene))):
        return False
    if not _EMITTERS.isdisjoint(words(found.name)):
        return True
    names = {scene.message(found, function, edge) for function, edge in scene.edges(found)}
    told = telling(found, scene)
    return len(names - {None}) > 1 or 2 * sum(one.shapes for one in told) > len(told)


def _reads(called: tuple[Function, Edge], scene: Scene) -> bool:
    match called[1].call.func:
        case Attribute(attr=used) if used.startswith(_READING):
            return any(map(scene.is_socket, called[1].receiver))
        case _:
            return False


def _wrapped(found: Class, scene: Scene) -> Iterator[Evidence]:
    held = {}
    for holding, type_ in scene.collaborators(found):
        if scene.is_raw(type_):
            held[holding.attribute] = holding
    for attribute, holding in held.items():
        detail = f"self.{attribute} is a live socket"
        yield Evidence(kind="wraps_socket", detail=detail, path=holding.path, line=holding.line)
    for function, edge in scene.edges(found):
        match edge.call.func:
            case Attribute(value=Attribute(value=Name(id=name), attr=attr), attr=used) if attr in held:
                if name in own_names(function.facts, found.name):
                    detail = f"{function.name}() calls self.{attr}.{used}()"
                    yield Evidence(kind="uses_socket", detail=detail, path=function.path, line=edge.line)


PART = Part(
    role=Role.CONNECTION,
    observe=observe,
    weights={
        "wraps_socket": 0.6,
        "uses_socket": 0.4,
        "extends_socket": 0.7,
        "named_connection": 0.1,
        "inherits": 0.6,
        "doubles": 0.7,
    },
    wanted={
        "wraps_socket": "an attribute that is a live socket",
        "uses_socket": "a call of that socket",
        "extends_socket": "a socket's class that it extends",
        "named_connection": "a name such as Connection",
    },
    decisive=(
        {"wraps_socket", "uses_socket"},
        {"wraps_socket", "named_connection"},
        {"extends_socket"},
        {"inherits", "wraps_socket"},
        {"doubles"},
    ),
)
