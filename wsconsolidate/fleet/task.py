"""What runs on a worker: a child that examines one repository, killed when it takes too long."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from wsconsolidate.errors import UsageError
from wsconsolidate.fleet.content import key_of, known_digest
from wsconsolidate.fleet.record import Failure, to_line
from wsconsolidate.fleet.request import UNCHANGED, Request, to_text

ATTEMPTS = 2
"""How often a child is started that something else kills, as a system does that lacks memory."""

_KILLED = -9  # by SIGKILL, which not every system can name


def perform(request: Request, scratch: str | None = None) -> str | None:
    """The line of JSON about the repository; None where it is as it was.

    A folder below `scratch` (by default the system's) is used, and removed.
    """
    try:
        digest = known_digest(request.repository)
    except UsageError as error:
        return _failed(request, str(error))
    if digest is not None and key_of(digest) == request.kept:
        return None
    return _by_child(request, digest, scratch)


def _by_child(request: Request, digest: str | None, scratch: str | None) -> str | None:
    for _ in range(ATTEMPTS):
        with TemporaryDirectory(prefix="wsconsolidate-", dir=scratch, ignore_cleanup_errors=True) as folder:
            try:
                done = _child(request, digest, Path(folder).resolve())
            except subprocess.TimeoutExpired:
                return _failed(request, f"it took longer than {request.seconds:g} s")
        if done.returncode != _KILLED:
            break
    if done.returncode:
        return _failed(request, _reason(done))
    return None if done.stdout == UNCHANGED else done.stdout


def _child(request: Request, digest: str | None, folder: Path) -> "subprocess.CompletedProcess[str]":
    """How the child ended that was given the request.

    Raises:
        TimeoutExpired: it took too long, and was killed.
    """
    with _leash() as leash:
        return subprocess.run(  # noqa: S603 - a module of this package
            (sys.executable, "-P", "-m", "wsconsolidate.fleet.child", to_text(request, digest, folder)),
            stdin=leash,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=request.seconds,
            start_new_session=True,  # Ctrl-C is the client's affair
            check=False,
        )


@contextmanager
def _leash() -> Iterator[int]:
    """A pipe that is never written to: its end tells the child that the worker is gone."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def _reason(done: "subprocess.CompletedProcess[str]") -> str:
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        often = f", {ATTEMPTS} times: is there enough memory?" if done.returncode == _KILLED else ""
        return f"its process was killed by {name}{often}"
    words = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    if words.startswith("MemoryError"):
        return "it needs more memory than it may take"
    return f"its process ended with exit code {done.returncode}: {words}"


def _failed(request: Request, reason: str) -> str:
    return to_line(Failure(repository=request.repository.name, reason=reason))
