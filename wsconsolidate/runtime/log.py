"""A user's events in order: a bounded log that connections read with a cursor.

Pure: no clock, no socket, no event loop. An entry is kept once however many connections have yet
to get it; a connection that falls behind costs its distance in the log and no copies. What all
have got is *delivered*: it is kept for clients that come back, and is the first to make room.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

ENTRY_BYTES = 256
"""What an entry counts beside its text, which is more than it costs: many small frames are bounded too."""


class Cursor(NamedTuple):
    """How far a reader has got: the last number it has, and the total size up to there."""

    seq: int = 0
    end: int = 0


class Run(NamedTuple):
    """Frames in a row: the number of the first, their texts, and the cursor of who has got them."""

    first: int
    texts: list[str]
    reaches: Cursor


Entry = tuple[str, int, float]
"""A frame's text, the total size up to it, and when it came."""


@dataclass(slots=True)
class Budget:
    """Bytes that all logs share."""

    limit: int
    used: int = 0


class EventLog:
    """The frames of one user, oldest first, numbered without a hole within an epoch.

    What is kept lies between `tail`, just before the oldest entry, and `head`, the newest one. With
    `keep` False nothing is held for those who come back: what is delivered is forgotten.

    An entry is a plain tuple, of which the garbage collector lets go; at an object of any other kind it
    would look again and again.
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
        return self._entries[0][2] if self._entries else None

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
        end += cost
        self.head = Cursor(seq + 1, end)
        self._entries.append((text, end, at))
        self._budget.used += cost
        if self._keep:
            self._make_room()

    def prepend(self, text: str, size: int, at: float) -> None:
        """Put back the frame before the oldest one: whoever reads here has got it, or starts anew."""
        cost = size + ENTRY_BYTES
        seq, end = self.tail
        self._entries.appendleft((text, end, at))
        self._budget.used += cost
        self.tail = Cursor(seq - 1, end - cost)

    def after(self, cursor: Cursor, *, max_events: int, max_bytes: int) -> Run:
        """The next frames a reader has yet to get, at least one if there is any."""
        seq, end = cursor
        entries = self._entries
        skip = len(entries) - (self.head.seq - seq)
        page = [entries[place] for place in range(skip, min(skip + max_events, len(entries)))]
        while len(page) > 1 and page[-1][1] - end > max_bytes:
            page.pop()
        reaches = Cursor(seq + len(page), page[-1][1]) if page else cursor
        return Run(seq + 1, [text for text, _, _ in page], reaches)

    def at(self, seq: int) -> Cursor:
        """The cursor of a reader that has everything up to that number, which is kept or just gone."""
        tail = self.tail
        if seq <= tail.seq:
            return Cursor(seq, tail.end)
        return Cursor(seq, self._entries[seq - tail.seq - 1][1])

    def came_at(self, seq: int) -> float | None:
        """When the entry of that number came, or None when it is not kept."""
        place = seq - self.tail.seq - 1
        return self._entries[place][2] if 0 <= place < len(self._entries) else None

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
        while self._entries and self._entries[0][2] < before and self.tail.seq < limit:
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
        seq, begin = self.tail
        _, end, _ = self._entries.popleft()
        self._budget.used -= end - begin
        self.tail = Cursor(seq + 1, end)

    def _give_up(self) -> int:
        before = self.delivered.seq
        self.release(self.tail)
        return self.delivered.seq - before
