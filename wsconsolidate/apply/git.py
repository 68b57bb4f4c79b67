"""What git has against writing a file: no history to go back to, or somebody's unfinished work beside it.

Each file is asked about in the repository that it lies in, so that a root may hold several, or none.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wsconsolidate.errors import Obstacle
from wsconsolidate.git import ask
from wsconsolidate.model.edit import FileEdit

_DIRTY = "it has uncommitted changes: commit or stash them, or pass --allow-dirty"
_UNTRACKED = "git does not track it and could not bring it back: add it, or pass --allow-dirty"
_IGNORED = "git ignores it, so it is generated or private: exclude it, or change what generates it"
_IGNORED_NEW = "git would ignore this new file and it would never be committed: choose another place for it"


@dataclass(frozen=True, slots=True)
class _GitError(Exception):
    """Git gave no answer, and this is what it said."""

    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    """A repository, the edits of files in it by their places, and the folder whose state counts."""

    top: Path
    scope: Path
    edits: Mapping[Path, FileEdit]


def git_obstacles(root: Path, edits: Mapping[Path, FileEdit], *, allow_dirty: bool) -> Iterator[Obstacle]:
    """What git has against these edits, each under the place of its file with links resolved.

    Uncommitted changes count if they lie below `root` (which has no links), in a repository that a
    file is written in; files that git does not know count only if they are to be written.
    """
    for repository in _repositories(root, edits):
        try:
            yield from _obstacles(root, repository, allow_dirty=allow_dirty)
        except _GitError as error:
            if not allow_dirty:
                reason = (
                    f"git does not say what is committed ({error.said}): mend that, or pass --allow-dirty"
                )
                yield Obstacle(_relative(repository.scope, root), reason)


def _repositories(root: Path, edits: Mapping[Path, FileEdit]) -> Iterator[_Repository]:
    tops: dict[Path, Path | None] = {}
    found: dict[Path, dict[Path, FileEdit]] = {}
    for place, edit in edits.items():
        top = _top(place.parent, tops)
        if top is not None:
            found.setdefault(top, {})[place] = edit
    for top, inside in found.items():
        yield _Repository(top=top, scope=top if top.is_relative_to(root) else root, edits=inside)


def _top(folder: Path, known: dict[Path, Path | None]) -> Path | None:
    """The top of the repository that a folder lies in."""
    if folder not in known:
        if os.path.lexists(folder / ".git"):
            known[folder] = folder
        else:
            known[folder] = _top(folder.parent, known) if folder != folder.parent else None
    return known[folder]


def _obstacles(root: Path, repository: _Repository, *, allow_dirty: bool) -> Iterator[Obstacle]:
    if repository.top != root and repository.top.is_relative_to(root) and _is_submodule(repository.top):
        reason = (
            f"it belongs to the submodule {_relative(repository.top, root)}: fix it in its own repository"
        )
        yield from (Obstacle(edit.path, reason) for edit in repository.edits.values())
        return
    unknown = _unknown(repository)
    if _is_strange(repository, unknown):
        return
    ignored = _ignored(repository.scope, unknown)
    for place in ignored:
        edit = unknown[place]
        yield Obstacle(edit.path, _IGNORED_NEW if edit.before is None else _IGNORED)
    if not allow_dirty:
        yield from (Obstacle(_relative(place, root), _DIRTY) for place in _dirty(repository))
        rest = [edit for place, edit in unknown.items() if place not in ignored]
        yield from (Obstacle(edit.path, _UNTRACKED) for edit in _irretrievable(repository.scope, rest))


def _is_submodule(top: Path) -> bool:
    return bool(_git(top, "rev-parse", "--show-superproject-working-tree").strip())


def _is_strange(repository: _Repository, unknown: Mapping[Path, FileEdit]) -> bool:
    """True for a repository above the root that ignores it all, such as that of a home folder's settings."""
    top, scope = repository.top, repository.scope
    return top != scope and unknown == repository.edits and bool(_ignored(top, [scope]))


def _dirty(repository: _Repository) -> Iterator[Path]:
    """Tracked files with changes that are not committed."""
    options = ("--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty")
    for entry in _split(_git(repository.scope, "status", *options, "--", ".")):
        yield repository.top / entry[3:]


def _unknown(repository: _Repository) -> dict[Path, FileEdit]:
    """The edits of files that git does not track."""
    tracked = set(_split(_git(repository.scope, "ls-files", "-z", "--cached")))
    return {
        place: edit
        for place, edit in repository.edits.items()
        if _relative(place, repository.scope) not in tracked
    }


def _ignored(scope: Path, places: Iterable[Path]) -> set[Path]:
    asked = b"".join(os.fsencode(_relative(place, scope)) + b"\0" for place in places)
    if not asked:
        return set()
    answer = _git(scope, "check-ignore", "-z", "--stdin", given=asked, fine=(0, 1))
    return {scope / path for path in _split(answer)}


def _irretrievable(scope: Path, edits: Iterable[FileEdit]) -> Iterator[FileEdit]:
    """The edits that lose content which git has nowhere: a backup that was once committed is no loss."""
    losing = [edit for edit in edits if edit.before is not None]
    names = {name: edit for edit in losing if edit.after is None for name in _blob_names(edit.before or b"")}
    asked = "".join(f"{name}\n" for name in names).encode()
    answers = _git(scope, "cat-file", "--batch-check", given=asked).decode().splitlines() if asked else []
    kept = {names[line.split()[0]].path for line in answers if line.split()[1:2] == ["blob"]}
    return (edit for edit in losing if edit.path not in kept)


def _blob_names(data: bytes) -> tuple[str, str]:
    """What git calls this content, in repositories of either kind."""
    blob = b"blob %d\0" % len(data) + data
    return hashlib.sha1(blob, usedforsecurity=False).hexdigest(), hashlib.sha256(blob).hexdigest()


def _git(folder: Path, *words: str, given: bytes = b"", fine: tuple[int, ...] = (0,)) -> bytes:
    try:
        answer = ask(folder, *words, given=given)
    except OSError as error:
        raise _GitError(f"git cannot be started: {error.strerror}") from error
    if answer.returncode not in fine:
        said = answer.stderr.decode(errors="replace").strip().splitlines()
        raise _GitError(said[0] if said else f"git {words[0]} ended with {answer.returncode}")
    return answer.stdout


def _split(listing: bytes) -> list[str]:
    return [os.fsdecode(entry) for entry in listing.split(b"\0") if entry]


def _relative(place: Path, folder: Path) -> str:
    return place.relative_to(folder).as_posix()


def never_committed(root: Path, copies: Mapping[str, FileEdit]) -> Iterator[Obstacle]:
    """The copies that, in git, equal no committed version of the file that they are copies of.

    `copies` are edits by the path of that file, relative to `root`; outside of git nothing is said.
    """
    tops: dict[Path, Path | None] = {}
    for path, edit in copies.items():
        top = _top((root / path).parent, tops)
        if top is not None and not set(_blob_names(edit.before or b"")) & _versions(top, root / path):
            reason = f"git has no committed version of {path} that equals it, and could not bring it back"
            yield Obstacle(edit.path, reason)


def _versions(top: Path, place: Path) -> set[str]:
    """What git calls every content that the file ever had in a commit; nothing if it gives no answer."""
    words = ("log", "--all", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z", "--")
    try:
        answer = _git(top, *words, _relative(place, top)).decode(errors="replace")
    except _GitError:
        return set()
    return {word for line in answer.split(":") for word in line.split()[2:4]}
