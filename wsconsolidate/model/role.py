"""Roles that a class may play, and the evidence for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part a class plays between agent and socket."""

    MANAGER = "manager"
    EMITTER = "emitter"
    BRIDGE = "bridge"
    PROTOCOL = "protocol"
    CONNECTION = "connection"
    FACTORY = "factory"
    ERROR = "error"
    PAYLOAD = "payload"


RUNTIME: Mapping["Role", str] = {
    Role.MANAGER: "wsconsolidate.runtime.UnifiedWebSocketManager",
    Role.EMITTER: "wsconsolidate.runtime.UnifiedWebSocketEmitter",
    Role.BRIDGE: "wsconsolidate.runtime.AgentWebSocketBridge",
    Role.PROTOCOL: "wsconsolidate.runtime.WebSocketManagerProtocol",
    Role.ERROR: "wsconsolidate.runtime.WebSocketError",
}
"""The classes of the bundled runtime that stay where a code base has no source of truth of its own."""
SSOT_ROLES = tuple(RUNTIME)
"""The roles that have a source of truth."""
COVERING_ROLES = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.PROTOCOL)
"""The roles of which it is asked what they do for each event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One observation for or against a role; `kind` is a key of its role's weights."""

    kind: str
    detail: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The role of a class: how sure (0 to 1), on which evidence, strongest first."""

    role: Role
    confidence: float
    evidence: tuple[Evidence, ...]
    test_double: bool
