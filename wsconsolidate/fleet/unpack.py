"""From an archive that may be hostile to a folder that holds its source."""

import lzma
import os
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from wsconsolidate.discover import SIZE_LIMIT
from wsconsolidate.errors import UsageError

ENTRY_LIMIT = 500_000
BYTE_LIMIT = 8 * 2**30

_READ = (".py", ".md", ".rst", ".toml")
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
_FILTERED: dict[type[tarfile.FilterError], str] = {
    tarfile.OutsideDestinationError: "would leave the folder",
    tarfile.AbsoluteLinkError: "leads to an absolute path",
    tarfile.LinkOutsideDestinationError: "leads out of the folder",
    tarfile.SpecialFileError: "is a device or a pipe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many entries an archive may have, and how many bytes they may say that they hold."""

    entries: int = ENTRY_LIMIT
    size: int = BYTE_LIMIT


def unpack(archive: Path, target: Path, limits: Limits | None = None) -> Path:
    """Write the archive below `target`, which is empty; the folder that holds what it is about.

    Only source, documentation and configuration have content, of other files the name is enough. No
    link is made: a link to a file inside becomes a copy of it.

    Raises:
        UsageError: the archive is damaged or too large, or an entry would leave the target.
    """
    writing = _Writing(target, limits or Limits())
    try:
        if archive.name.lower().endswith((".zip", ".whl")):
            _unzip(archive, writing)
        else:
            _untar(archive, writing)
    except _DAMAGED as error:
        raise UsageError(f"the archive cannot be unpacked: {_told(error)}") from error
    return target if archive.suffix.lower() == ".whl" else _top(target)


@dataclass(slots=True)
class _Writing:
    """Writes entries below a folder, and counts them."""

    target: Path
    limits: Limits
    _entries: int = 0
    _size: int = 0
    _links: list[tuple[Path, str]] = field(default_factory=list)

    def count(self, size: int) -> None:
        """Note an entry before any of it is read."""
        self._entries += 1
        self._size += size
        if self._entries > self.limits.entries:
            raise UsageError(f"the archive holds more than {self.limits.entries:,} entries")
        if self._size > self.limits.size:
            raise UsageError(f"the archive holds more than {self.limits.size:,} bytes")

    def file(self, name: str, data: IO[bytes]) -> None:
        """Write a file, no more of it than discovery would read."""
        place = self._place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        wanted = SIZE_LIMIT + 1 if place.suffix in _READ else 0
        place.write_bytes(data.read(wanted) if wanted else b"")

    def link(self, name: str, leads_to: str) -> None:
        """Note a link; both paths are relative to the target."""
        self._place(leads_to)
        self._links.append((self._place(name), leads_to))

    def copy_links(self) -> None:
        """Put a copy where a link leads to a file that was written."""
        for place, leads_to in self._links:
            original = self._place(leads_to)
            if original.is_file() and not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(original, place)

    def _place(self, name: str) -> Path:
        place = Path(os.path.normpath(self.target / name))
        if place == self.target or not place.is_relative_to(self.target):
            raise UsageError(f"the archive is hostile: its entry {name!r} would leave the folder")
        return place


def _untar(archive: Path, writing: _Writing) -> None:
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            writing.count(member.size)
            _write_member(tar, _filtered(member, writing.target), writing)
    writing.copy_links()


def _filtered(member: tarfile.TarInfo, target: Path) -> tarfile.TarInfo:
    """The member as Python's own filter for data lets it pass (PEP 706)."""
    try:
        return tarfile.data_filter(member, str(target))
    except tarfile.FilterError as error:
        words = _FILTERED.get(type(error), "is refused")
        raise UsageError(f"the archive is hostile: its entry {member.name!r} {words}") from error


def _write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, writing: _Writing) -> None:
    if member.issym():
        beside = os.path.normpath(PurePosixPath(member.name).parent / member.linkname)
        writing.link(member.name, Path(beside).as_posix())
    elif member.islnk():
        writing.link(member.name, member.linkname)
    elif member.isreg():
        data = tar.extractfile(member)
        if data is not None:
            with closing(data):
                writing.file(member.name, data)


def _unzip(archive: Path, writing: _Writing) -> None:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            writing.count(info.file_size)
        for info in _files(opened):
            with opened.open(info) as data:
                writing.file(info.filename, data)


def _files(opened: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The entries without folders and links; what a link's content says is not followed."""
    for info in opened.infolist():
        if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
            yield info


def _top(target: Path) -> Path:
    """The one folder that everything lies in, as in an sdist, unless it is itself a package."""
    inside = list(target.iterdir())
    if len(inside) == 1 and inside[0].is_dir() and not (inside[0] / "__init__.py").exists():
        return inside[0]
    return target


def _told(error: Exception) -> str:
    """The error without the path of the folder that it happened in, so that each run says the same."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
