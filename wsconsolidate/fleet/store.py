"""What is kept between runs: the latest line of each repository, in one SQLite file."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wsconsolidate.errors import UsageError

FILE = "kept.sqlite3"
_FORMAT = 1


class Store:
    """The lines of JSON by repository; what was kept survives a kill at any instant."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def key(self, repository: str) -> str | None:
        """The key of the record that is kept; None where there is none, or the last run failed."""
        found = self._database.execute("SELECT key FROM kept WHERE name = ?", (repository,)).fetchone()
        return found[0] if found else None

    def keep(self, repository: str, key: str | None, line: str) -> None:
        """Put the line in place of the earlier one."""
        self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (repository, key, line))
        self._database.commit()

    def lines(self, repositories: Iterable[str]) -> Iterator[str]:
        """The lines of these repositories in order of name, one at a time."""
        self._database.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (name TEXT PRIMARY KEY)")
        self._database.execute("DELETE FROM wanted")
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((name,) for name in repositories))
        found = self._database.execute("SELECT line FROM kept JOIN wanted USING (name) ORDER BY name")
        return (line for (line,) in found)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store in a folder, which is made; a file that is damaged is put aside, and a new one made.

    Raises:
        UsageError: the folder cannot be written, or another run uses it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        database = _connected(folder / FILE)
    except (OSError, sqlite3.OperationalError) as error:
        reason = "another run is using it" if "locked" in str(error) else str(error)
        raise UsageError(f"{folder}: results cannot be kept there: {reason}") from error
    try:
        yield Store(database)
    finally:
        database.close()


def _connected(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=1)
    try:
        return _prepared(database)
    except sqlite3.OperationalError:
        database.close()
        raise
    except sqlite3.DatabaseError:
        database.close()
        file.replace(file.with_suffix(".damaged"))
        return _prepared(sqlite3.connect(file, timeout=1))


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("PRAGMA journal_mode = WAL")  # a transaction costs no wait for the disk
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA temp_store = FILE")
    if database.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
        database.execute("DROP TABLE IF EXISTS kept")
        database.execute("CREATE TABLE kept (name TEXT PRIMARY KEY, key TEXT, line TEXT NOT NULL)")
        database.execute(f"PRAGMA user_version = {_FORMAT}")
    database.execute("BEGIN IMMEDIATE")
    database.commit()
    return database
