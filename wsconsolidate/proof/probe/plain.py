"""Values as plain data that two runs can be compared by."""

from __future__ import annotations

import base64
import dataclasses
import enum
import json
from collections.abc import Mapping, Sequence, Set
from typing import Any

_DEEP = 8
_MANY = 100


class StandIn:
    """Whatever is handed to a class in place of the real thing; its text is its name."""

    __slots__ = ()


def plain(value: Any, depth: int = 0) -> Any:
    """The value as JSON knows it; of an object, its type and fields."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return str(value) if isinstance(value, enum.Enum) else value
    if issubclass(type(value), StandIn):
        return str(value)
    if depth > _DEEP:
        return "..."
    return _composed(value, depth + 1)


def _composed(value: Any, depth: int) -> Any:
    match value:
        case bytes() | bytearray():
            return {"bytes": base64.b64encode(value).decode()}
        case Mapping():
            rows = [[plain(key, depth), plain(one, depth)] for key, one in list(value.items())[:_MANY]]
            return {"map": sorted(rows, key=lambda row: json.dumps(row[0]))}
        case Set():
            return {"set": sorted((plain(one, depth) for one in value), key=json.dumps)}
        case Sequence():
            return [plain(one, depth) for one in value[:_MANY]]
        case BaseException():
            return {"error": type(value).__name__, "args": plain(value.args, depth)}
        case enum.Enum() | type():
            return str(value)
    return _object(value, depth)


def _object(value: Any, depth: int) -> Any:
    name = type(value).__name__
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
        return {name: plain({key: one for key, one in fields.items() if key[0] != "_"}, depth)}
    dump = getattr(type(value), "model_dump", None)
    if dump is not None:
        return {name: plain(dump(value), depth)}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return f"<{name}>"


def frame(data: Any) -> Any:
    """What a client reads of it: the document that a text holds, else the value itself."""
    if isinstance(data, Mapping) and data.get("type") == "websocket.send":
        data = data.get("text") if data.get("text") is not None else data.get("bytes")
    if isinstance(data, (str, bytes)):
        try:
            return {"document": plain(json.loads(data))}
        except ValueError:
            return plain(data)
    return {"document": plain(json.loads(json.dumps(data, default=plain)))}
