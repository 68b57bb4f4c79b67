"""Every operation on the disk as one method, so that a test can let any of them fail."""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_NO_REPLACE, _EXCHANGE = 1, 2  # of renameat2(2)
_HERE = -100
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
_RENAME = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None


class Disk:
    """The disk as the operating system has it; every method may raise OSError."""

    def read(self, path: Path) -> bytes:
        """The bytes of a regular file."""
        return path.read_bytes()

    def make_folder(self, path: Path) -> None:
        """Make a folder that is not there yet."""
        path.mkdir()

    def create(self, path: Path, mode: int) -> int:
        """Open a file that is not there yet; the umask takes from `mode`."""
        return os.open(path, _WRITE, mode)

    def write(self, file: int, data: bytes) -> None:
        """Write all the bytes."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]

    def dress(self, path: Path, like: Path) -> None:
        """Give a file the mode and extended attributes of another, and its owner where that is allowed."""
        _own(path, like.stat())
        shutil.copystat(like, path)
        os.utime(path)

    def sync(self, file: int) -> None:
        """Wait until the content is on the medium."""
        os.fsync(file)

    def close(self, file: int) -> None:
        """Close an open file."""
        os.close(file)

    def link(self, path: Path, text: str) -> None:
        """Make a symbolic link that is not there yet."""
        path.symlink_to(text)

    def replace(self, path: Path, target: Path) -> None:
        """Rename a file over another, in one step."""
        path.replace(target)

    def place(self, path: Path, target: Path) -> None:
        """Rename a file to a name that nobody has, in one step as far as the system can.

        Raises:
            FileExistsError: somebody has it.
        """
        if not _rename(path, target, _NO_REPLACE):
            path.replace(target)

    def exchange(self, path: Path, target: Path) -> bool:
        """Let two files have each other's name, in one step; False where the system cannot."""
        return _rename(path, target, _EXCHANGE)

    def remove(self, path: Path) -> None:
        """Remove a file or a symbolic link."""
        path.unlink()

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()

    def remove_tree(self, path: Path) -> None:
        """Remove a folder with all that is in it, not in one step."""
        shutil.rmtree(path)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the medium; Windows does that by itself."""
        if os.name == "nt":
            return
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


DISK = Disk()


def write_file(disk: Disk, path: Path, data: bytes, *, like: Path | None = None, mode: int = 0o600) -> None:
    """Write a new file and wait until it is on the medium; its folder is not synced."""
    file = disk.create(path, mode)
    try:
        disk.write(file, data)
        if like is not None:
            disk.dress(path, like)
        disk.sync(file)
    finally:
        disk.close(file)


def replace_file(disk: Disk, path: Path, data: bytes) -> None:
    """Write a file in one step: whoever looks sees the old one or the new one; both are synced."""
    fresh = path.with_name(f"{path.name}.new")
    discard(disk, fresh)
    write_file(disk, fresh, data)
    disk.replace(fresh, path)
    disk.sync_folder(path.parent)


def discard(disk: Disk, path: Path) -> None:
    """Remove a file if it is there."""
    if os.path.lexists(path):
        disk.remove(path)


def _rename(path: Path, target: Path, flag: int) -> bool:
    """Rename as only Linux can; False where it, or the file system, cannot."""
    if _RENAME is None:
        return False
    if _RENAME(_HERE, os.fsencode(path), _HERE, os.fsencode(target), flag) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(target))


def _own(path: Path, owner: os.stat_result) -> None:
    """Give the file to this owner, as far as the user may do that."""
    if os.name == "nt":
        return
    try:
        os.chown(path, owner.st_uid, owner.st_gid)
    except PermissionError:
        return
