"""A factory creates or pools emitters, managers or bridges."""

from collections.abc import Iterator

from wsconsolidate.model.program import Class, Function, Type
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, is_collection_of, words

_MADE = (Role.EMITTER, Role.MANAGER, Role.BRIDGE)
_NAMES = frozenset(("factory", "pool", "provider", "builder"))


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class makes or pools senders."""
    for function in found.functions.values():
        if function.name != "__init__":
            yield from _made(function, found, scene)
    for holding in scene.holdings(found):
        if any(is_collection_of(one, lambda held: _is_made(held, scene)) for one in holding.types):
            detail = f"self.{holding.attribute} keeps those it made"
            yield Evidence(kind="keeps", detail=detail, path=holding.path, line=holding.line)
    if set(words(found.name)) & _NAMES:
        yield Evidence(
            kind="named_factory", detail=f"its name is {found.name}", path=found.path, line=found.line
        )


def _made(function: Function, found: Class, scene: Scene) -> Iterator[Evidence]:
    results = [one for one in _returned(function, scene) if _is_made(one, scene) and one.id != found.id]
    for one in results:
        detail = f"{function.name}() returns a {one.name}"
        yield Evidence(kind="returns", detail=detail, path=function.path, line=function.line)
    for edge in scene.program.calls(function.scope):
        for id in edge.constructs:
            made = Type("", (), id)
            if _is_made(made, scene) and id != found.id:
                detail = f"{function.name}() creates a {scene.program.classes[id].qualname}"
                yield Evidence(kind="creates", detail=detail, path=function.path, line=edge.line)
    if results and "creates" not in function.name and _gets_made(function, scene):
        detail = f"{function.name}() passes on what a factory made"
        yield Evidence(kind="creates", detail=detail, path=function.path, line=function.line)


def _gets_made(function: Function, scene: Scene) -> bool:
    """True if the function calls somebody whose result is a sender: a pool that asks a factory."""
    return any(
        _is_made(one, scene)
        for edge in scene.program.calls(function.scope)
        if edge.targets
        for one in scene.program.lookup.types(function.scope, edge.call)
    )


def _returned(function: Function, scene: Scene) -> tuple[Type, ...]:
    body = function.facts.body
    found: list[Type] = []
    for value in body.returns if body else ():
        found += scene.program.lookup.types(function.scope, value)
    return tuple(dict.fromkeys(found))


def _is_made(one: Type, scene: Scene) -> bool:
    return scene.has_role(one, *_MADE)


PART = Part(
    role=Role.FACTORY,
    observe=observe,
    weights={"creates": 0.5, "returns": 0.3, "keeps": 0.2, "named_factory": 0.3, "doubles": 0.7},
    decisive=({"creates", "named_factory"}, {"creates", "returns"}, {"creates", "keeps"}, {"doubles"}),
)
