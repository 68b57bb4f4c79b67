"""What a user still has to get: an ordered, bounded log that connections read with a cursor.

Pure: no clock, no socket, no event loop. An entry is kept once however many connections have yet
to get it; a connection that falls behind costs its distance in the log and no copies.
"""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

ENTRY_BYTES = 256
"""What an entry costs in memory beside its text: many small frames are bounded like few large ones."""


class Entry(NamedTuple):
    """One frame: its number, its text, its size in memory, and the log's total size up to its end."""

    seq: int
    text: str
    size: int
    end: int
    at: float


class Cursor(NamedTuple):
    """How far a connection has got: the last number it has, and the total size up to there."""

    seq: int = 0
    end: int = 0


@dataclass(slots=True)
class Budget:
    """Bytes that all logs share."""

    limit: int
    used: int = 0


class EventLog:
    """The frames of one user that somebody has yet to get, oldest first."""

    __slots__ = ("_budget", "_entries", "_max_bytes", "_max_events", "head")

    def __init__(self, budget: Budget, *, max_events: int, max_bytes: int) -> None:
        self._budget = budget
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._entries: deque[Entry] = deque()
        self.head = Cursor()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return self.head.end - self.tail.end

    @property
    def tail(self) -> Cursor:
        """Just before the oldest entry that is kept."""
        if not self._entries:
            return self.head
        oldest = self._entries[0]
        return Cursor(oldest.seq - 1, oldest.end - oldest.size)

    def has_room(self, size: int) -> bool:
        """True when one more frame of that size keeps this log within its own bounds."""
        return len(self._entries) < self._max_events and self.size + size + ENTRY_BYTES <= self._max_bytes

    def affords(self, size: int) -> bool:
        """True when the bytes that all logs share allow one more frame of that size."""
        return self._budget.used + size + ENTRY_BYTES <= self._budget.limit

    def append(self, text: str, size: int, at: float) -> Entry:
        """Take a frame in; the caller has asked for room."""
        cost = size + ENTRY_BYTES
        entry = Entry(self.head.seq + 1, text, cost, self.head.end + cost, at)
        self._entries.append(entry)
        self._budget.used += cost
        self.head = Cursor(entry.seq, entry.end)
        return entry

    def after(self, cursor: Cursor, *, max_events: int, max_bytes: int) -> tuple[Entry, ...]:
        """The next entries a reader has yet to get, at least one if there is any."""
        missing = self.head.seq - cursor.seq
        if missing <= 1:
            return (self._entries[-1],) if missing == 1 else ()
        skip = cursor.seq - self.tail.seq
        page = list(islice(self._entries, skip, skip + max_events))
        while len(page) > 1 and page[-1].end - cursor.end > max_bytes:
            page.pop()
        return tuple(page)

    def behind(self, cursor: Cursor) -> int:
        """The bytes a reader has yet to get."""
        return self.head.end - cursor.end

    def release(self, through: Cursor) -> None:
        """Forget everything up to there: all have got it."""
        entries, upto = self._entries, through.seq
        while entries and entries[0].seq <= upto:
            self._budget.used -= entries.popleft().size

    def expire(self, before: float) -> int:
        """Forget what is older than that; the number of events given up."""
        given_up = 0
        while self._entries and self._entries[0].at < before:
            self._budget.used -= self._entries.popleft().size
            given_up += 1
        return given_up
