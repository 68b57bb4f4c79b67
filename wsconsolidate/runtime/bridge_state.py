"""The five states of a bridge, and which follows from which; pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from .errors import WebSocketStateError


class BridgeState(StrEnum):
    """Where a bridge stands."""

    UNINITIALIZED = "uninitialized"
    INITIALIZING = "initializing"
    ACTIVE = "active"
    DEGRADED = "degraded"
    FAILED = "failed"

    @property
    def carries_events(self) -> bool:
        """True when events are passed on."""
        return self in (BridgeState.ACTIVE, BridgeState.DEGRADED)


TRANSITIONS: Mapping[BridgeState, frozenset[BridgeState]] = MappingProxyType(
    {
        BridgeState.UNINITIALIZED: frozenset({BridgeState.INITIALIZING}),
        BridgeState.INITIALIZING: frozenset({BridgeState.ACTIVE, BridgeState.FAILED}),
        BridgeState.ACTIVE: frozenset({BridgeState.DEGRADED, BridgeState.UNINITIALIZED}),
        BridgeState.DEGRADED: frozenset({BridgeState.ACTIVE, BridgeState.FAILED, BridgeState.UNINITIALIZED}),
        BridgeState.FAILED: frozenset({BridgeState.INITIALIZING, BridgeState.UNINITIALIZED}),
    }
)


def require_transition(before: BridgeState, after: BridgeState) -> None:
    """Nothing, if `after` may follow `before`.

    Raises:
        WebSocketStateError: it may not.
    """
    if after not in TRANSITIONS[before]:
        raise WebSocketStateError(f"a bridge that is {before} cannot become {after}")
