"""What a repository holds: its digest, the key of what is found out about it, and a folder to read."""

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from wsconsolidate import __version__
from wsconsolidate.config import FILE
from wsconsolidate.errors import UsageError
from wsconsolidate.fleet.manifest import ARCHIVES, Repository
from wsconsolidate.fleet.unpack import unpack
from wsconsolidate.git import commit_of, write_commit
from wsconsolidate.model.source import Page, SourceFile, Tree


def known_digest(repository: Repository) -> str | None:
    """The digest of an archive or a revision, told without unpacking it; None for a folder.

    Raises:
        UsageError: there is no such repository, or it cannot be read.
    """
    path, revision = Path(repository.path), _revision(repository)
    if not path.exists():
        raise UsageError("no such file or folder")
    if revision is not None:
        return f"git:{_commit(path, revision)}"
    if path.is_dir():
        return None
    if not (repository.is_archive and path.is_file()):
        raise UsageError(f"neither a folder nor an archive ({', '.join(ARCHIVES)})")
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise UsageError(f"it cannot be read: {(error.strerror or str(error)).lower()}") from error


def opened(repository: Repository, scratch: Path) -> Path:
    """The folder to analyse: the repository itself, or what of it was written below `scratch`.

    Raises:
        UsageError: the archive or revision cannot be written out.
    """
    path, revision = Path(repository.path), _revision(repository)
    if revision is not None:
        write_commit(path, _commit(path, revision), scratch)
        _drop_links_outside(scratch)
        return scratch
    return path.resolve() if path.is_dir() else unpack(path, scratch)


def key_of(digest: str) -> str:
    """What a record depends on: the content, the tool, the interpreter and its packages."""
    parts = (digest, __version__, *map(str, sys.version_info[:2]), _environment())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def tree_digest(root: Path, tree: Tree) -> str:
    """The digest of a folder: of all that its analysis depends on."""
    config = root / FILE
    digest = hashlib.sha256(config.read_bytes() if config.is_file() else b"")
    for part in _parts(tree):
        digest.update(hashlib.sha256(part).digest())
    return f"tree:{digest.hexdigest()}"


@cache
def _environment() -> str:
    """The installed packages, in which bases are looked for."""
    return ",".join(sorted({f"{one.name}=={one.version}" for one in distributions()}))


def _parts(tree: Tree) -> Iterator[bytes]:
    files: tuple[SourceFile | Page, ...] = (*tree.files, *tree.pages)
    for file in files:
        yield file.path.encode()
        yield file.data
    yield "\0".join(tree.names).encode()
    yield "\0".join(f"{one.path}:{one.line}:{one.message}" for one in tree.problems).encode()


def _revision(repository: Repository) -> str | None:
    """The revision that was asked for; of a bare clone, which has no files, the newest."""
    path = Path(repository.path)
    is_bare = (path / "HEAD").is_file() and (path / "objects").is_dir()
    return repository.revision or ("HEAD" if is_bare else None)


def _commit(path: Path, revision: str) -> str:
    commit = commit_of(path, revision) if path.is_dir() else None
    if commit is None:
        raise UsageError(f"git knows no revision {revision} there: fetch it, or mend the name")
    return commit


def _drop_links_outside(folder: Path) -> None:
    real = folder.resolve()
    for place, folders, files in os.walk(folder):
        for link in (Path(place, name) for name in (*folders, *files)):
            if link.is_symlink() and not Path(os.path.realpath(link)).is_relative_to(real):
                link.unlink()
