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


class Cursor(NamedTuple):
    """How far a reader has got: the last number it has, and the total size up to there."""

    seq: int = 0
    end: int = 0


class Entry(NamedTuple):
    """One frame: the cursor of who has got it, its text, its size in memory, and when it came."""

    cursor: Cursor
    text: str
    size: int
    at: float

    @property
    def seq(self) -> int:
        """Its number."""
        return self.cursor.seq


@dataclass(slots=True)
class Budget:
    """Bytes that all logs share."""

    limit: int
    used: int = 0


class EventLog:
    """The frames of one user, oldest first, numbered without a hole within an epoch.

    What is kept lies between `tail`, just before the oldest entry, and `head`, the newest one. With
    `keep` False nothing is held for those who come back: what is delivered is forgotten.
    """

    __slots__ = (
        "_budget",
        "_entries",
        "_keep",
        "_max_bytes",
        "_max_events",
        "delivered",
        "epoch",
        "head",
        "tail",
    )

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
        self.head = self.tail = self.delivered = Cursor(start)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return self.head.end - self.tail.end

    @property
    def pending_events(self) -> int:
        """How many entries somebody has yet to get."""
        return self.head.seq - self.delivered.seq

    @property
    def pending_bytes(self) -> int:
        """How much that is."""
        return self.head.end - self.delivered.end

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

    def append(self, text: str, size: int, at: float) -> None:
        """Take a frame in; the caller has asked for room among what waits."""
        cost = size + ENTRY_BYTES
        seq, end = self.head
        self.head = head = Cursor(seq + 1, end + cost)
        self._entries.append(Entry(head, text, cost, at))
        self._budget.used += cost
        if self._keep:
            self._make_room()

    def prepend(self, text: str, size: int, at: float) -> None:
        """Put back the frame before the oldest one: whoever reads here has got it, or starts anew."""
        cost = size + ENTRY_BYTES
        seq, end = self.tail
        self._entries.appendleft(Entry(self.tail, text, cost, at))
        self._budget.used += cost
        self.tail = Cursor(seq - 1, end - cost)

    def after(self, cursor: Cursor, *, max_events: int, max_bytes: int) -> tuple[Entry, ...]:
        """The next entries a reader has yet to get, at least one if there is any."""
        missing = self.head.seq - cursor.seq
        if missing <= 1:
            return (self._entries[-1],) if missing == 1 else ()
        skip = cursor.seq - self.tail.seq
        page = list(islice(self._entries, skip, skip + max_events))
        while len(page) > 1 and page[-1].cursor.end - cursor.end > max_bytes:
            page.pop()
        return tuple(page)

    def at(self, seq: int) -> Cursor:
        """The cursor of a reader that has everything up to that number, which is kept or just gone."""
        tail = self.tail
        if seq <= tail.seq:
            return Cursor(seq, tail.end)
        return self._entries[seq - tail.seq - 1].cursor

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
        self.delivered = through
        if not self._keep:
            self._forget_delivered()

    def expire(self, before: float, *, delivered_only: bool = False) -> int:
        """Forget what is older than that; the number of events given up that nobody had got."""
        limit = self.delivered.seq if delivered_only else self.head.seq
        while self._entries and self._entries[0].at < before and self._entries[0].seq <= limit:
            self._drop_oldest()
        return self._give_up()

    def evict(self, size: int) -> int:
        """Forget the oldest, delivered or not, until one more frame of that size has room among what waits.

        The number of events given up that nobody had got: those who come back are told of the gap.
        """
        self._forget_delivered()
        while self._entries and not self._has_room_beside_what_is_kept(size):
            self._drop_oldest()
        return self._give_up()

    def shed(self) -> int:
        """Forget all that is delivered; the bytes that this gives back."""
        before = self._budget.used
        self._forget_delivered()
        return before - self._budget.used

    def restart(self, epoch: str, seq: int) -> None:
        """Begin anew after that number: what was kept is another history, or has a hole before it."""
        self._budget.used -= self.size
        self._entries.clear()
        self.epoch = epoch
        self.head = self.tail = self.delivered = Cursor(seq, self.head.end)

    def _make_room(self) -> None:
        while len(self._entries) > self._max_events or self.head.end - self.tail.end > self._max_bytes:
            if self.tail.seq >= self.delivered.seq:
                return
            self._drop_oldest()

    def _has_room_beside_what_is_kept(self, size: int) -> bool:
        return len(self._entries) < self._max_events and self.size + size + ENTRY_BYTES <= self._max_bytes

    def _forget_delivered(self) -> None:
        while self.tail.seq < self.delivered.seq:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        entry = self._entries.popleft()
        self._budget.used -= entry.size
        self.tail = entry.cursor

    def _give_up(self) -> int:
        before = self.delivered.seq
        self.release(self.tail)
        return self.delivered.seq - before
