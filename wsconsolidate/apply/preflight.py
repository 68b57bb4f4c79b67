"""Whatever speaks against writing the planned edits, all of it, before anything is written."""

import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from wsconsolidate.apply.git import git_obstacles
from wsconsolidate.apply.journal import FOLDER
from wsconsolidate.apply.run import resolve
from wsconsolidate.errors import Obstacle
from wsconsolidate.model.edit import FileEdit

_OURS = frozenset((FOLDER, ".git"))
_HEADER = 2048
_GENERATED = re.compile(
    rb"^\s*#.*(@generated\b|\bgenerated\b.*\bdo not (edit|modify)\b|\bdo not (edit|modify)\b.*\bgenerated\b)",
    re.IGNORECASE | re.MULTILINE,
)


def preflight(root: Path, edits: Iterable[FileEdit], *, allow_dirty: bool = False) -> tuple[Obstacle, ...]:
    """Every reason not to write these edits, sorted by path; empty if there is none.

    With `allow_dirty` uncommitted changes and untracked files are no reason; everything else is.
    Edits that change nothing are not looked at.
    """
    wanted = [edit for edit in edits if edit.before != edit.after]
    obstacles = set(file_obstacles(root, wanted))
    refused = {obstacle.path for obstacle in obstacles}
    real = Path(os.path.realpath(root))
    places = {_place(real, edit): edit for edit in wanted if edit.path not in refused}
    return tuple(sorted(obstacles.union(git_obstacles(real, places, allow_dirty=allow_dirty))))


def file_obstacles(root: Path, edits: Iterable[FileEdit]) -> tuple[Obstacle, ...]:
    """The reasons that lie in the files themselves, sorted by path; git is not asked."""
    real = Path(os.path.realpath(root))
    candidates = tuple(edits)
    reasons = ((edit, _reason(real, edit)) for edit in candidates)
    refused = {Obstacle(edit.path, reason) for edit, reason in reasons if reason}
    return tuple(sorted(refused.union(_twice(real, candidates))))


def _place(root: Path, edit: FileEdit) -> Path:
    """Where the file is: a link to it is followed to change it, and is itself what is deleted."""
    return resolve(root, edit.path, follow=edit.before is not None and edit.after is not None)


def _twice(root: Path, edits: Iterable[FileEdit]) -> Iterator[Obstacle]:
    """Edits that lead to the same file."""
    places: defaultdict[Path, list[str]] = defaultdict(list)
    for edit in edits:
        places[_place(root, edit)].append(edit.path)
    for paths in places.values():
        if len(paths) > 1:
            reason = f"several edits are for this one file ({', '.join(sorted(paths))})"
            yield from (Obstacle(path, reason) for path in paths)


def _reason(root: Path, edit: FileEdit) -> str | None:
    path = PurePosixPath(edit.path)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return "this is no path below the root"
    place = _place(root, edit)
    if not place.is_relative_to(root):
        return f"it leads out of the root, to {place}: name that folder as the root, or exclude the file"
    if not _OURS.isdisjoint(place.relative_to(root).parts):
        return "this belongs to git or to the journal"
    if edit.before is None:
        return _reason_not_to_create(place)
    return _reason_not_to_touch(place, edit)


def _reason_not_to_create(place: Path) -> str | None:
    if os.path.lexists(place):
        return "it was made since the plan: plan again"
    above = next(folder for folder in place.parents if os.path.lexists(folder))
    if not above.is_dir():
        return f"{above} is no folder"
    return _reason_of_folder(above)


def _reason_not_to_touch(place: Path, edit: FileEdit) -> str | None:
    try:
        status = place.stat()
        if not stat.S_ISREG(status.st_mode):
            return "it is no regular file"
        if place.lstat().st_nlink > 1:
            return _reason_of_links(status.st_nlink - 1)
        if not _is_writable(place, status):
            return "it is read-only: make it writable, or exclude it"
        if place.read_bytes() != edit.before:
            return "it changed since the plan: plan again"
    except FileNotFoundError:
        return "it was deleted since the plan: plan again"
    except OSError as error:
        return f"it cannot be read: {(error.strerror or str(error)).lower()}"
    if edit.after is not None and _GENERATED.search((edit.before or b"")[:_HEADER]):
        return "its header says that it is generated: change what generates it, or exclude it"
    return _reason_of_folder(place.parent)


def _reason_of_links(others: int) -> str:
    links = "1 hard link" if others == 1 else f"{others} hard links"
    return f"it shares its content with {links}, which would keep the old one: copy it first"


def _reason_of_folder(folder: Path) -> str | None:
    if _is_writable(folder, folder.stat()):
        return None
    return f"its folder {folder} is read-only: make it writable, or exclude the file"


def _is_writable(path: Path, status: os.stat_result) -> bool:
    """Whether anybody may write there, and we: who is root may always, and respects the mark."""
    return bool(status.st_mode & 0o222) and os.access(path, os.W_OK)
