"""Critical events, the status of a class for each, and the way an event takes to the socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wsconsolidate.model.program import ClassId

CRITICAL_EVENTS = (
    "agent_started",
    "agent_thinking",
    "tool_executing",
    "tool_completed",
    "agent_completed",
)

EVENT_KEYS = ("type", "event", "event_type")
"""Under which keys a message names its event."""


class EventStatus(StrEnum):
    """What a class does for an event, strongest first."""

    EMITS = "emits"
    DELEGATES = "delegates"
    INHERITS = "inherits"
    GENERIC = "generic"
    DECLARES = "declares"
    STUB = "stub"
    MISSING = "missing"

    @property
    def covers(self) -> bool:
        """True when the event is sent, by the class itself or by what it calls or inherits."""
        return self in (EventStatus.EMITS, EventStatus.DELEGATES, EventStatus.INHERITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The event names that matter: the critical ones in order, and other spellings of them."""

    events: tuple[str, ...]
    aliases: Mapping[str, str]

    def canonical(self, name: str) -> str | None:
        """The critical event that `name` is or is an alias of, else None."""
        return name if name in self.events else self.aliases.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of an event's way: the symbol that passes it on, and the line where it does."""

    symbol: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The status of a class for one event.

    `via` is the method that covers it; `flow` the way from that method to the socket, which
    is reached only if `arrives`.
    """

    status: EventStatus
    via: str | None
    path: str | None
    line: int | None
    flow: tuple[Hop, ...]
    arrives: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An event's way through the whole program, from where it is started to the socket."""

    event: str
    hops: tuple[Hop, ...]
    arrives: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeEvent:
    """A place where the event's name is chosen at run time, so that coverage cannot be decided."""

    symbol: str
    path: str
    line: int
    detail: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What is known of the events: statuses by class, ways, and what is decided at run time."""

    coverage: Mapping[ClassId, Mapping[str, Coverage]]
    ways: tuple[Way, ...]
    runtime_events: tuple[RuntimeEvent, ...]
