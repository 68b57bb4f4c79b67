"""Forbids the program under trial to change anything outside of its own process."""

from __future__ import annotations

import os
import sys
from typing import Any

FORBIDDEN = frozenset(
    """
    socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname
    subprocess.Popen os.system os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile
    os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown os.utime
    os.kill os.killpg os.setxattr os.removexattr
    shutil.rmtree shutil.move shutil.copyfile shutil.copytree shutil.chown shutil.make_archive
    pty.spawn webbrowser.open winreg.SetValue signal.pthread_kill
    """.split()
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenError(PermissionError):
    """The program wanted to do what must not be done while it is only tried."""


attempts: list[str] = []


def arm(scratch: str) -> None:
    """Forbid it for the rest of this process; only below `scratch` may files be written."""
    inside = os.path.realpath(scratch) + os.sep

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if _is_forbidden(event, arguments) and not _is_inside(arguments, inside):
            about = f" {arguments[0]!r}" if arguments and isinstance(arguments[0], (str, bytes)) else ""
            attempts.append(f"{event}{about}")
            raise ForbiddenError(f"{event}{about} is not allowed in a trial")

    sys.addaudithook(hook)


def _is_forbidden(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        path, _, flags = arguments
        return isinstance(flags, int) and bool(flags & _WRITES) and path != os.devnull
    if event == "sqlite3.connect":
        return arguments[0] not in (":memory:", b":memory:")
    return event in FORBIDDEN


def _is_inside(arguments: tuple[Any, ...], folder: str) -> bool:
    """True if every path among the arguments is an open file or lies in the folder."""
    paths = [os.fsdecode(one) for one in arguments[:2] if isinstance(one, (str, bytes, os.PathLike))]
    if arguments and isinstance(arguments[0], int) and not paths:
        return True
    return bool(paths) and all((os.path.realpath(one) + os.sep).startswith(folder) for one in paths[:1])
