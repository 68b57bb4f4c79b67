"""A user's events in order: a bounded log that connections read with a cursor.

Pure: no clock, no socket, no event loop. An entry is kept once however many connections have yet
to get it; a connection that falls behind costs its distance in the log and no copies. What all
have got is *delivered*: it is kept for clients that come back, and is the first to make room.
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
    """How far a reader has got: the last number it has, and the total size up to there."""

    seq: int = 0
    end: int = 0


@dataclass(slots=True)
class Budget:
    """Bytes that all logs share: what is kept, and how much of it somebody has yet to get."""

    limit: int
    used: int = 0
    pending: int = 0


class EventLog:
    """The frames of one user, oldest first, numbered without a hole within an epoch.

    With `keep` False nothing is held for those who come back: what is delivered is forgotten.
    """

    __slots__ = ("_budget", "_entries", "_keep", "_max_bytes", "_max_events", "delivered", "epoch", "head")

    def __init__(
        self,
        budget: Budget,
        *,
        max_events: int,
        max_bytes: int,
        epoch: str = "",
        start: int = 0,
        keep: bool = False,
    ) -> None:
        self._budget = budget
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._keep = keep
        self._entries: deque[Entry] = deque()
        self.epoch = epoch
        self.head = self.delivered = Cursor(start)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return self.head.end - self.tail.end

    @property
    def newest(self) -> Entry | None:
        """The last entry, or None when none is kept."""
        return self._entries[-1] if self._entries else None

    @property
    def pending_events(self) -> int:
        """How many entries somebody has yet to get."""
        return self.head.seq - self.delivered.seq

    @property
    def pending_bytes(self) -> int:
        """How much that is."""
        return self.head.end - self.delivered.end

    @property
    def tail(self) -> Cursor:
        """Just before the oldest entry that is kept."""
        if not self._entries:
            return self.head
        oldest = self._entries[0]
        return Cursor(oldest.seq - 1, oldest.end - oldest.size)

    @property
    def oldest_at(self) -> float | None:
        """When the oldest entry came, or None when there is none."""
        return self._entries[0].at if self._entries else None

    def has_room(self, size: int) -> bool:
        """True when one more frame of that size may wait beside those that wait already."""
        return (
            self.pending_events < self._max_events
            and self.pending_bytes + size + ENTRY_BYTES <= self._max_bytes
        )

    def affords(self, size: int) -> bool:
        """True when the bytes that all logs share allow one more frame of that size."""
        return self._budget.used + size + ENTRY_BYTES <= self._budget.limit

    def append(self, text: str, size: int, at: float) -> Entry:
        """Take a frame in; the caller has asked for room among what waits."""
        cost = size + ENTRY_BYTES
        seq, end = self.head
        entry = Entry(seq + 1, text, cost, end + cost, at)
        self._entries.append(entry)
        budget = self._budget
        budget.used += cost
        budget.pending += cost
        self.head = Cursor(seq + 1, end + cost)
        if self._keep and self._is_full():
            self._make_room()
        return entry

    def prepend(self, text: str, size: int, at: float) -> None:
        """Put back the frame before the oldest one: whoever reads here has got it, or starts anew."""
        seq, end = self.tail
        self._entries.appendleft(Entry(seq, text, size + ENTRY_BYTES, end, at))
        self._budget.used += size + ENTRY_BYTES

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

    def at(self, seq: int) -> Cursor:
        """The cursor of a reader that has everything up to that number, which is kept or just gone."""
        tail = self.tail
        if seq <= tail.seq:
            return Cursor(seq, tail.end)
        entry = self._entries[seq - tail.seq - 1]
        return Cursor(entry.seq, entry.end)

    def came_at(self, seq: int) -> float | None:
        """When the entry of that number came, or None when it is not kept."""
        place = seq - self.tail.seq - 1
        return self._entries[place].at if 0 <= place < len(self._entries) else None

    def behind(self, cursor: Cursor) -> int:
        """The bytes a reader has yet to get."""
        return self.head.end - cursor.end

    def release(self, through: Cursor) -> None:
        """All have got everything up to there."""
        if through.seq <= self.delivered.seq:
            return
        self._budget.pending -= through.end - self.delivered.end
        self.delivered = through
        if not self._keep:
            self._forget_through(through.seq)

    def expire(self, before: float, *, delivered_only: bool = False) -> int:
        """Forget what is older than that; the number of events given up that nobody had got."""
        last = self.tail.seq
        limit = self.delivered.seq if delivered_only else self.head.seq
        while self._entries and self._entries[0].at < before and self._entries[0].seq <= limit:
            last = self._drop_oldest()
        return self._give_up(last)

    def evict(self, size: int) -> int:
        """Forget the oldest, delivered or not, until one more frame of that size has room among what waits.

        The number of events given up that nobody had got: those who come back are told of the gap.
        """
        last = self.tail.seq
        self._forget_through(self.delivered.seq)
        kept = self.size
        while self._entries and not self._fits_after(last, kept, size):
            kept -= self._entries[0].size
            last = self._drop_oldest()
        return self._give_up(last)

    def shed(self) -> int:
        """Forget all that is delivered; the bytes that this gives back."""
        before = self._budget.used
        self._forget_through(self.delivered.seq)
        return before - self._budget.used

    def restart(self, epoch: str, seq: int) -> None:
        """Begin anew after that number: what was kept is another history, or has a hole before it."""
        self._budget.used -= self.size
        self._budget.pending -= self.pending_bytes
        self._entries.clear()
        self.epoch = epoch
        self.head = self.delivered = Cursor(seq, self.head.end)

    def _is_full(self) -> bool:
        entries = self._entries
        if len(entries) > self._max_events:
            return True
        oldest = entries[0]
        return self.head.end - oldest.end + oldest.size > self._max_bytes

    def _make_room(self) -> None:
        while self._entries[0].seq <= self.delivered.seq and self._is_full():
            self._drop_oldest()

    def _fits_after(self, last: int, kept: int, size: int) -> bool:
        events = self.head.seq - max(last, self.delivered.seq)
        return events < self._max_events and kept + size + ENTRY_BYTES <= self._max_bytes

    def _forget_through(self, seq: int) -> None:
        entries = self._entries
        while entries and entries[0].seq <= seq:
            self._budget.used -= entries.popleft().size

    def _drop_oldest(self) -> int:
        entry = self._entries.popleft()
        self._budget.used -= entry.size
        return entry.seq

    def _give_up(self, last: int) -> int:
        before = self.delivered.seq
        self.release(self.at(last))
        return self.delivered.seq - before
