"""What happens to an agent: the event names that matter, and one event."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from .context import UserExecutionContext

CRITICAL_EVENTS = (
    "agent_started",
    "agent_thinking",
    "tool_executing",
    "tool_completed",
    "agent_completed",
)
AGENT_ERROR = "agent_error"

TURNS: Mapping[object, bool] = MappingProxyType(
    {**dict.fromkeys(CRITICAL_EVENTS, True), "agent_completed": False, AGENT_ERROR: False}
)
"""Whether a run is under way after an event."""


class Event(NamedTuple):
    """One event of one user: `payload` is anything JSON can hold, `at` the wall clock in seconds."""

    type: str
    payload: object
    context: UserExecutionContext
    at: float


class Receipt(NamedTuple):
    """Says that an event was accepted, and how many connections of the user were there to get it.

    With none, the event waits for the user's next connection. `stored` is False when the store
    between processes is away, and the event waits in this process until it is back.
    """

    connections: int
    stored: bool = True


@lru_cache(maxsize=256)
def receipt(connections: int, *, stored: bool = True) -> Receipt:
    """A receipt; made once, as most are the same."""
    return Receipt(connections, stored)
