"""Do encoding, byte order mark, line ends and the end of the file stay as they are?"""

import codecs
import io
import re
import tokenize
from collections.abc import Iterator

from wsconsolidate.model.edit import FileEdit
from wsconsolidate.verify.change import Change, Objection

_LINE_END = re.compile(rb"\r\n|\r|\n")


def objections(change: Change) -> Iterator[Objection]:
    """A rewritten file whose form is another one."""
    for edit in change.plan.edits:
        if edit.before and edit.after:
            for what in _differences(edit, edit.before, edit.after):
                yield Objection(reason=f"{edit.path}: {what}", paths=(edit.path,))


def tried(change: Change) -> str:
    """How many files have a text before and after."""
    return f"{len(change.rewritten)} files"


def _differences(edit: FileEdit, before: bytes, after: bytes) -> Iterator[str]:
    if before.startswith(codecs.BOM_UTF8) != after.startswith(codecs.BOM_UTF8):
        yield "the byte order mark would change"
    if edit.path.endswith(".py") and _encoding(before) != _encoding(after):
        yield f"the encoding would change from {_encoding(before)} to {_encoding(after)}"
    if set(_LINE_END.findall(after)) - set(_LINE_END.findall(before)) and _LINE_END.search(before):
        yield "it would get line ends that it has not"
    if _ends_in_line_end(before) != _ends_in_line_end(after):
        yield "the end of the file would gain or lose a line end"


def _encoding(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except (SyntaxError, UnicodeDecodeError):
        return "none"


def _ends_in_line_end(data: bytes) -> bool:
    return data.endswith((b"\n", b"\r"))
