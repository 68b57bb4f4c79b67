"""The change of a file as replacements of whole lines."""

import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from wsconsolidate.model.edit import FileEdit

_ENDS = ("\n", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The text between the start of `line` and before `end_column` of `end_line` becomes `text`.

    Lines and columns count from 1, columns in code points.
    """

    line: int
    end_line: int
    end_column: int
    text: str


def replacements(edit: FileEdit) -> Iterator[Replacement]:
    """What turns the old text into the new, from top to bottom; a deleted file loses all its lines."""
    before, after = _lines(edit.before), _lines(edit.after)
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag != "equal":
            yield _replacement(before, start, end, "".join(after[new_start:new_end]))


def _replacement(before: list[str], start: int, end: int, text: str) -> Replacement:
    """The replacement of some lines; it ends at the start of the next one, if there can be a next one."""
    if end and not before[end - 1].endswith(_ENDS):
        return Replacement(line=start + 1, end_line=end, end_column=len(before[end - 1]) + 1, text=text)
    return Replacement(line=start + 1, end_line=end + 1, end_column=1, text=text)


def _lines(data: bytes | None) -> list[str]:
    if not data:
        return []
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return list(io.StringIO(data.decode(encoding), newline=""))
