"""How an event is laid out as a frame: a setting, so that no browser sees a difference.

Four shapes are found in the wild:

    TYPE_PAYLOAD   {"type": "agent_started", "payload": {...}}
    TYPE_DATA      {"type": "agent_started", "data": {...}}
    EVENT_DATA     {"event": "agent_started", "data": {...}}
    FLAT           {"type": "agent_started", ...the payload's own keys}

Further keys beside them are constants or are read off the event (`with_keys`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import ClassVar

from .errors import WebSocketPayloadError
from .events import Event

Frame = dict[str, object]
NO_KEYS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The layout of a frame; `payload_key` None lays the payload's keys flat beside the type.

    `keys` go into every frame: a callable is asked with the event, anything else is a constant.

    Example:
        >>> shape = Envelope.TYPE_DATA.with_keys(run_id=from_context("run_id"), version=1)
    """

    TYPE_PAYLOAD: ClassVar["Envelope"]
    TYPE_DATA: ClassVar["Envelope"]
    EVENT_DATA: ClassVar["Envelope"]
    FLAT: ClassVar["Envelope"]

    event_key: str = "type"
    payload_key: str | None = "payload"
    keys: Mapping[str, object] = field(default_factory=lambda: NO_KEYS)

    def with_keys(self, **keys: object) -> "Envelope":
        """The same layout with more keys in every frame."""
        return replace(self, keys=MappingProxyType({**self.keys, **keys}))

    def wrap(self, event: Event, extra: Mapping[str, object] = NO_KEYS) -> Frame:
        """The frame of an event: its type, its payload, `keys`, and last the keys of this one frame.

        Raises:
            WebSocketPayloadError: two of them claim one key, or a flat payload is no mapping.
        """
        frame = self.body(event.type, event.payload)
        if self.keys or extra:
            beside = {key: value(event) if callable(value) else value for key, value in self.keys.items()}
            self._lay(frame, {**beside, **extra})
        return frame

    def body(self, event_type: str, payload: object) -> Frame:
        """Type and payload alone: the whole frame where there are no further keys. Raises as above."""
        if self.payload_key is not None:
            return {self.event_key: event_type, self.payload_key: payload}
        frame: Frame = {self.event_key: event_type}
        self._lay(frame, self._flat(payload))
        return frame

    @staticmethod
    def _flat(payload: object) -> Mapping[str, object]:
        if isinstance(payload, Mapping):
            return payload
        raise WebSocketPayloadError(f"a flat frame needs a mapping as payload, got {type(payload).__name__}")

    @staticmethod
    def _lay(frame: Frame, keys: Mapping[str, object]) -> None:
        if clash := frame.keys() & keys.keys():
            taken = ", ".join(sorted(clash))
            raise WebSocketPayloadError(f"the frame has {taken} already: nothing may replace it")
        frame.update(keys)


Envelope.TYPE_PAYLOAD = Envelope()
Envelope.TYPE_DATA = Envelope(payload_key="data")
Envelope.EVENT_DATA = Envelope(event_key="event", payload_key="data")
Envelope.FLAT = Envelope(payload_key=None)


def from_context(name: str) -> Callable[[Event], object]:
    """A key that says whose event it is: `user_id`, `thread_id`, `run_id` or `request_id`."""
    return lambda event: getattr(event.context, name)


def unix_seconds(event: Event) -> float:
    """A timestamp as `time.time()` has it."""
    return event.at


def unix_milliseconds(event: Event) -> int:
    """A timestamp as JavaScript's `Date.now()` has it."""
    return round(event.at * 1000)


def iso_utc(event: Event) -> str:
    """A timestamp as `datetime.now(UTC).isoformat()` has it."""
    return datetime.fromtimestamp(event.at, UTC).isoformat()
