"""A bridge adapts an agent or execution layer to a manager."""

from collections.abc import Iterator

from wsconsolidate.model.program import Class, Type
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.emitter import event_methods, reaching
from wsconsolidate.roles.listening import listens
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, words
from wsconsolidate.roles.telling import hands_a_message

_STATES = frozenset(
    ("uninitialized", "initializing", "active", "ready", "running", "degraded", "failed", "closed")
)
_LIFECYCLE = frozenset(("ensure", "initialize", "recover", "health", "shutdown", "integration"))


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class bridges agents and a manager."""
    yield from event_methods(found, scene)
    yield from reaching(found, scene)
    yield from listens(found, scene)
    yield from _hands_on(found, scene)
    for holding, one in scene.collaborators(found):
        if scene.has_role(one, Role.MANAGER) or _is_manager_protocol(one, scene):
            detail = f"self.{holding.attribute} is a {one.name}"
            yield Evidence(kind="holds_manager", detail=detail, path=holding.path, line=holding.line)
        if _is_state_machine(one, scene):
            detail = f"self.{holding.attribute} is one of the states of {one.name}"
            yield Evidence(kind="state_machine", detail=detail, path=holding.path, line=holding.line)
    for function in found.functions.values():
        if set(words(function.name)) & _LIFECYCLE:
            detail = f"{function.name}() looks after the connection between the two"
            yield Evidence(kind="lifecycle", detail=detail, path=function.path, line=function.line)
    if {"bridge", "adapter"} & set(words(found.name)):
        yield Evidence(
            kind="named_bridge", detail=f"its name is {found.name}", path=found.path, line=found.line
        )
    for role, above in scene.inherited_roles(found):
        if role is Role.BRIDGE:
            yield Evidence(
                kind="inherits", detail=f"extends {above.qualname}", path=found.path, line=found.line
            )


def _hands_on(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Calls by which a manager or an emitter is given what there is to send."""
    for function, edge in scene.edges(found):
        to = next((one for one in edge.receiver if scene.has_role(one, Role.MANAGER, Role.EMITTER)), None)
        known = to is not None and to.id not in found.mro.ids and scene.program.arrives(edge)
        if to is not None and known and hands_a_message(edge, scene):
            detail = f"{function.name}() hands on to {to.name}"
            yield Evidence(kind="hands_to_manager", detail=detail, path=function.path, line=edge.line)


def _is_manager_protocol(one: Type, scene: Scene) -> bool:
    known = scene.program.classes.get(one.id) if one.id else None
    return known is not None and "typing.Protocol" in known.bases and "manager" in words(known.name)


def _is_state_machine(one: Type, scene: Scene) -> bool:
    known = scene.program.classes.get(one.id) if one.id else None
    if known is None or "enum.Enum" not in known.mro.names:
        return False
    return len(_STATES & {name.lower() for name in scene.program.holdings[known.id]}) > 2


PART = Part(
    role=Role.BRIDGE,
    observe=observe,
    weights={
        "named_bridge": 0.4,
        "listens": 0.4,
        "hands_to_manager": 0.4,
        "holds_manager": 0.3,
        "event_methods": 0.4,
        "reaches_socket": 0.2,
        "state_machine": 0.3,
        "lifecycle": 0.2,
        "inherits": 0.6,
        "doubles": 0.7,
    },
    wanted={
        "named_bridge": "a name such as Bridge or Adapter",
        "listens": "listening to an agent or a stream of events",
        "hands_to_manager": "a call that hands a message to a manager or an emitter",
        "holds_manager": "an attribute that is a manager",
        "event_methods": "several methods named after critical events",
        "reaches_socket": "a method for sending from which a socket is reached",
        "state_machine": "a state of its own",
    },
    decisive=(
        {"named_bridge", "event_methods"},
        {"named_bridge", "hands_to_manager"},
        {"listens", "hands_to_manager"},
        {"named_bridge", "holds_manager", "reaches_socket"},
        {"event_methods", "holds_manager", "state_machine"},
        {"inherits"},
        {"doubles"},
    ),
)
