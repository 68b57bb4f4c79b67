"""A store in the memory of one process: for several managers in one loop, and for tests."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..errors import WebSocketBackplaneError
from .backplane import (
    READ_BYTES,
    History,
    Message,
    OnWake,
    Place,
    Retention,
    Stored,
    Want,
    new_epoch,
    within,
)


@dataclass(slots=True)
class Shelf:
    """One user's entries."""

    seq: int
    tail: int
    entries: list[Stored] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)


class MemoryBackplane:
    """A store that ends with its process.

    Give the same one to several managers; `is_away` is for tests that need a store that fails.
    """

    def __init__(self, retention: Retention | None = None) -> None:
        self._retention = retention if retention is not None else Retention()
        self._epoch = new_epoch()
        self._total = 0
        self._shelves: dict[str, Shelf] = {}
        self._listeners: set[OnWake] = set()
        self.is_away = False

    async def open(self) -> None:
        """Nothing."""

    async def close(self) -> None:
        """Nothing: another manager may use it still."""

    async def append(self, messages: Sequence[Message], known: int) -> tuple[Place, ...]:
        """Take frames in."""
        self._require_there(known)
        return tuple(self._append(message) for message in messages)

    async def read(self, wants: Sequence[Want], known: int) -> tuple[History, ...]:
        """Pages of entries."""
        self._require_there(known)
        pages, room = [], READ_BYTES
        for want in wants:
            pages.append(self._read(want, room))
            room -= pages[-1].size
        return tuple(pages)

    async def listen(self, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        """Tell of every event."""
        self._require_there(0)
        self._listeners.add(on_wake)
        try:
            on_ready()
            await asyncio.get_running_loop().create_future()
        finally:
            self._listeners.discard(on_wake)

    def _read(self, want: Want, room: int) -> History:
        shelf = self._shelf(want.user_id)
        entries = [entry for entry in shelf.entries if entry.seq > want.after][: want.limit]
        return History(Place(self._epoch, shelf.seq, self._total), shelf.tail, tuple(within(room, entries)))

    def _append(self, message: Message) -> Place:
        shelf = self._shelf(message.user_id)
        if (known := shelf.keys.get(message.key)) is not None:
            return Place(self._epoch, known, self._total)
        self._total += 1
        shelf.seq += 1
        shelf.keys[message.key] = shelf.seq
        shelf.entries.append(Stored(shelf.seq, message.text))
        if len(shelf.entries) > self._retention.events:
            shelf.tail = shelf.entries.pop(0).seq
            del shelf.keys[next(iter(shelf.keys))]
        place = Place(self._epoch, shelf.seq, self._total)
        for listener in tuple(self._listeners):
            listener(message.user_id, place, message.text)
        return place

    def _shelf(self, user_id: str) -> Shelf:
        return self._shelves.setdefault(user_id, Shelf(self._total, self._total))

    def _require_there(self, known: int) -> None:
        if self.is_away:
            raise WebSocketBackplaneError("the store is away")
        if self._total < known:
            self._epoch, self._total = new_epoch(), known
