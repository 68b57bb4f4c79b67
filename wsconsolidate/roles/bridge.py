"""A bridge adapts an agent or execution layer to a manager."""

from collections.abc import Iterator

from wsconsolidate.model.program import Class, Type
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.emitter import event_methods, reaching
from wsconsolidate.roles.scene import Scene, words

_STATES = frozenset(
    ("uninitialized", "initializing", "active", "ready", "running", "degraded", "failed", "closed")
)
_LIFECYCLE = frozenset(("ensure", "initialize", "recover", "health", "shutdown", "integration"))


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class bridges agents and a manager."""
    yield from event_methods(found, scene)
    yield from reaching(found, scene)
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


def _is_manager_protocol(one: Type, scene: Scene) -> bool:
    known = scene.program.classes.get(one.id) if one.id else None
    return known is not None and "typing.Protocol" in known.bases and "manager" in words(known.name)


def _is_state_machine(one: Type, scene: Scene) -> bool:
    known = scene.program.classes.get(one.id) if one.id else None
    if known is None or "enum.Enum" not in known.mro.names:
        return False
    return len(_STATES & {name.lower() for name in scene.program.holdings[known.id]}) > 2
