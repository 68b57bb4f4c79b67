"""Facts kept by the digest of what they were read from, in the user's cache directory."""

import hashlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAME = "wsconsolidate"
FOLDER_VARIABLE = "WSCONSOLIDATE_CACHE_DIR"
MOST_BYTES = 512_000_000
_FILE = "kept.sqlite3"
_DAY = 86_400
_PATIENCE = 10.0
_LEFT = 0.75
_GET = "SELECT key, data FROM kept WHERE key IN (SELECT value FROM json_each(?))"
_UNUSED = "SELECT 1 FROM kept WHERE used < ? AND key IN (SELECT value FROM json_each(?))"
_USE = "UPDATE kept SET used = ? WHERE key IN (SELECT value FROM json_each(?))"
_DROP = "DELETE FROM kept WHERE key IN (SELECT value FROM json_each(?))"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, used INTEGER NOT NULL, data BLOB NOT NULL)
"""


def cache_folder() -> Path:
    """Where this user's caches lie: as WSCONSOLIDATE_CACHE_DIR says, else where the platform wants them."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / NAME
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / NAME / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME


def digest(*parts: bytes) -> str:
    """A name for these bytes that nothing else has."""
    hashed = hashlib.blake2b(digest_size=20)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def source_digest(*folders: str) -> str:
    """A digest of the tool's own source in these folders, and of the Python that runs it.

    Whatever was kept by other code is never read again, without anybody counting versions.
    """
    root = Path(__file__).parent
    files = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    python = f"{sys.implementation.cache_tag} {sys.version}".encode()
    return digest(python, *(path.read_bytes() for path in files))


@cache
def _extractor() -> str:
    return source_digest("extract", "model")


def facts_key(data: bytes, *, bodies: bool = True) -> str:
    """The key under which the facts of a file with these bytes are kept."""
    return digest(_extractor().encode(), b"bodies" if bodies else b"outline", data)


@dataclass(frozen=True, slots=True)
class Size:
    """How much a store holds."""

    entries: int
    bytes: int


class Store:
    """Bytes by key, in one file that many runs may use at a time.

    SQLite's journal makes every change whole or undone. A store that is damaged is thrown away and begun
    anew; one that cannot be read or written is as good as empty: nothing here ever fails.
    """

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._path = folder / _FILE
        self._most = most
        self._connection: sqlite3.Connection | None = None

    def get(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """What is kept under these keys; what is not is left out."""
        asked = json.dumps(list(keys))
        found: dict[str, bytes] = {}

        def read(kept: sqlite3.Connection) -> None:
            found.update(kept.execute(_GET, (asked,)))
            if kept.execute(_UNUSED, (_today(), asked)).fetchone():
                with kept:
                    kept.execute(_USE, (_today(), asked))

        self._try(read)
        return found

    def put(self, items: Sequence[tuple[str, bytes]]) -> None:
        """Keep these, in place of what was kept under their keys; the longest unused make room."""
        rows = [(key, _today(), data) for key, data in items]

        def write(kept: sqlite3.Connection) -> None:
            with kept:
                kept.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
                self._make_room(kept)

        if rows:
            self._try(write)

    def size(self) -> Size:
        """How much is kept."""
        rows: list[tuple[int, int]] = []
        count = "SELECT COUNT(*), COALESCE(SUM(LENGTH(data)), 0) FROM kept"
        if self._path.exists():
            self._try(lambda kept: rows.extend(kept.execute(count)))
        return Size(*rows[0]) if rows else Size(0, 0)

    def clear(self) -> None:
        """Throw everything away."""
        self.close()
        for suffix in ("", "-journal"):
            with suppress(OSError):
                self._path.with_name(_FILE + suffix).unlink()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _try(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do it with the open database; an error of it ends the work, and a damaged file is thrown away."""
        try:
            if self._connection is None:
                self._connection = self._opened()
            work(self._connection)
        except (sqlite3.OperationalError, OSError):  # locked, read-only, full, or no folder: go without
            self.close()
        except sqlite3.DatabaseError:
            self.clear()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._path, timeout=_PATIENCE)
        connection.execute("PRAGMA synchronous=OFF")  # a machine that stops costs what was kept, no more
        connection.execute(_SCHEMA)
        return connection

    def _make_room(self, kept: sqlite3.Connection) -> None:
        (total,) = kept.execute("SELECT SUM(LENGTH(data)) FROM kept").fetchone()
        if total <= self._most:
            return
        gone = []
        for key, size in kept.execute("SELECT key, LENGTH(data) FROM kept ORDER BY used, key").fetchall():
            gone.append(key)
            total -= size
            if total <= self._most * _LEFT:
                break
        kept.execute(_DROP, (json.dumps(gone),))


def _today() -> int:
    return int(time.time()) // _DAY
