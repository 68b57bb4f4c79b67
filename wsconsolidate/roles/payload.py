"""A payload is a model, dataclass or TypedDict of an event message."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, mentions_websocket, words

_DATA_BASES = frozenset(
    (
        "pydantic.main.BaseModel",
        "pydantic.BaseModel",
        "?pydantic.BaseModel",
        "msgspec.Struct",
        "?msgspec.Struct",
    )
)
_NAMES = frozenset(("payload", "envelope", "frame", "message", "event"))
_KINDS = frozenset(("type", "event", "event_type"))
_CONTENTS = frozenset(("payload", "data", "message", "content"))


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class is the data of an event message."""
    if not _is_data(found) or found.functions.keys() & {"connect", "emit", "send"}:
        return
    yield Evidence(kind="is_data", detail="is a data class", path=found.path, line=found.line)
    fields = scene.program.holdings.get(found.id, {})
    if _KINDS & fields.keys() and _CONTENTS & fields.keys():
        detail = "has a kind and a content: " + ", ".join(fields)
        yield Evidence(kind="envelope", detail=detail, path=found.path, line=found.line)
    event = _named_event(found, scene)
    if event:
        yield Evidence(kind="names_event", detail=f"is named after {event}", path=found.path, line=found.line)
    if words(found.name)[-1] in _NAMES:
        yield Evidence(
            kind="named_payload", detail=f"its name is {found.name}", path=found.path, line=found.line
        )
    if mentions_websocket(found.name) or mentions_websocket(found.module):
        detail = f"stands in {found.module}"
        yield Evidence(kind="lives_with_websockets", detail=detail, path=found.path, line=found.line)


def _named_event(found: Class, scene: Scene) -> str | None:
    name = "_".join(words(found.name))
    return next((event for event in scene.vocabulary.events if name.startswith(event)), None)


def _is_data(found: Class) -> bool:
    if "typing.TypedDict" in map(_written, found.facts.bases) or found.mro.names[1:2] == ("builtins.dict",):
        return True
    if not _DATA_BASES.isdisjoint(found.mro.names):
        return True
    return any(_written(decorator).rpartition(".")[2] == "dataclass" for decorator in found.facts.decorators)


def _written(expr: Expr) -> str:
    match expr:
        case Call(func=func):
            return _written(func)
        case Attribute(value=value, attr=attr):
            return f"{_written(value)}.{attr}"
        case Name(id=name):
            return name
        case _:
            return ""


PART = Part(
    role=Role.PAYLOAD,
    observe=observe,
    acts=False,
    weights={
        "is_data": 0.1,
        "names_event": 0.5,
        "envelope": 0.5,
        "named_payload": 0.3,
        "lives_with_websockets": 0.2,
    },
    decisive=(
        {"is_data", "names_event"},
        {"is_data", "envelope", "lives_with_websockets"},
        {"is_data", "named_payload", "lives_with_websockets"},
    ),
)
