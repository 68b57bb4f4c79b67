"""Classes that were copied between repositories: alike bodies of the index put together."""

import sqlite3
from dataclasses import dataclass

from wsconsolidate.fleet.bodies import likeness
from wsconsolidate.fleet.record import unpacked
from wsconsolidate.model.analysis import Likeness

ENOUGH_ALIKE = 0.6
MEMBERS = 5

_SLOTS = 8
_HEADS = 64
_SCHEMA = """
CREATE TABLE stands (digest TEXT PRIMARY KEY, head TEXT) WITHOUT ROWID;
CREATE TABLE slot (value INT, head TEXT, PRIMARY KEY (value, head)) WITHOUT ROWID;
CREATE INDEX by_digest ON class (digest);
"""
_FAMILIES = """
CREATE INDEX by_head ON stands (head);
CREATE TABLE family AS
    SELECT head, count(*) AS classes, count(DISTINCT repository) AS repositories,
           count(DISTINCT digest) AS versions, count(DISTINCT name) AS names, max(lines) AS lines,
           group_concat(DISTINCT role) AS roles
    FROM class JOIN body USING (digest) JOIN stands USING (digest)
    GROUP BY head HAVING count(DISTINCT repository) > 1;
CREATE UNIQUE INDEX by_family ON family (head);
"""
_LARGEST = """
SELECT head, classes, repositories, versions, names, lines, roles FROM family
ORDER BY repositories DESC, classes DESC, lines DESC, head LIMIT ?
"""
_MEMBERS = """
SELECT repository, qualname, path, line FROM class JOIN stands USING (digest)
WHERE head = ? ORDER BY repository, path, line LIMIT ?
"""
_ALIKE = f"""
SELECT DISTINCT slot.head, sketch FROM slot JOIN body ON body.digest = slot.head
WHERE value IN ({", ".join("?" * _SLOTS)}) ORDER BY slot.head LIMIT {_HEADS}
"""  # noqa: S608 - nothing from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A class of a group of copies."""

    repository: str
    qualname: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """One class in several repositories; `versions` are its different bodies.

    `members` are the first in order of repository, of `classes` in all; `lines` are those of the
    longest body, layout, comments and docstrings aside.
    """

    kind: Likeness
    roles: tuple[str, ...]
    classes: int
    repositories: int
    versions: int
    lines: int
    members: tuple[Member, ...]


def gather(index: sqlite3.Connection) -> None:
    """Add the table `family`: a row for each body or group of alike bodies that spans repositories.

    In order of digest each body stands with the first head that it resembles, or is one itself; each
    is compared with a bounded number of heads, so that the time grows with the number of bodies.
    """
    index.executescript(_SCHEMA)
    for digest, packed in index.execute("SELECT digest, sketch FROM body ORDER BY digest"):
        _place(index, digest, unpacked(packed))
    index.executescript(_FAMILIES)


def largest(index: sqlite3.Connection, top: int) -> tuple[Copies, ...]:
    """The groups in the most repositories, at most `top` of them; after `gather`."""
    return tuple(_copies(index, *row) for row in index.execute(_LARGEST, (top,)))


def _place(index: sqlite3.Connection, digest: str, sketch: tuple[int, ...]) -> None:
    slots = sketch[:_SLOTS]
    asked = (*slots, *(slots[0],) * (_SLOTS - len(slots)))
    candidates = index.execute(_ALIKE, asked).fetchall()
    alike = (head for head, packed in candidates if likeness(sketch, unpacked(packed)) >= ENOUGH_ALIKE)
    head = next(alike, digest)
    index.execute("INSERT INTO stands VALUES (?, ?)", (digest, head))
    if head == digest:
        index.executemany("INSERT INTO slot VALUES (?, ?)", ((slot, head) for slot in slots))


def _copies(
    index: sqlite3.Connection,
    head: str,
    classes: int,
    repositories: int,
    versions: int,
    names: int,
    lines: int,
    roles: str,
) -> Copies:
    exact = Likeness.EXACT_COPY if names == 1 else Likeness.RENAMED_COPY
    members = index.execute(_MEMBERS, (head, MEMBERS))
    return Copies(
        kind=exact if versions == 1 else Likeness.NEAR_COPY,
        roles=tuple(sorted(roles.split(","))),
        classes=classes,
        repositories=repositories,
        versions=versions,
        lines=lines,
        members=tuple(
            Member(repository=repository, qualname=qualname, path=path, line=line)
            for repository, qualname, path, line in members
        ),
    )
