"""The lines of all repositories -> one joined result, whose size does not grow with their number."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass

from wsconsolidate.fleet.copies import Copies, gather, largest
from wsconsolidate.fleet.index import add, new_index
from wsconsolidate.fleet.record import Failure, from_line
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.role import Role

_NAMED = 5
_SHARES = "SELECT {key}, sum(number), count(DISTINCT repository) FROM {table} GROUP BY {key} ORDER BY {key}"
_TOTALS = """
SELECT count(*), count(*) FILTER (WHERE files = 0), total(files), total(lines), total(classes),
       total(duplicates), total(not_read), total(inexact_mros), total(runtime_events), total(left_out)
FROM repository
"""
_COUNTS = {
    "failed": "count(*) FROM failure",
    "playing": "count(DISTINCT repository) FROM role",
    "events": "count(DISTINCT event) FROM event",
    "copies": "count(*) FROM family",
    "copied_classes": "total(classes) FROM family",
}
_EVENTS = """
SELECT event, total(covered), count(*) FROM event GROUP BY event
ORDER BY count(*) DESC, min(position), event LIMIT ?
"""
_ROWS = """
SELECT name,
       (SELECT total(covered) FROM event WHERE repository = name),
       (SELECT count(*) FROM event WHERE repository = name),
       duplicates, ifnull(shared.number, 0),
       (SELECT total(number) FROM finding WHERE repository = name), completion
FROM repository LEFT JOIN shared ON shared.repository = name
JOIN (SELECT repository, sum(number) AS playing FROM role GROUP BY repository) AS roles
     ON roles.repository = name
ORDER BY playing DESC, name LIMIT ?
"""
_PREPARED = """
CREATE INDEX role_of ON role (repository);
CREATE INDEX finding_of ON finding (repository);
CREATE INDEX event_of ON event (repository);
CREATE INDEX event_named ON event (event, covered, repository);
CREATE TABLE shared AS
    SELECT repository, count(*) AS number FROM class JOIN stands USING (digest) JOIN family USING (head)
    GROUP BY repository;
CREATE UNIQUE INDEX shared_of ON shared (repository);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often something was found, and in how many repositories."""

    name: str
    number: int
    repositories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShare:
    """A critical event: of the `concerned` repositories, which have senders, in how many one sends it.

    `statuses` tell how many of all classes have which status; `without` names the first repositories
    with senders none of which sends it.
    """

    event: str
    covered: int
    concerned: int
    statuses: Mapping[EventStatus, int]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One repository; of its `events` senders cover some, `shared` classes stand in others too."""

    repository: str
    roles: Mapping[Role, int]
    covered: int
    events: int
    duplicates: int
    shared: int
    findings: int
    completion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over all repositories that were analysed; `without_python` of them hold nothing to analyse.

    `events`, `playing` (repositories with a role), `copies` (groups) and `failed` tell how many there
    are of what the joined result shows some of.
    """

    analysed: int
    without_python: int
    files: int
    lines: int
    classes: int
    duplicates: int
    not_read: int
    inexact_mros: int
    runtime_events: int
    left_out: int
    failed: int
    playing: int
    events: int
    copies: int
    copied_classes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The joined result: at most a given number of events, copies, repositories and failures."""

    totals: Totals
    roles: tuple[Share, ...]
    events: tuple[EventShare, ...]
    findings: tuple[Share, ...]
    copies: tuple[Copies, ...]
    repositories: tuple[Row, ...]
    failures: tuple[Failure, ...]


def join(lines: Iterable[str], top: int) -> Fleet:
    """The joined result, with at most `top` rows in each table; the order of the lines does not matter."""
    with closing(new_index()) as index:
        for line in lines:
            add(index, from_line(line))
        gather(index)
        index.executescript(_PREPARED)
        failures = index.execute("SELECT repository, reason FROM failure ORDER BY repository LIMIT ?", (top,))
        return Fleet(
            totals=_totals(index),
            roles=_shares(index, "role"),
            events=tuple(_event(index, *row) for row in index.execute(_EVENTS, (top,)).fetchall()),
            findings=_shares(index, "finding", "code"),
            copies=largest(index, top),
            repositories=tuple(_row(index, *row) for row in index.execute(_ROWS, (top,)).fetchall()),
            failures=tuple(Failure(repository=name, reason=reason) for name, reason in failures),
        )


def _totals(index: sqlite3.Connection) -> Totals:
    names = [name for name in Totals.__slots__ if name not in _COUNTS]
    sums = dict(zip(names, index.execute(_TOTALS).fetchone(), strict=True))
    counts = {name: index.execute(f"SELECT {what}").fetchone()[0] for name, what in _COUNTS.items()}
    return Totals(**{name: int(value) for name, value in (sums | counts).items()})


def _shares(index: sqlite3.Connection, table: str, key: str = "") -> tuple[Share, ...]:
    rows = index.execute(_SHARES.format(table=table, key=key or table))
    return tuple(Share(name=name, number=number, repositories=holding) for name, number, holding in rows)


def _event(index: sqlite3.Connection, event: str, covered: float, concerned: int) -> EventShare:
    counted = index.execute(
        "SELECT status, sum(number) FROM status WHERE event = ? GROUP BY status", (event,)
    )
    statuses = dict(counted.fetchall())
    asked = "SELECT repository FROM event WHERE event = ? AND NOT covered ORDER BY repository LIMIT ?"
    return EventShare(
        event=event,
        covered=int(covered),
        concerned=concerned,
        statuses={status: statuses[status] for status in EventStatus if status in statuses},
        without=tuple(name for (name,) in index.execute(asked, (event, _NAMED))),
    )


def _row(
    index: sqlite3.Connection,
    name: str,
    covered: float,
    events: int,
    duplicates: int,
    shared: int,
    findings: float,
    completion: float,
) -> Row:
    roles = dict(index.execute("SELECT role, number FROM role WHERE repository = ?", (name,)).fetchall())
    return Row(
        repository=name,
        roles={role: roles[role] for role in Role if role in roles},
        covered=int(covered),
        events=events,
        duplicates=duplicates,
        shared=shared,
        findings=int(findings),
        completion=completion,
    )
