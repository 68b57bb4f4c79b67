"""What is known of one repository, and its one serialized form: a line of JSON."""

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The normalised body of a class.

    `digest` is that of all its lines, whatever the class is called; `sketch` holds the smallest of
    the hashes of its pairs of lines, in order, from which the likeness of two bodies is told.
    """

    digest: str
    lines: int
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleClass:
    """A class with a role; `events` are the critical events that concern it, with its status for each.

    `body` is None for a class that is too small to be recognised.
    """

    qualname: str
    path: str
    line: int
    role: str
    disposition: str
    events: Mapping[str, str]
    body: Body | None

    @property
    def name(self) -> str:
        """The last segment of its full name."""
        return self.qualname.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much there is in a repository outside of its tests, and how much of it was not seen."""

    files: int
    lines: int
    classes: int
    duplicates: int
    completion: float
    not_read: int
    inexact_mros: int
    runtime_events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A repository that was analysed.

    `key` changes when anything does that the analysis depends on. `left_out` classes are beyond the
    limit; `roles` counts them too.
    """

    repository: str
    key: str
    tool: str
    python: str
    figures: Figures
    roles: Mapping[str, int]
    findings: Mapping[str, int]
    events: tuple[str, ...]
    classes: tuple[RoleClass, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A repository that could not be analysed, and why."""

    repository: str
    reason: str


def to_line(told: Record | Failure) -> str:
    """One line of JSON without its line feed; the same value gives the same bytes."""
    status = "analysed" if isinstance(told, Record) else "failed"
    document = {"format": 1, "status": status, **asdict(told)}
    for body in filter(None, (one["body"] for one in document.get("classes", ()))):
        body["sketch"] = b64encode(packed(body["sketch"])).decode()
    return json.dumps(document, separators=(",", ":"))


def from_line(line: str) -> Record | Failure:
    """What `to_line` wrote."""
    document = json.loads(line)
    if document["status"] == "failed":
        return Failure(repository=document["repository"], reason=document["reason"])
    return Record(
        **{name: document[name] for name in ("repository", "key", "tool", "python", "left_out")},
        figures=Figures(**document["figures"]),
        roles=document["roles"],
        findings=document["findings"],
        events=tuple(document["events"]),
        classes=tuple(map(_role_class, document["classes"])),
    )


def _role_class(document: dict[str, Any]) -> RoleClass:
    body = document.pop("body")
    return RoleClass(**document, body=_body(**body) if body else None)


def _body(*, digest: str, lines: int, sketch: str) -> Body:
    return Body(digest=digest, lines=lines, sketch=unpacked(b64decode(sketch)))


def packed(sketch: tuple[int, ...]) -> bytes:
    """The hashes of a sketch as bytes."""
    return struct.pack(f">{len(sketch)}I", *sketch)


def unpacked(data: bytes) -> tuple[int, ...]:
    """The sketch that was packed into these bytes."""
    return tuple(value for (value,) in struct.iter_unpack(">I", data))
