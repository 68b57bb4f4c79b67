"""A store in an SQLite file: it outlives the process, and several processes of one machine share it.

Writes go through one thread of its own. Other processes' events are noticed by asking SQLite for
`data_version`, which costs microseconds, some times a second.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

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

T = TypeVar("T")
SCHEMA = """
CREATE TABLE IF NOT EXISTS store (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT, total INTEGER);
CREATE TABLE IF NOT EXISTS users (user_id TEXT PRIMARY KEY, seq INTEGER, tail INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT, seq INTEGER, key TEXT UNIQUE, text TEXT, at REAL
);
CREATE UNIQUE INDEX IF NOT EXISTS events_of_user ON events (user_id, seq);
CREATE INDEX IF NOT EXISTS events_by_age ON events (at);
"""
SWEEP_EVERY = 1000


class SqliteBackplane:
    """The users' logs in one file.

    `durable` syncs every batch to the disk before it counts as accepted; without it a power cut, not
    a crash of the process, may cost the last events.

    Example:
        >>> backplane = SqliteBackplane("events.db")
        >>> # UnifiedWebSocketManager(ManagerConfig(), backplane=backplane)
    """

    def __init__(
        self,
        path: str | Path,
        *,
        retention: Retention | None = None,
        poll_seconds: float = 0.05,
        durable: bool = True,
    ) -> None:
        self._path = Path(path)
        self._retention = retention if retention is not None else Retention()
        self._poll_seconds = poll_seconds
        self._durable = durable
        self._thread: ThreadPoolExecutor | None = None
        self._db: sqlite3.Connection | None = None
        self._appended = 0

    async def open(self) -> None:
        """Open the file, and make it when there is none."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "wsconsolidate-sqlite")
            await self._run(lambda _: None)

    async def close(self) -> None:
        """Close the file."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._disconnect)
            thread.shutdown()

    async def append(self, messages: Sequence[Message], known: int) -> tuple[Place, ...]:
        """Take frames in, all of them or none."""
        return await self._run(lambda db: self._append(db, messages, known))

    async def read(self, wants: Sequence[Want], known: int) -> tuple[History, ...]:
        """Pages of entries, all of one moment."""
        return await self._run(lambda db: self._read(db, wants, known))

    async def listen(self, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        """Tell of every event of any process, a moment later."""
        seen, version = await self._run(_last), None
        on_ready()
        while True:
            await asyncio.sleep(self._poll_seconds)
            now = await self._run(lambda db: _one(db, "PRAGMA data_version") + db.total_changes)
            if now == version:
                continue
            version = now
            for number, user_id, place in await self._run(partial(_news, seen)):
                seen = number
                on_wake(user_id, place, None)

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._thread is None:
            raise WebSocketBackplaneError(f"{self._path} is not open")
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: work(self._connected())
            )
        except sqlite3.Error as error:
            raise WebSocketBackplaneError(f"{self._path}: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        if self._db is None:
            db = sqlite3.connect(self._path, timeout=5.0, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            db.executescript(SCHEMA)
            self._db = db
        return self._db

    def _disconnect(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _append(self, db: sqlite3.Connection, messages: Sequence[Message], known: int) -> tuple[Place, ...]:
        with _Transaction(db):
            epoch, total = _standing(db, known)
            places = []
            for message in messages:
                seq, is_new = self._store(db, message, total)
                total += is_new
                places.append(Place(epoch, seq, total))
            db.execute("UPDATE store SET total = ?", (total,))
            self._sweep(db, len(messages))
        return tuple(places)

    def _store(self, db: sqlite3.Connection, message: Message, total: int) -> tuple[int, bool]:
        found = db.execute("SELECT seq FROM events WHERE key = ?", (message.key,)).fetchone()
        if found is not None:
            return found[0], False
        add = "INSERT INTO users VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = seq + 1 RETURNING seq, tail"
        seq, tail = db.execute(add, (message.user_id, total + 1, total)).fetchone()
        event = (message.user_id, seq, message.key, message.text, time.time())
        db.execute("INSERT INTO events (user_id, seq, key, text, at) VALUES (?, ?, ?, ?, ?)", event)
        if seq - tail > self._retention.events:
            _forget(db, message.user_id, seq - self._retention.events)
        return seq, True

    def _sweep(self, db: sqlite3.Connection, appended: int) -> None:
        self._appended += appended
        if self._appended < SWEEP_EVERY:
            return
        self._appended = 0
        old = "SELECT user_id, max(seq) FROM events WHERE at < ? GROUP BY user_id"
        for user_id, seq in db.execute(old, (time.time() - self._retention.seconds,)).fetchall():
            _forget(db, user_id, seq)

    def _read(self, db: sqlite3.Connection, wants: Sequence[Want], known: int) -> tuple[History, ...]:
        with _Transaction(db):
            epoch, total = _standing(db, known)
            pages, room = [], READ_BYTES
            for want in wants:
                pages.append(_page(db, want, Place(epoch, 0, total), room))
                room -= pages[-1].size
            return tuple(pages)


class _Transaction:
    """All or nothing, and nobody else writes meanwhile."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")


def _standing(db: sqlite3.Connection, known: int) -> tuple[str, int]:
    """Epoch and total; another epoch when the store is new, or has fewer events than are known."""
    found = db.execute("SELECT epoch, total FROM store").fetchone()
    if found is not None and found[1] >= known:
        epoch, total = found
        return str(epoch), int(total)
    standing = new_epoch(), max(known, found[1] if found else 0)
    db.execute("INSERT OR REPLACE INTO store VALUES (1, ?, ?)", standing)
    return standing


def _page(db: sqlite3.Connection, want: Want, standing: Place, room: int) -> History:
    epoch, _, total = standing
    user = db.execute("SELECT seq, tail FROM users WHERE user_id = ?", (want.user_id,)).fetchone()
    if user is None:
        user = total, total
        db.execute("INSERT INTO users VALUES (?, ?, ?)", (want.user_id, *user))
    seq, tail = user
    page = "SELECT seq, text FROM events WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    entries = within(room, (Stored(*row) for row in db.execute(page, want)))
    return History(Place(epoch, seq, total), tail, tuple(entries))


def _forget(db: sqlite3.Connection, user_id: str, through: int) -> None:
    db.execute("DELETE FROM events WHERE user_id = ? AND seq <= ?", (user_id, through))
    db.execute("UPDATE users SET tail = max(tail, ?) WHERE user_id = ?", (through, user_id))


def _one(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0] or 0)


def _last(db: sqlite3.Connection) -> int:
    return _one(db, "SELECT max(id) FROM events")


def _news(since: int, db: sqlite3.Connection) -> list[tuple[int, str, Place]]:
    standing = db.execute("SELECT epoch, total FROM store").fetchone()
    rows = db.execute("SELECT id, user_id, seq FROM events WHERE id > ? ORDER BY id", (since,)).fetchall()
    return [(number, user_id, Place(standing[0], seq, standing[1])) for number, user_id, seq in rows]
