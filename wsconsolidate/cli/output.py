"""Where text goes: results to stdout or a file, everything else to stderr."""

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TextIO

from wsconsolidate.errors import UsageError

WIDTH = 120


def prepare_streams() -> None:
    """Off a terminal, write UTF-8 with plain line feeds, so that the same input gives the same bytes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def emit(text: str, output: Path | None) -> None:
    """Hand over a result: to the file, or to stdout; a reader that has gone away is no error.

    Raises:
        UsageError: the file, or what stdout leads to, cannot be written.
    """
    if output is not None:
        _save(output, text)
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the flush at exit is silent too
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"cannot write to stdout: {(error.strerror or str(error)).lower()}") from error


def say(text: str) -> None:
    """Tell the user something that is no result."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def looks(output: Path | None) -> tuple[int, bool]:
    """The columns of what a result is written to, `WIDTH` off a terminal, and whether it takes colour."""
    import shutil

    if output is not None or not sys.stdout.isatty():
        return WIDTH, False
    columns = shutil.get_terminal_size((WIDTH, 24)).columns
    return columns, is_live(sys.stdout) and not os.environ.get("NO_COLOR")


def is_live(stream: TextIO) -> bool:
    """True where a line can be drawn over."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in place of the file in one step, keeping its mode; a link is followed.

    Raises:
        OSError: the folder cannot be written.
    """
    import tempfile

    place = path.resolve()
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(_mode(place))
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _save(path: Path, text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # /dev/stderr, a named pipe: there is nothing to replace
        else:
            replace_file(path, data)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error


def _mode(place: Path) -> int:
    """The mode of the file, or that of a new one."""
    if place.exists():
        return place.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
