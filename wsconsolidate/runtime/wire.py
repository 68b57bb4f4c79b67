"""Every frame of the session protocol as a type, and their JSON Schema, made from the types.

`python -m wsconsolidate.runtime.wire` prints the schema, `... --types` the browser's declarations.
"""

import json
import sys
import types
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    NotRequired,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from . import payloads


class ResumeFrame(TypedDict):
    """From the client, first: what it has (null, null, 0: nothing), and the protocol it speaks (else 1)."""

    ws: Literal["resume"]
    session_id: str | None
    epoch: str | None
    seq: int
    protocol: NotRequired[int]


class AckFrame(TypedDict):
    """From the client: it has everything up to there."""

    ws: Literal["ack"]
    epoch: str
    seq: int


class BeatAnswerFrame(TypedDict):
    """From the client: the answer to a heartbeat."""

    ws: Literal["hb"]
    epoch: str
    seq: int


class HelloFrame(TypedDict):
    """From the server, first: the session, and the position from which it is served."""

    ws: Literal["hello"]
    protocol: int
    session_id: str
    epoch: str
    seq: int
    head: int
    heartbeat_ms: int
    window: int


class EventFrame(TypedDict):
    """From the server: an application frame; one without a number may be dropped."""

    ws: Literal["event"]
    seq: NotRequired[int]
    frame: object


class EventsFrame(TypedDict):
    """From the server, in protocol 2: application frames in a row; `seq` is the number of the first."""

    ws: Literal["events"]
    seq: int
    frames: list[object]


class GapFrame(TypedDict):
    """From the server: what will never come; the client goes on as one that has all up to `seq`."""

    ws: Literal["gap"]
    first: int
    last: int | None
    reason: Literal["expired", "epoch"]
    epoch: str
    seq: int


class ReplayFrame(TypedDict):
    """From the server: what was missed follows."""

    ws: Literal["replay_begin"]
    first: int
    last: int


class LiveFrame(TypedDict):
    """From the server: what follows is new."""

    ws: Literal["live"]
    head: int


class BeatFrame(TypedDict):
    """From the server: a sign of life, with what was sent and the head."""

    ws: Literal["hb"]
    epoch: str
    seq: int
    head: int


class DrainFrame(TypedDict):
    """From the server: it is about to close."""

    ws: Literal["drain"]
    retry_after_ms: int


CLIENT_FRAMES = (ResumeFrame, AckFrame, BeatAnswerFrame)
SERVER_FRAMES = (HelloFrame, EventFrame, EventsFrame, GapFrame, ReplayFrame, LiveFrame, BeatFrame, DrainFrame)
PAYLOADS = (
    payloads.AgentStartedPayload,
    payloads.AgentThinkingPayload,
    payloads.ToolExecutingPayload,
    payloads.ToolCompletedPayload,
    payloads.AgentCompletedPayload,
)
SIMPLE: Mapping[Any, tuple[Mapping[str, object], str]] = {
    str: ({"type": "string"}, "string"),
    int: ({"type": "integer"}, "number"),
    float: ({"type": "number"}, "number"),
    types.NoneType: ({"type": "null"}, "null"),
    object: ({}, "unknown"),
}


def schema() -> dict[str, object]:
    """The JSON Schema of all frames, and of the payloads of the five events."""
    kinds = (*CLIENT_FRAMES, *SERVER_FRAMES, *PAYLOADS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Session protocol of wsconsolidate.runtime",
        "oneOf": [{"$ref": "#/$defs/client"}, {"$ref": "#/$defs/server"}],
        "$defs": {
            "client": {"oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in CLIENT_FRAMES]},
            "server": {"oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in SERVER_FRAMES]},
            **{kind.__name__: _schema_of(kind) for kind in kinds},
        },
    }


def declarations() -> str:
    """The same as TypeScript."""
    kinds = (*CLIENT_FRAMES, *SERVER_FRAMES, *PAYLOADS)
    interfaces = "\n".join(_interface_of(kind) for kind in kinds)
    unions = "".join(
        f"\nexport type {name} = {' | '.join(kind.__name__ for kind in some)};\n"
        for name, some in (("ClientFrame", CLIENT_FRAMES), ("ServerFrame", SERVER_FRAMES))
    )
    return f"// Made by `python -m wsconsolidate.runtime.wire --types`.\n\n{interfaces}{unions}"


def _schema_of(kind: Any) -> dict[str, object]:
    if get_origin(kind) in (Union, types.UnionType):
        return {"anyOf": [_schema_of(each) for each in get_args(kind)]}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if get_origin(kind) is dict:
        return {"type": "object"}
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema_of(*get_args(kind))}
    if not is_typeddict(kind):
        return dict(SIMPLE[kind][0])
    is_frame = "ws" in kind.__annotations__
    return {
        "description": kind.__doc__,
        "type": "object",
        "properties": {name: _schema_of(each) for name, each in get_type_hints(kind).items()},
        "required": sorted(kind.__required_keys__),
        "additionalProperties": not is_frame,
    }


def _interface_of(kind: Any) -> str:
    lines = [
        f"  {name}{'' if name in kind.__required_keys__ else '?'}: {_typescript_of(each)};"
        for name, each in get_type_hints(kind).items()
    ]
    return "\n".join([f"/** {kind.__doc__} */", f"export interface {kind.__name__} {{", *lines, "}\n"])


def _typescript_of(kind: Any) -> str:
    if get_origin(kind) in (Union, types.UnionType):
        return " | ".join(_typescript_of(each) for each in get_args(kind))
    if get_origin(kind) is Literal:
        return " | ".join(json.dumps(each) for each in get_args(kind))
    if get_origin(kind) is dict:
        return "Record<string, unknown>"
    if get_origin(kind) is list:
        return f"{_typescript_of(*get_args(kind))}[]"
    return SIMPLE[kind][1]


if __name__ == "__main__":
    sys.stdout.write(declarations() if "--types" in sys.argv else json.dumps(schema(), indent=2) + "\n")
