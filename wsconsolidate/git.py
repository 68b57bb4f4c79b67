"""What git knows of the analysed tree: the files of a revision, and the lines changed since."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from wsconsolidate.errors import UsageError

_READ = (".py", ".md", ".rst", ".toml")
_LINK, _MODULE = "120000", "160000"
_BATCH = 2_000
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE")
# fsmonitor names a program that git would run; the analysed tree must not choose one
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")
_DIFF = (
    *("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--unified=0", "--relative"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NEW = b"+++ "


@dataclass(frozen=True, slots=True)
class _Answer:
    """What git wrote to stdout; None where it failed, and then why."""

    out: bytes | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blob:
    """A file of a revision: `name` is its object, `link` whether it is a symbolic link."""

    path: PurePosixPath
    name: str
    link: bool


def ask(folder: Path, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """What git answers in a folder, whatever repository its caller's environment names.

    Raises:
        OSError: git cannot be started.
    """
    environment = {key: value for key, value in os.environ.items() if key not in _PLACES}
    return subprocess.run(  # noqa: S603 - fixed commands, and a revision after --end-of-options
        (*_GIT, *words),
        cwd=folder,
        env={**environment, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        input=given,
        capture_output=True,
        check=False,
    )


def write_revision(folder: Path, revision: str, target: Path) -> Path:
    """Write the revision's tree below `target`; the folder in it that stands for `folder`.

    As `write_commit`; the work tree is not touched.

    Raises:
        UsageError: there is no git work tree, or no such revision in it.
    """
    answer = _git(folder, "rev-parse", "--show-toplevel")
    top = _top(answer.out)
    if top is None:
        raise UsageError(f"--since {revision} needs a git work tree: {answer.why}")
    write_commit(top, _commit(top, revision), target)
    return target / folder.resolve().relative_to(top)


def commit_of(repository: Path, revision: str) -> str | None:
    """The full name of a commit of a clone, bare or not; None if git knows none."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    answer = _git(repository, *asked).out
    return answer.decode().strip() if answer else None


def write_commit(repository: Path, commit: str, target: Path) -> None:
    """Write the tree of a commit below `target`.

    Only source, documentation and configuration have content, of other files the name is enough. The
    blobs are written as they are: no filter, hook or attribute of the repository comes into it. A
    submodule is written as it was then, if it is checked out now.

    Raises:
        UsageError: git cannot tell what the commit holds.
    """
    listed = _required(repository, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
    blobs: list[_Blob] = []
    for line in filter(None, listed):
        head, _, path = line.partition(b"\t")
        mode, _, name = head.decode().split()
        place = PurePosixPath(os.fsdecode(path))
        if ".." in place.parts:
            continue  # no git writes such an entry, and none would check it out
        if mode != _MODULE:
            blobs.append(_Blob(path=place, name=name, link=mode == _LINK))
        elif (repository / place / ".git").exists():
            write_commit(repository / place, _commit(repository / place, name), target / place)
    ordered = sorted(blobs, key=lambda blob: blob.link)  # nothing is written through a link
    for start in range(0, len(ordered), _BATCH):
        _write_blobs(repository, ordered[start : start + _BATCH], target)


def changed_lines(folder: Path, revision: str) -> Mapping[str, frozenset[int]] | None:
    """The lines that differ from the revision, by path below the folder; None where git cannot tell.

    Staged, unstaged and untracked changes count; of an untracked file every line is changed, which
    the empty set stands for.
    """
    diff = _git(folder, *_DIFF, "--end-of-options", revision, "--").out
    new = _git(folder, "ls-files", "-z", "--others", "--exclude-standard").out
    if diff is None or new is None:
        return None
    untracked = (os.fsdecode(path) for path in new.split(b"\0") if path)
    return {**_hunks(diff), **dict.fromkeys(untracked, frozenset())}


def merge_base(folder: Path, revision: str) -> str | None:
    """Where the work tree and the revision parted; None if git does not know."""
    answer = _git(folder, "merge-base", "--end-of-options", "HEAD", revision).out
    return answer.decode().strip() if answer else None


def _top(answer: bytes | None) -> Path | None:
    return Path(os.fsdecode(answer.rstrip(b"\n"))).resolve() if answer else None


def _commit(top: Path, revision: str) -> str:
    commit = commit_of(top, revision)
    if commit is not None:
        return commit
    if (_git(top, "rev-parse", "--is-shallow-repository").out or b"").strip() == b"true":
        raise UsageError(
            f"--since {revision}: not in this shallow clone; fetch it with `git fetch --unshallow` "
            "(GitHub: `fetch-depth: 0` at actions/checkout)"
        )
    raise UsageError(f"--since {revision}: git knows no such commit in {top}; fetch it, or mend the name")


def _write_blobs(top: Path, blobs: Sequence[_Blob], target: Path) -> None:
    wanted = [blob for blob in blobs if blob.link or blob.path.suffix in _READ]
    contents = dict(zip(wanted, _contents(top, wanted), strict=True))
    for blob in blobs:
        _write(target / blob.path, contents.get(blob, b""), link=blob.link)


def _write(path: Path, data: bytes, *, link: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if link:
        path.symlink_to(os.fsdecode(data))
    else:
        path.write_bytes(data)


def _contents(top: Path, blobs: Sequence[_Blob]) -> Iterator[bytes]:
    """The content of each blob, in their order."""
    asked = "".join(f"{blob.name}\n" for blob in blobs).encode()
    rest = memoryview(_required(top, "cat-file", "--batch", given=asked))
    for blob in blobs:
        end = bytes(rest[:200]).index(b"\n")
        head = bytes(rest[:end]).decode().split()
        if head[-1] == "missing":
            raise UsageError(f"git lacks the content of {blob.path}; fetch it")
        size = int(head[-1])
        yield bytes(rest[end + 1 : end + 1 + size])
        rest = rest[end + size + 2 :]


def _hunks(diff: bytes) -> dict[str, frozenset[int]]:
    """The new lines by path, and those around a gap.

    The lines inside a hunk are counted off, for they may look like anything.
    """
    found: dict[str, set[int]] = {}
    path, inside = "", 0
    for line in diff.split(b"\n"):
        match = None if inside else _HUNK.match(line)
        if match:
            start, count = int(match[2]), int(match[3] or 1)
            inside = int(match[1] or 1) + count
            found.setdefault(path, set()).update(range(start, start + (count or 2)))
        elif not inside and line.startswith(_NEW):
            path = _unquoted(line.removeprefix(_NEW).rstrip(b"\t"))
        elif line[:1] in (b"+", b"-"):
            inside = max(0, inside - 1)
    return {path: frozenset(lines) for path, lines in found.items()}


def _unquoted(name: bytes) -> str:
    """The path in a line of a diff, without `b/`; git quotes odd names as C does."""
    if name.startswith(b'"'):
        name = ast.literal_eval(f"b{name.decode()}")
    return os.fsdecode(name.removeprefix(b"b/"))


def _required(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    answer = _git(folder, *arguments, given=given)
    if answer.out is None:
        raise UsageError(f"`git {arguments[0]}` failed in {folder}: {answer.why}")
    return answer.out


def _git(folder: Path, *arguments: str, given: bytes = b"") -> _Answer:
    try:
        done = ask(folder, *arguments, given=given)
    except OSError:
        return _Answer(None, "git is not installed")
    if done.returncode:
        return _Answer(None, done.stderr.decode("utf-8", "replace").strip())
    return _Answer(done.stdout)
