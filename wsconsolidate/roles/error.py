"""An error is an exception about WebSockets."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Call
from wsconsolidate.model.program import Class, ClassTarget
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, mentions_websocket

_SPEAKERS = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.CONNECTION)


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class is raised about WebSockets."""
    if "builtins.BaseException" not in found.mro.names:
        return
    yield Evidence(kind="is_exception", detail="is an exception", path=found.path, line=found.line)
    if mentions_websocket(found.name):
        yield Evidence(
            kind="named_websocket", detail=f"its name is {found.name}", path=found.path, line=found.line
        )
    if mentions_websocket(found.facts.doc):
        detail = "its docstring speaks of WebSockets"
        yield Evidence(kind="documented_websocket", detail=detail, path=found.path, line=found.line)
    for role, above in scene.inherited_roles(found):
        if role is Role.ERROR:
            yield Evidence(
                kind="inherits", detail=f"extends {above.qualname}", path=found.path, line=found.line
            )
    yield from _raised(found, scene)


def _raised(found: Class, scene: Scene) -> Iterator[Evidence]:
    for id, cast in scene.casts.items():
        if cast.role not in _SPEAKERS:
            continue
        owner = scene.program.classes[id]
        for function in owner.functions.values():
            for raised in function.facts.body.raises if function.facts.body else ():
                made = raised.func if isinstance(raised, Call) else raised
                if ClassTarget(found.id) in scene.program.lookup.targets(function.scope, made):
                    detail = f"{owner.name}.{function.name}() raises it"
                    yield Evidence(kind="raised_by_role", detail=detail, path=function.path, line=raised.line)


PART = Part(
    role=Role.ERROR,
    observe=observe,
    acts=False,
    weights={
        "is_exception": 0.1,
        "named_websocket": 0.6,
        "documented_websocket": 0.4,
        "raised_by_role": 0.4,
        "inherits": 0.6,
    },
    decisive=(
        {"is_exception", "named_websocket"},
        {"is_exception", "inherits"},
        {"is_exception", "documented_websocket", "raised_by_role"},
    ),
)
