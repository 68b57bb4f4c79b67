"""The records of all repositories as tables in a temporary file, so that memory does not grow with them."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

from wsconsolidate.fleet.record import Failure, Record, RoleClass, packed
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.role import Role

_SCHEMA = """
CREATE TABLE repository (
    name TEXT PRIMARY KEY, files INT, lines INT, classes INT, duplicates INT, completion REAL,
    not_read INT, inexact_mros INT, runtime_events INT, left_out INT
) WITHOUT ROWID;
CREATE TABLE failure (repository TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID;
CREATE TABLE role (repository TEXT, role TEXT, number INT);
CREATE TABLE finding (repository TEXT, code TEXT, number INT);
CREATE TABLE event (repository TEXT, event TEXT, position INT, covered INT);
CREATE TABLE status (repository TEXT, event TEXT, status TEXT, number INT);
CREATE TABLE class (digest TEXT, repository TEXT, qualname TEXT, name TEXT, path TEXT, line INT, role TEXT);
CREATE TABLE body (digest TEXT PRIMARY KEY, lines INT, sketch BLOB) WITHOUT ROWID;
"""
_SENDERS = frozenset((Role.MANAGER, Role.EMITTER, Role.BRIDGE))


def new_index() -> sqlite3.Connection:
    """An empty index; its file goes when it is closed."""
    database = sqlite3.connect("")
    database.executescript(_SCHEMA)
    return database


def add(index: sqlite3.Connection, told: Record | Failure) -> None:
    """Put one repository into the tables."""
    name = told.repository
    if isinstance(told, Failure):
        index.execute("INSERT INTO failure VALUES (?, ?)", (name, told.reason))
        return
    one = told.figures
    read = (one.files, one.lines, one.classes, one.duplicates, one.completion)
    unseen = (one.not_read, one.inexact_mros, one.runtime_events, told.left_out)
    index.execute("INSERT INTO repository VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (name, *read, *unseen))
    index.executemany("INSERT INTO role VALUES (?, ?, ?)", ((name, *item) for item in told.roles.items()))
    index.executemany(
        "INSERT INTO finding VALUES (?, ?, ?)", ((name, *item) for item in told.findings.items())
    )
    index.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", _events(told))
    index.executemany("INSERT INTO status VALUES (?, ?, ?, ?)", _statuses(told))
    for found in told.classes:
        _add_class(index, name, found)


def _events(told: Record) -> Iterator[tuple[str, str, int, bool]]:
    """Of a repository with senders each event, and whether one of them sends it."""
    senders = [found for found in told.classes if found.role in _SENDERS and found.events]
    for position, event in enumerate(told.events if senders else ()):
        statuses = (EventStatus(one.events[event]) for one in senders if event in one.events)
        yield told.repository, event, position, any(status.covers for status in statuses)


def _statuses(told: Record) -> Iterator[tuple[str, str, str, int]]:
    counts = Counter(item for found in told.classes for item in found.events.items())
    for (event, status), number in counts.items():
        yield told.repository, event, status, number


def _add_class(index: sqlite3.Connection, repository: str, found: RoleClass) -> None:
    """Note a class by its body; one without is too small to be recognised."""
    body = found.body
    if body is not None:
        place = (body.digest, repository, found.qualname, found.name, found.path, found.line, found.role)
        index.execute("INSERT INTO class VALUES (?, ?, ?, ?, ?, ?, ?)", place)
        row = (body.digest, body.lines, packed(body.sketch))
        index.execute("INSERT OR IGNORE INTO body VALUES (?, ?, ?)", row)
