"""What is counted, and the snapshots that are handed out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(slots=True)
class ManagerCounters:
    """What a manager counts as it goes."""

    accepted: int = 0
    refused: int = 0
    expired: int = 0
    passing_dropped: int = 0
    connected: int = 0
    dropped: dict[str, int] = field(default_factory=dict)

    def drop(self, why: str) -> None:
        """Count a connection that the manager gave up."""
        self.dropped[why] = self.dropped.get(why, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerMetrics:
    """A manager's figures at one moment.

    `accepted`, `refused`, `expired` (given up before anybody got them) and `passing_dropped` (that
    may be, and were) count events, `connected` and `dropped` connections ever made and given up (by
    reason: `gone`, `slow`, `stale`, `replaced`, `misspoke`); the rest is what there is now: `pending`
    is what somebody has yet to get, `kept` is that and what is held for sessions that come back.
    """

    users: int
    connections: int
    sessions: int
    pending_events: int
    pending_bytes: int
    kept_events: int
    kept_bytes: int
    accepted: int
    refused: int
    expired: int
    passing_dropped: int
    connected: int
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatistics:
    """One connection's figures: its `phase`, what it has yet to get, and seconds since it was heard.

    `unacknowledged` and `gaps` are those of a session; both are 0 on a plain connection that has
    missed nothing.
    """

    connection_id: str
    user_id: str
    phase: str
    pending_bytes: int
    unacknowledged: int
    gaps: int
    silent_seconds: float


@dataclass(slots=True)
class EmitterCounters:
    """What an emitter counts as it goes."""

    emitted: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    last_error: str | None = None

    def snapshot(self) -> "EmitterMetrics":
        """The figures as they are now."""
        return EmitterMetrics(
            emitted=MappingProxyType(dict(self.emitted)),
            failed=MappingProxyType(dict(self.failed)),
            retries=self.retries,
            last_error=self.last_error,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmitterMetrics:
    """An emitter's figures at one moment: events that went out and that failed, by type."""

    emitted: Mapping[str, int]
    failed: Mapping[str, int]
    retries: int
    last_error: str | None

    @property
    def total(self) -> int:
        """All events that went out."""
        return sum(self.emitted.values())
