"""Bring the files of a run to how they were before it, or to how they are after it.

Both ways are one: every content is written beside its target first, then renamed over it. A file
that is already there is left alone, so that what was cut short can be done again.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wsconsolidate.apply.disk import Disk, discard, write_file
from wsconsolidate.apply.journal import Journal
from wsconsolidate.apply.run import File, FileChange, Foreign, Link, Run, Shape, Side, look
from wsconsolidate.errors import ChangedError, JournalError


def bring(journal: Journal, run: Run, side: Side, *, spare: bool = False) -> None:
    """Give every file of the run the content, mode or link that it has on this side.

    A file that is as on neither side was changed by somebody else. It is left alone: with `spare`
    the others are brought, without it none is.

    Raises:
        ChangedError: somebody else changed files; without a race none was brought.
        JournalError: a kept content is damaged; none was brought.
        OSError: the disk failed; some may have been brought.
    """
    moves = _moves(journal, run, side, spare=spare)
    touched = {folder for place in _places(journal, run) for folder in place.swept()}
    if touched:
        moves = _moves(journal, run, side, spare=spare)
    for place in moves:
        touched.update(place.staged(side))
    for place in moves:
        touched.update(place.put(side, spare=spare))
    if side is Side.BEFORE:
        touched.update(_remove_folders(journal, run))
    for folder in sorted(touched):
        if folder.is_dir():
            journal.disk.sync_folder(folder)


def changed(journal: Journal, run: Run, *sides: Side) -> tuple[str, ...]:
    """The files of a run that are not as they are on any of these sides."""
    return tuple(
        place.change.path
        for place in _places(journal, run)
        if place.now() not in [place.change.at(side) for side in sides]
    )


def _moves(journal: Journal, run: Run, side: Side, *, spare: bool) -> list["_Place"]:
    """The places whose files are on the other side."""
    foreign = () if spare else changed(journal, run, *Side)
    if foreign:
        raise ChangedError(run.id, foreign)
    return [place for place in _places(journal, run) if place.now() == place.change.at(side.other)]


def _places(journal: Journal, run: Run) -> Iterator["_Place"]:
    return (_Place(journal, run.id, number, change) for number, change in enumerate(run.changes))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file of a run is, what is kept of it, and what is there now."""

    journal: Journal
    run: str
    number: int
    change: FileChange

    @property
    def target(self) -> Path:
        """The file itself."""
        return self.journal.root / self.change.place

    @property
    def fresh(self) -> Path:
        """Beside the target, because a rename is one step only within a file system."""
        return self.target.parent / f".wsconsolidate-{self.run}-{self.number}.tmp"

    def now(self) -> Shape | Foreign:
        """What is there now; behind a folder that became a link is nothing of ours."""
        return look(self.journal.disk, self.target) if _is_direct(self.target) else Foreign()

    def swept(self) -> Iterator[Path]:
        """Remove what an interrupted attempt left beside the target; the folder where something was.

        What is not ours was taken out of its place in the midst of a swap, and goes back there.
        """
        if os.path.lexists(self.fresh) and _is_direct(self.fresh):
            if self._is_ours():
                discard(self.journal.disk, self.fresh)
            else:
                self.journal.disk.replace(self.fresh, self.target)
            yield self.fresh.parent

    def _is_ours(self) -> bool:
        """True for a content of the run, or the beginning of one that was not written to its end."""
        disk = self.journal.disk
        if not isinstance(look(disk, self.fresh), File):
            return True
        data = disk.read(self.fresh)
        kept = (self._copy(side) for side in Side if isinstance(self.change.at(side), File))
        return any(disk.read(copy).startswith(data) for copy in kept)

    def _copy(self, side: Side) -> Path:
        return self.journal.copy(self.run, self.number, side)

    def staged(self, side: Side) -> Iterator[Path]:
        """Write what the file shall be beside it; the folders that got something new."""
        yield from _make_folders(self.journal, self.target.parent)
        disk, copy = self.journal.disk, self._copy(side)
        match self.change.at(side):
            case Link(text):
                disk.link(self.fresh, text)
            case File() as file:
                if look(disk, copy) != file:
                    raise JournalError(str(copy), f"this is not the content of {self.change.path} any more")
                like = None if self.change.before is None else copy  # a new file has its folder's owner
                write_file(disk, self.fresh, disk.read(copy), like=like, mode=file.mode)

    def put(self, side: Side, *, spare: bool) -> Iterator[Path]:
        """Let the file be what was written beside it, unless somebody changed it just now; its folder."""
        if self.now() == self.change.at(side.other) and self._swap(side):
            yield self.target.parent
        elif not spare:
            raise ChangedError(self.run, (self.change.path,))

    def _swap(self, side: Side) -> bool:
        """Put the new file in the place of the old one, and then look at that once more.

        False if somebody changed it since the last look: then it is back in its place.
        """
        target, fresh, disk = self.target, self.fresh, self.journal.disk
        if self.change.at(side.other) is None:
            return _placed(disk, fresh, target)
        if self.change.at(side) is None:
            disk.replace(target, fresh)
        elif not disk.exchange(fresh, target):
            disk.replace(fresh, target)
            return True
        is_ours = look(disk, fresh) == self.change.at(side.other)
        if not is_ours:
            disk.replace(fresh, target)
        else:
            disk.remove(fresh)
        return is_ours


def _is_direct(path: Path) -> bool:
    """True if no folder on the way is a link: a link may lead out of the root."""
    return os.path.realpath(path.parent) == str(path.parent)


def _placed(disk: Disk, fresh: Path, target: Path) -> bool:
    try:
        disk.place(fresh, target)
    except FileExistsError:
        return False
    return True


def _make_folders(journal: Journal, folder: Path) -> Iterator[Path]:
    """Make a folder and those above it as far as they lack; the folders that hold the made ones."""
    for path in reversed(missing(folder)):
        journal.disk.make_folder(path)
        yield path.parent


def missing(folder: Path) -> list[Path]:
    """The folder and those above it that are not there, the deepest first."""
    chain = (folder, *folder.parents)
    return [path for path in chain if not os.path.lexists(path)]


def _remove_folders(journal: Journal, run: Run) -> Iterator[Path]:
    """Remove the folders that the run made, unless somebody put something there; those above them."""
    for name in reversed(run.folders):
        folder = journal.root / name
        if folder.is_dir() and not folder.is_symlink() and _is_direct(folder):
            _drop_compiled(journal, folder)
            if not any(folder.iterdir()):
                journal.disk.remove_folder(folder)
                yield folder.parent


def _drop_compiled(journal: Journal, folder: Path) -> None:
    """Remove what Python compiled there, if nothing else is left."""
    compiled = folder / "__pycache__"
    if [*folder.iterdir()] == [compiled] and not compiled.is_symlink():
        journal.disk.remove_tree(compiled)
