"""The memory that all logs share: who gets more of it, and what is given up for that."""

import logging
from collections.abc import Callable

from .errors import BacklogFullError
from .log import ENTRY_BYTES, Budget, EventLog
from .measure import Measures
from .metrics import ManagerCounters
from .roster import Roster
from .stream import UserStream

logger = logging.getLogger(__name__)

SHED = 0.1
"""So much of the memory is made free at once, so that not every event has to look for room."""


class Room:
    """Finds room for events: what is delivered goes first, what somebody has yet to get only if it must.

    `write_what_waits` is called before an event is refused; True when that may have made room.
    """

    def __init__(
        self,
        roster: Roster,
        budget: Budget,
        counters: ManagerCounters,
        measures: Measures,
        write_what_waits: Callable[[], bool],
    ) -> None:
        self._roster = roster
        self._budget = budget
        self._counters = counters
        self._measures = measures
        self._write_what_waits = write_what_waits

    @property
    def pending_events(self) -> int:
        """How many events somebody has yet to get."""
        return sum(stream.log.pending_events for stream in self._roster.streams.values())

    @property
    def pending_bytes(self) -> int:
        """How much that is."""
        return sum(stream.log.pending_bytes for stream in self._roster.streams.values())

    def find(self, log: EventLog, size: int) -> bool:
        """True when there is memory for a frame of that size, if need be after others' delivered ones went.

        The longest untouched logs give first.
        """
        if log.affords(size):
            return True
        wanted = max(size + ENTRY_BYTES, SHED * self._budget.limit)
        logs = [stream.log for stream in self._roster.streams.values() if len(stream.log)]
        for oldest in sorted(logs, key=lambda each: each.oldest_at or 0.0):
            if wanted <= 0:
                break
            wanted -= oldest.shed()
        return log.affords(size)

    def require(self, stream: UserStream, size: int) -> None:
        """Nothing, when there is room for another frame of the user.

        Raises:
            BacklogFullError: there is none.
        """
        log = stream.log
        may_wait = bool(stream.connections) or log.has_room(size) or self._evict(stream, size)
        if may_wait and self.find(log, size):
            return
        if self._write_what_waits():
            self.require(stream, size)
            return
        self._counters.refused += 1
        self._measures.tell("event.refused")
        refusal = BacklogFullError(stream.user_id, log.pending_events, log.pending_bytes)
        if may_wait:
            refusal = BacklogFullError(None, self.pending_events, self.pending_bytes)
        self._roster.forget_if_idle(stream)
        raise refusal

    def expire(self, before: float) -> None:
        """Give up what is older than that, and streams that hold nothing."""
        for stream in tuple(self._roster.streams.values()):
            self._count_given_up(stream, stream.log.expire(before, delivered_only=bool(stream.connections)))
            self._roster.forget_if_idle(stream)

    def _evict(self, stream: UserStream, size: int) -> bool:
        """Give up the oldest events of an absent user whose sessions will be told of the gap."""
        if not stream.resumable:
            return False
        self._count_given_up(stream, stream.log.evict(size))
        return stream.log.has_room(size)

    def _count_given_up(self, stream: UserStream, events: int) -> None:
        if events:
            self._counters.expired += events
            self._measures.tell("event.expired", events)
            if not stream.is_given_up:
                stream.is_given_up = True
                logger.warning("gives up events of %s, who has not come for them", stream.user_id)
