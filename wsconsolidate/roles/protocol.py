"""A protocol is a typing.Protocol or ABC that describes a manager, emitter, bridge or connection."""

from collections.abc import Iterable, Iterator, Sequence

from wsconsolidate.model.expr import walk
from wsconsolidate.model.naming import is_open_emit
from wsconsolidate.model.program import Class, Function
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.declaring import only_declares
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, is_property, mentions_websocket, words

_MANAGER_MEMBERS = frozenset(
    (
        "connect_user",
        "disconnect_user",
        "send_to_user",
        "send_to_connection",
        "send_to_thread",
        "send_personal_message",
        "broadcast",
        "broadcast_to_room",
        "is_user_connected",
        "get_user_connections",
        "add_connection",
        "remove_connection",
        "emit_critical_event",
    )
)
_DEALING = frozenset(
    (
        "send",
        "emit",
        "notify",
        "broadcast",
        "publish",
        "push",
        "write",
        "stream",
        "connect",
        "disconnect",
        "register",
        "unregister",
        "add",
    )
)
"""Verbs of who has to do with connections; a check that is handed a socket describes no role."""
_TELLING = frozenset(("send", "emit", "notify", "broadcast", "publish", "push", "stream"))
_TAKING = frozenset(("connect", "register", "subscribe", "add", "attach", "join"))
_DROPPING = frozenset(("disconnect", "unregister", "unsubscribe", "remove", "detach", "leave"))
_CONNECTED = frozenset(
    ("client", "clients", "connection", "connections", "socket", "websocket", "peer", "subscriber")
)
_MANY = 3
_LIFECYCLE = frozenset(("start", "stop", "run", "serve", "close", "init", "setup", "shutdown", "initialize"))
"""Verbs of what is done to anything that runs."""
_DESCRIBED = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.CONNECTION)


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class only describes one of the roles."""
    if not only_declares(found) or found.methods == ("__call__",):
        return  # a type of callables describes no role
    yield Evidence(kind="declares", detail=_how(found), path=found.path, line=found.line)
    for event, function in scene.event_methods(found).items():
        detail = f"declares {function.name}() for {event}"
        yield Evidence(kind="describes_events", detail=detail, path=function.path, line=function.line)
    yield from _verbs(found)
    dealing = [name for name in found.functions if _deals(name)]
    for function in found.functions.values():
        yield from _member(function, scene, dealing)
    if mentions_websocket(found.name):
        yield Evidence(
            kind="named_websocket", detail=f"its name is {found.name}", path=found.path, line=found.line
        )
    for implementer in _implementers(found, scene):
        detail = f"{implementer.qualname} implements it"
        yield Evidence(kind="describes_manager", detail=detail, path=implementer.path, line=implementer.line)
    for one in _mostly_cast(scene.fitting(found), scene):
        detail = f"{one.qualname} has its members"
        yield Evidence(kind="fits", detail=detail, path=one.path, line=one.line)


def _deals(name: str) -> bool:
    return name in _MANAGER_MEMBERS or words(name)[0] in _DEALING


def _verbs(found: Class) -> Iterator[Evidence]:
    """What its members are called: that they tell, or that they take in clients, drop them and tell them."""
    members = [name for name in found.functions if not name.startswith("_")]
    telling = [name for name in members if words(name)[0] in _TELLING]
    if len(telling) >= _MANY and 2 * len(telling) > len(members):
        detail = f"{len(telling)} of its members are named for sending"
        yield Evidence(kind="describes_sending", detail=detail, path=found.path, line=found.line)
    of_clients = [name for name in members if not _CONNECTED.isdisjoint(words(name))]
    taking = [name for name in of_clients if words(name)[0] in _TAKING]
    dropping = [name for name in of_clients if words(name)[0] in _DROPPING]
    if taking and dropping and telling:
        detail = f"declares {taking[0]}(), {dropping[0]}() and {telling[0]}()"
        yield Evidence(kind="describes_manager", detail=detail, path=found.path, line=found.line)


def _member(function: Function, scene: Scene, dealing: Sequence[str]) -> Iterator[Evidence]:
    """What one member says of a class of which these deal with connections."""
    telling = any(words(name)[0] in _TELLING for name in dealing)
    known = function.name in _MANAGER_MEMBERS and telling and (len(dealing) > 1 or "_" in function.name)
    if known or is_open_emit(function):
        kind = "describes_manager" if known else "describes_emit"
        detail = f"declares {function.name}()"
        yield Evidence(kind=kind, detail=detail, path=function.path, line=function.line)
    given = [parameter.annotation for parameter in function.facts.parameters]
    for verb, annotations in (("is handed", given), ("gives", [function.facts.returns])) if dealing else ():
        named = (part for one in annotations for part in (walk(one) if one is not None else ()))
        if any(scene.names_socket(function.scope, part) for part in named):
            detail = f"{function.name}() {verb} a live socket"
            yield Evidence(kind="mentions_socket", detail=detail, path=function.path, line=function.line)


def _implementers(found: Class, scene: Scene) -> Iterator[Class]:
    """Those of the classes that implement it which have a role, if they are at least half of them.

    They must play it in a member that is declared: of a server that can be started nothing else is said.
    """
    declared = [
        name
        for name, function in found.functions.items()
        if not (is_property(function) or name.startswith("__") or words(name)[0] in _LIFECYCLE)
    ]
    for one in _mostly_cast(scene.below(found), scene):
        if any(_takes_part(one.functions[name], one, scene) for name in declared if name in one.functions):
            yield one


def _takes_part(method: Function, one: Class, scene: Scene) -> bool:
    """True for a method that reaches a socket, or in which some of the evidence for the role stands."""
    seen = (evidence for evidence in scene.casts[one.id].evidence if evidence.path == method.path)
    lines = range(method.line, method.facts.end_line + 1)
    return scene.reaches(method) or any(evidence.line in lines for evidence in seen)


def _mostly_cast(candidates: Iterable[Class], scene: Scene) -> Iterator[Class]:
    doing = [one for one in candidates if not only_declares(one) and not one.in_tests]
    cast = [one for one in doing if one.id in scene.casts and scene.casts[one.id].role in _DESCRIBED]
    if 2 * len(cast) >= len(doing):
        yield from cast


def _how(found: Class) -> str:
    return "is a typing.Protocol" if "typing.Protocol" in found.bases else "is an ABC of abstract methods"


PART = Part(
    role=Role.PROTOCOL,
    observe=observe,
    acts=False,
    weights={
        "declares": 0.3,
        "describes_events": 0.4,
        "describes_manager": 0.4,
        "describes_emit": 0.3,
        "describes_sending": 0.3,
        "fits": 0.4,
        "mentions_socket": 0.3,
        "named_websocket": 0.3,
        "inherits": 0.4,
    },
    wanted={
        "declares": "abstract members only",
        "describes_events": "a member named after a critical event",
        "describes_manager": "members of a manager, or a class with a role that implements it",
        "describes_emit": "a member that takes the event's name and its data",
        "describes_sending": "members named for sending, above all",
        "fits": "a class with a role that has its members",
        "mentions_socket": "a member that is handed a live socket, or gives one",
        "named_websocket": "a name that speaks of WebSockets",
    },
    decisive=(
        {"declares", "describes_events"},
        {"declares", "describes_manager"},
        {"declares", "describes_emit", "named_websocket"},
        {"declares", "describes_emit", "fits"},
        {"declares", "describes_sending", "fits"},
        {"declares", "describes_sending", "named_websocket"},
        {"declares", "mentions_socket"},
    ),
)
