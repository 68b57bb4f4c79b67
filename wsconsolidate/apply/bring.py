"""Bring the files of a run to how they were before it, or to how they are after it.

Both ways are one: every content is written beside its target first, then renamed over it. A file
that is already there is left alone, so that what was cut short can be done again.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from wsconsolidate.apply.disk import Disk, discard, write_file
from wsconsolidate.apply.journal import Journal
from wsconsolidate.apply.run import Change, File, Foreign, Link, Run, Shape, Side, look
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
    touched = {*_sweep(journal, run)}
    if touched:
        moves = _moves(journal, run, side, spare=spare)
    for number in moves:
        touched.update(_stage(journal, run, number, side))
    for number in moves:
        touched.update(_put(journal, run, number, side, spare=spare))
    if side is Side.BEFORE:
        touched.update(_remove_folders(journal, run))
    for folder in sorted(touched):
        if folder.is_dir():
            journal.disk.sync_folder(folder)


def changed(journal: Journal, run: Run, *sides: Side) -> tuple[str, ...]:
    """The files of a run that are not as they are on any of these sides."""
    return tuple(
        change.path
        for change in run.changes
        if _now(journal, change) not in [change.at(side) for side in sides]
    )


def _moves(journal: Journal, run: Run, side: Side, *, spare: bool) -> list[int]:
    """The numbers of the files that are on the other side."""
    foreign = () if spare else changed(journal, run, *Side)
    if foreign:
        raise ChangedError(run.id, foreign)
    numbered = enumerate(run.changes)
    return [number for number, change in numbered if _now(journal, change) == change.at(side.other)]


def _now(journal: Journal, change: Change) -> Shape | Foreign:
    """What is there now; behind a folder that became a link is nothing of ours."""
    place = journal.root / change.place
    return look(journal.disk, place) if _is_direct(place) else Foreign()


def _is_direct(path: Path) -> bool:
    """True if no folder on the way is a link: a link may lead out of the root."""
    return os.path.realpath(path.parent) == str(path.parent)


def _sweep(journal: Journal, run: Run) -> Iterator[Path]:
    """Remove what an interrupted attempt left beside the targets; the folders where something was.

    What is not ours was taken out of its place in the midst of a swap, and goes back there.
    """
    for number, change in enumerate(run.changes):
        fresh = _fresh(journal, run, number)
        if os.path.lexists(fresh) and _is_direct(fresh):
            if _is_ours(journal, run, number):
                discard(journal.disk, fresh)
            else:
                journal.disk.replace(fresh, journal.root / change.place)
            yield fresh.parent


def _is_ours(journal: Journal, run: Run, number: int) -> bool:
    """True for a content of the run, or the beginning of one that was not written to its end."""
    change, fresh = run.changes[number], _fresh(journal, run, number)
    if not isinstance(look(journal.disk, fresh), File):
        return True
    data = journal.disk.read(fresh)
    kept = (journal.copy(run.id, number, side) for side in Side if isinstance(change.at(side), File))
    return any(journal.disk.read(copy).startswith(data) for copy in kept)


def _stage(journal: Journal, run: Run, number: int, side: Side) -> Iterator[Path]:
    """Write what the file shall be beside it; the folders that got something new."""
    change = run.changes[number]
    yield from _make_folders(journal, (journal.root / change.place).parent)
    fresh, disk = _fresh(journal, run, number), journal.disk
    match change.at(side):
        case Link(text):
            disk.link(fresh, text)
        case File() as file:
            copy = journal.copy(run.id, number, side)
            if look(disk, copy) != file:
                raise JournalError(str(copy), f"this is not the content of {change.path} any more")
            like = None if change.before is None else copy  # a new file has its folder's owner
            write_file(disk, fresh, disk.read(copy), like=like, mode=file.mode)


def _put(journal: Journal, run: Run, number: int, side: Side, *, spare: bool) -> Iterator[Path]:
    """Let the file be what was written beside it, unless somebody changed it just now; its folder."""
    change = run.changes[number]
    if _now(journal, change) == change.at(side.other) and _swap(journal, run, number, side):
        yield (journal.root / change.place).parent
    elif not spare:
        raise ChangedError(run.id, (change.path,))


def _swap(journal: Journal, run: Run, number: int, side: Side) -> bool:
    """Put the new file in the place of the old one, and then look at that once more.

    False if somebody changed it since the last look: then it is back in its place.
    """
    change, disk = run.changes[number], journal.disk
    target, fresh = journal.root / change.place, _fresh(journal, run, number)
    if change.at(side.other) is None:
        return _placed(disk, fresh, target)
    if change.at(side) is None:
        disk.replace(target, fresh)
    elif not disk.exchange(fresh, target):
        disk.replace(fresh, target)
        return True
    is_ours = look(disk, fresh) == change.at(side.other)
    if not is_ours:
        disk.replace(fresh, target)
    else:
        disk.remove(fresh)
    return is_ours


def _placed(disk: Disk, fresh: Path, target: Path) -> bool:
    try:
        disk.place(fresh, target)
    except FileExistsError:
        return False
    return True


def _fresh(journal: Journal, run: Run, number: int) -> Path:
    """Beside the target, because a rename is one step only within a file system."""
    folder = (journal.root / run.changes[number].place).parent
    return folder / f".wsconsolidate-{run.id}-{number}.tmp"


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
