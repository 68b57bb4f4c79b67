"""Lines of the analysed code, quoted as Python reads them."""

import io
import re
import tokenize
from collections.abc import Iterable

from wsconsolidate.model.report import Quote
from wsconsolidate.model.source import Tree

_LINE_END = re.compile(r"\r\n|\r|\n")


def quote(tree: Tree, path: str, numbers: Iterable[int]) -> Quote | None:
    """The lines with these numbers, in order; None where the file has none of them."""
    lines = decoded_lines(tree.content(path))
    wanted = sorted({number for number in numbers if 1 <= number <= len(lines)})
    if not wanted:
        return None
    return Quote(path, tuple((number, lines[number - 1].rstrip()) for number in wanted))


def decoded_lines(data: bytes) -> tuple[str, ...]:
    """The lines of a file, decoded by its BOM or coding comment."""
    lines = _LINE_END.split(_decoded(data))
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def _decoded(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding, "replace")
    except (SyntaxError, LookupError):
        return data.decode("utf-8", "replace")
