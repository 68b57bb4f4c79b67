"""Copies the runtime into a code base, so that production needs no wsconsolidate, and knows a copy again.

A copy holds the runtime's files byte for byte, its licence among them, and a marker, `_vendored.json`,
with the version, the digest of each file and of them all. The copy imports nothing but the standard
library and itself, so it works under whatever name it is given.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from wsconsolidate import __version__
from wsconsolidate.errors import ToolError
from wsconsolidate.model.source import MARKER

SOURCE = "wsconsolidate.runtime"
COPIED = (".py", ".js", ".ts", ".json", ".txt")
IGNORED = ("__pycache__", ".mypy_cache", ".ruff_cache")


class VendorError(ToolError):
    """The runtime was not copied, and nothing was changed."""

    def __init__(self, destination: Path, problem: str) -> None:
        super().__init__(destination, problem)
        self.destination = destination
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.destination}: {self.problem}; nothing was changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a copy says of itself: whose it is, and the digest of each of its files by relative path."""

    version: str
    digest: str
    files: Mapping[str, str]


def vendor(destination: Path) -> tuple[Path, ...]:
    """Copy the runtime to `destination`, a package of its own; the files that were written, sorted.

    All or nothing. A copy that is up to date is left alone (the answer is empty), an older one is
    replaced.

    Raises:
        VendorError: the name is no package's, something else is there, or the copy was edited.
    """
    contents = vendored_files()
    if not destination.name.isidentifier():
        raise VendorError(
            destination, f"{destination.name!r} cannot be imported: use a name like `ws_runtime`"
        )
    if _is_current(destination, contents):
        return ()
    destination.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{destination.name}-", dir=destination.parent))
    try:
        _write(fresh, contents)
        _put_in_place(fresh, destination)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return tuple(sorted(destination / name for name in contents))


def vendored_files() -> Mapping[str, bytes]:
    """What a copy consists of: the content of each file by relative POSIX path, marker included."""
    root = Path(__file__).parent / "runtime"
    paths = [path for path in sorted(root.rglob("*.*")) if path.suffix in COPIED]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    digests = {name: sha256(content).hexdigest() for name, content in files.items()}
    marker = {
        "source": SOURCE,
        "version": __version__,
        "digest": _digest_of(digests),
        "files": digests,
    }
    return {**files, MARKER: (json.dumps(marker, indent=2) + "\n").encode()}


def read_marker(content: bytes) -> Marker | None:
    """What a marker file says, or None when it is no marker of ours or damaged."""
    try:
        said = json.loads(content)
        marker = Marker(version=said["version"], digest=said["digest"], files=dict(said["files"]))
    except (ValueError, KeyError, TypeError):
        return None
    ours = said.get("source") == SOURCE and marker.digest == _digest_of(marker.files)
    return marker if ours else None


def vendored(directory: Path) -> Marker | None:
    """The marker of a vendored copy in that directory, or None when there is none."""
    try:
        return read_marker((directory / MARKER).read_bytes())
    except OSError:
        return None


def _digest_of(digests: Mapping[str, str]) -> str:
    return sha256(
        "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items())).encode()
    ).hexdigest()


def _is_current(destination: Path, contents: Mapping[str, bytes]) -> bool:
    if not os.path.lexists(destination):
        return False
    if destination.is_symlink() or not destination.is_dir():
        raise VendorError(destination, "this is no directory")
    present = _present(destination)
    if not present:
        return False
    _require_unedited(destination, present)
    return present == contents


def _present(destination: Path) -> dict[str, bytes]:
    return {
        path.relative_to(destination).as_posix(): path.read_bytes()
        for path in destination.rglob("*")
        if path.is_file() and not set(path.relative_to(destination).parts) & set(IGNORED)
    }


def _require_unedited(destination: Path, present: Mapping[str, bytes]) -> None:
    marker = read_marker(present.get(MARKER, b""))
    if marker is None:
        raise VendorError(
            destination, "something else is there: choose a directory that is empty or not there yet"
        )
    digests = {name: sha256(content).hexdigest() for name, content in present.items() if name != MARKER}
    changed = {name for name, _ in digests.items() ^ marker.files.items()}
    if changed:
        raise VendorError(
            destination, f"the copy was edited ({', '.join(sorted(changed))}): undo that, or remove it"
        )


def _write(root: Path, contents: Mapping[str, bytes]) -> None:
    root.chmod(0o755)
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _put_in_place(fresh: Path, destination: Path) -> None:
    if not destination.exists():
        fresh.rename(destination)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{destination.name}-old-", dir=destination.parent))
    destination.rename(old)
    try:
        fresh.rename(destination)
    except BaseException:
        old.rename(destination)
        raise
    shutil.rmtree(old)
