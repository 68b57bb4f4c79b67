"""The manager's settings, checked once and all together."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import get_args

from .codec import Default, EncoderName
from .envelope import Envelope
from .measure import OnMeasurement

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerConfig:
    """Limits, periods and the envelope; the defaults suit one process and a hundred browsers.

    Seconds and bytes throughout. What waits, and with `sessions` what is kept for those that come
    back, is bounded four times: per connection, per user in events, per user in bytes, and over all
    users in bytes.

    Raises:
        ValueError: one or more settings make no sense; all of them are named.

    Example:
        >>> ManagerConfig(max_connections=10_000, envelope=Envelope.TYPE_DATA).max_connections_per_user
        3
    """

    max_connections_per_user: int = 3
    max_connections: int = 100
    heartbeat_seconds: float = 30.0
    busy_heartbeat_seconds: float = 15.0
    stale_after_seconds: float = 120.0
    cleanup_seconds: float = 30.0
    max_message_bytes: int = 256 * KIB
    max_connection_bytes: int = 512 * KIB
    max_pending_events: int = 1000
    max_pending_bytes: int = MIB
    max_total_bytes: int = 64 * MIB
    pending_seconds: float = 900.0
    drain_seconds: float = 5.0
    close_seconds: float = 2.0
    return_seconds: float = 5.0
    sessions: bool = True
    max_unacknowledged_events: int = 50
    allow_broadcast: bool = False
    envelope: Envelope = Envelope.TYPE_PAYLOAD
    encoder: EncoderName = "json"
    json_default: Default | None = None
    on_measurement: OnMeasurement | None = None

    def __post_init__(self) -> None:
        if problems := tuple(self._wrong_kinds()) or tuple(self._wrong_amounts()):
            raise ValueError("ManagerConfig: " + "; ".join(problems))

    def _wrong_kinds(self) -> Iterator[str]:
        for name, kind in self._numbers():
            if type(value := getattr(self, name)) not in (int, kind):
                yield f"{name} is {value!r}, a{' whole' if kind is int else ''} number is needed"
        if self.encoder not in get_args(EncoderName):
            yield f"encoder is {self.encoder!r}, one of {', '.join(get_args(EncoderName))} is needed"
        if not isinstance(self.envelope, Envelope):
            yield f"envelope is {self.envelope!r}, an Envelope is needed"

    def _wrong_amounts(self) -> Iterator[str]:
        for name, _ in self._numbers():
            value, least = getattr(self, name), self._least(name)
            if not value >= least:  # nor is nan
                yield f"{name} is {value}, at least {least} is needed"
        if self.stale_after_seconds <= self.heartbeat_seconds:
            yield "stale_after_seconds must exceed heartbeat_seconds, or every idle connection is cut"
        if self.max_message_bytes > self.max_connection_bytes:
            yield "max_message_bytes must not exceed max_connection_bytes"

    def _numbers(self) -> Iterator[tuple[str, type]]:
        for setting in fields(self):
            if type(setting.default) in (int, float):
                yield setting.name, type(setting.default)

    @staticmethod
    def _least(name: str) -> float:
        if name in ("max_pending_events", "drain_seconds", "return_seconds"):
            return 0
        return 0.001 if name.endswith("_seconds") else 1
