"""One run of edits, as the journal keeps it."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from wsconsolidate.apply.disk import Disk
from wsconsolidate.model.check import Check


class State(StrEnum):
    """How far a run has come. What is not done when its process ends is put back at the next start."""

    WRITING = "writing"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


class Side(StrEnum):
    """The two ways in which a run knows its files."""

    BEFORE = "before"
    AFTER = "after"

    @property
    def other(self) -> "Side":
        """The other one."""
        return Side.AFTER if self is Side.BEFORE else Side.BEFORE


@dataclass(frozen=True, slots=True)
class File:
    """A regular file: the SHA-256 of its content, and its mode bits."""

    digest: str
    mode: int


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link and the text that it holds."""

    text: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that is neither a file nor a link."""


Shape = File | Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file of a run: `path` as it was planned, `place` with links resolved, None where no file is."""

    path: str
    place: str
    before: Shape
    after: Shape

    def at(self, side: Side) -> Shape:
        """What the file is on one side of the run."""
        return self.before if side is Side.BEFORE else self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one call wrote: its files, the folders it made for them, and the checks with their outcome."""

    id: str
    time: str
    state: State
    checks: Mapping[str, Check]
    folders: tuple[str, ...]
    changes: tuple[FileChange, ...]


def look(disk: Disk, path: Path) -> Shape | Foreign:
    """What is at this path now.

    Raises:
        OSError: it cannot be read.
    """
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(status.st_mode):
        return Link(str(path.readlink()))
    if not stat.S_ISREG(status.st_mode):
        return Foreign()
    return File(digest(disk.read(path)), stat.S_IMODE(status.st_mode))


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal digits."""
    return sha256(data).hexdigest()


def resolve(root: Path, path: str, *, follow: bool) -> Path:
    """Where a relative path leads: links among its folders resolved, one at its end only to `follow` it."""
    place = Path(os.path.realpath(root / Path(path).parent)) / Path(path).name
    return Path(os.path.realpath(place)) if follow else place
