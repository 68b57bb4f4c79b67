"""One writer at a time: a lock that the operating system takes from a process that died."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wsconsolidate.errors import BusyError

_FAR = 1 << 30  # Windows forbids others to read what is locked: so not the bytes that name the owner


@contextmanager
def locked(file: Path, root: Path) -> Iterator[None]:
    """Hold the lock of a tree; the file stays when it is released.

    Raises:
        BusyError: a living process holds it.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _seize(handle):
            raise BusyError(str(root), _owner(file))
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _owner(file: Path) -> int | None:
    text = file.read_bytes().strip()
    return int(text) if text.isdigit() else None


if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _seize(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
