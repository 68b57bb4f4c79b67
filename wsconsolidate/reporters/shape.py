"""The shape of a JSON document, told once: it makes both the values and their JSON Schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

T = TypeVar("T")


class _Absent(Enum):
    ABSENT = "absent"


ABSENT = _Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of value: how it is written, and its schema."""

    write: Callable[[T], Json]
    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A key of an object; `write` gives its value, or `ABSENT` to leave an optional key out."""

    name: str
    write: "Callable[[T], Json | _Absent]"
    schema: Mapping[str, Json]
    optional: bool = False


V = TypeVar("V")

TEXT: Kind[str] = Kind(lambda value: value, {"type": "string"})
WHOLE: Kind[int] = Kind(lambda value: value, {"type": "integer", "minimum": 0})
LINE: Kind[int] = Kind(lambda value: value, {"type": "integer", "minimum": 1})
FLAG: Kind[bool] = Kind(lambda value: value, {"type": "boolean"})
SHARE: Kind[float] = Kind(lambda value: value, {"type": "number", "minimum": 0, "maximum": 1})
SCALAR: Kind[str | int | float | bool] = Kind(
    lambda value: value, {"type": ["string", "integer", "number", "boolean"]}
)


def field(name: str, kind: Kind[V], get: Callable[[T], V]) -> Field[T]:
    """A key that is always there."""
    return Field(name, lambda source: kind.write(get(source)), kind.schema)


def optional(name: str, kind: Kind[V], get: Callable[[T], V | None]) -> Field[T]:
    """A key that is left out where its value is None."""

    def write(source: T) -> "Json | _Absent":
        value = get(source)
        return ABSENT if value is None else kind.write(value)

    return Field(name, write, kind.schema, optional=True)


def one_of(values: type[Enum]) -> Kind[str]:
    """One of the values of an enum."""
    return Kind(str, {"enum": [str(member.value) for member in values]})


def fixed(value: Json) -> Kind[object]:
    """Always this value."""
    return Kind(lambda _: value, {"const": value})


def maybe(kind: Kind[V]) -> Kind[V | None]:
    """A value or null."""
    return Kind(
        lambda value: None if value is None else kind.write(value),
        {"anyOf": [dict(kind.schema), {"type": "null"}]},
    )


def rows(kind: Kind[V]) -> "Kind[tuple[V, ...]]":
    """An array."""
    return Kind(
        lambda values: [kind.write(value) for value in values],
        {"type": "array", "items": dict(kind.schema)},
    )


def mapping(kind: Kind[V]) -> "Kind[Mapping[str, V]]":
    """An object with any keys."""
    return Kind(
        lambda values: {key: kind.write(value) for key, value in values.items()},
        {"type": "object", "additionalProperties": dict(kind.schema)},
    )


def record(*fields: Field[T], note: str = "") -> Kind[T]:
    """An object with these keys, in this order, and no others."""

    def write(source: T) -> Json:
        pairs = ((one.name, one.write(source)) for one in fields)
        return {name: value for name, value in pairs if not isinstance(value, _Absent)}

    schema: dict[str, Json] = {
        "type": "object",
        "properties": {one.name: dict(one.schema) for one in fields},
        "required": [one.name for one in fields if not one.optional],
        "additionalProperties": False,
    }
    return Kind(write, {"description": note, **schema} if note else schema)
