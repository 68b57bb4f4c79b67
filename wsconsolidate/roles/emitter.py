"""An emitter turns agent events into messages for a user or connection, through somebody who sends."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Constant, Name
from wsconsolidate.model.naming import PREFIXES, event_parameter, is_open_emit
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.scene import Scene, own_name, words

_NAMES = frozenset(
    ("emitter", "notifier", "publisher", "broadcaster", "relay", "feed", "dispatcher", "sender")
)
_SINK_WORDS = frozenset(("manager", "bridge", "websocket", "socket", "ws", "sio", "hub", "notifier"))
SINKS = (Role.MANAGER, Role.BRIDGE, Role.CONNECTION, Role.PROTOCOL, Role.EMITTER)


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class emits events."""
    yield from event_methods(found, scene)
    yield from _open_emits(found)
    yield from reaching(found, scene)
    yield from _messages(found, scene)
    yield from _sinks(found, scene)
    for role, above in scene.inherited_roles(found):
        if role is Role.EMITTER:
            yield Evidence(
                kind="inherits", detail=f"extends {above.qualname}", path=found.path, line=found.line
            )
    if set(words(found.name)) & _NAMES:
        yield Evidence(
            kind="named_emitter", detail=f"its name is {found.name}", path=found.path, line=found.line
        )


def event_methods(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Methods named after critical events; one alone may be a coincidence."""
    methods = scene.event_methods(found)
    for event, function in methods.items() if len(methods) > 1 else ():
        detail = f"{function.name}() is named after {event}"
        yield Evidence(kind="event_methods", detail=detail, path=function.path, line=function.line)


def _open_emits(found: Class) -> Iterator[Evidence]:
    for function in found.functions.values():
        if is_open_emit(function):
            detail = f"{function.name}({event_parameter(function)}, ...) takes any event"
            yield Evidence(kind="open_emit", detail=detail, path=function.path, line=function.line)


def reaching(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Methods that send, from which a socket is reached."""
    for function in found.functions.values():
        sends = is_open_emit(function) or function.name.lstrip("_").startswith(PREFIXES)
        if sends and scene.reaches(function):
            edge = scene.program.onward[function.scope]
            detail = f"{function.name}() leads to a live socket"
            yield Evidence(kind="reaches_socket", detail=detail, path=function.path, line=edge.line)


def _messages(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Calls that hand a named message to a socket server, or to a callable that stands for one."""
    for function, edge in scene.edges(found):
        match edge.call.func, edge.call.args:
            case Attribute(value=owner, attr="emit"), (Constant(value=str(name)), *_):
                own = isinstance(owner, Name) and owner.id == own_name(function.facts)
                if edge.writes or (own and not edge.targets):
                    detail = f"{function.name}() emits {name!r}"
                    yield Evidence(kind="sends_messages", detail=detail, path=function.path, line=edge.line)


def _sinks(found: Class, scene: Scene) -> Iterator[Evidence]:
    for holding, one in scene.collaborators(found):
        if one.id == found.id:
            continue
        if scene.is_socket(one) or scene.fans_out(one) or scene.has_role(one, *SINKS):
            detail = f"self.{holding.attribute} is a {one.name}"
            yield Evidence(kind="holds_sink", detail=detail, path=holding.path, line=holding.line)
    for holding in scene.holdings(found):
        if not holding.types and set(words(holding.attribute)) & _SINK_WORDS:
            detail = f"self.{holding.attribute} is called like one who sends"
            yield Evidence(kind="sink_by_name", detail=detail, path=holding.path, line=holding.line)
