"""Planned edits as a unified diff, which `git apply` and `patch -p1` understand."""

import difflib
import io
import tokenize
from collections.abc import Iterable, Iterator

from wsconsolidate.model.edit import FileEdit

_NOTHING = "/dev/null"
_NO_END = "\\ No newline at end of file\n"


def render(edits: Iterable[FileEdit]) -> str:
    """The diff of all edits, in their order; a file in another encoding than UTF-8 is decoded."""
    return "".join(line for edit in edits for line in _diff(edit))


def _diff(edit: FileEdit) -> Iterator[str]:
    before, after = _lines(edit.before), _lines(edit.after)
    old = _NOTHING if edit.before is None else f"a/{edit.path}"
    new = _NOTHING if edit.after is None else f"b/{edit.path}"
    for line in difflib.unified_diff(before, after, old, new):
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"


def _lines(data: bytes | None) -> list[str]:
    """The lines as git sees them, cut at line feeds only."""
    return [] if data is None else list(io.StringIO(_text(data), newline="\n"))


def _text(data: bytes) -> str:
    try:
        return data.decode(tokenize.detect_encoding(io.BytesIO(data).readline)[0].removesuffix("-sig"))
    except (SyntaxError, UnicodeDecodeError):
        return data.decode("latin-1")
