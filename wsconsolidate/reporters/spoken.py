"""The text inside a block: prose with code between backticks, and places."""

import re
from collections.abc import Iterable, Iterator

from wsconsolidate.model.counting import counted
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.report import Place

_CODE = re.compile(r"(`[^`]+`)")
_SPACE = re.compile(r"[ \n\t]+")
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text with what no output can encode, a terminal would obey, or that turns letters round."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text on one line, cut into prose (False) and code without its backticks (True)."""
    for piece in _CODE.split(printable(_SPACE.sub(" ", text))):
        if piece:
            is_code = _CODE.fullmatch(piece) is not None
            yield is_code, piece[1:-1] if is_code else piece


def told(places: Iterable[Place]) -> tuple[str, ...]:
    """Places as `path:line`, with all lines of a file together: `path:3,9`."""
    lines: dict[str, list[int]] = {}
    for place in places:
        lines.setdefault(printable(place.path), []).append(place.line)
    return tuple(f"{path}:{','.join(str(line) for line in found)}" for path, found in lines.items())


def tally(findings: tuple[Finding, ...]) -> str:
    """`3 findings: 1 error, 2 warnings`."""
    parts = []
    for severity in Severity:
        number = sum(one.severity is severity for one in findings)
        if number:
            parts.append(counted(number, severity.value))
    return f"{counted(len(findings), 'finding')}: {', '.join(parts)}"


def numbered(lines: tuple[tuple[int, str], ...]) -> str:
    """Quoted lines behind their numbers, a colon standing for the lines left out between two."""
    width = len(str(lines[-1][0]))
    shown: list[str] = []
    for (number, text), before in zip(lines, (None, *lines), strict=False):
        if before and number > before[0] + 1:
            shown.append(f"{'':>{width}} :")
        shown.append(f"{number:>{width}} | {printable(text)}".rstrip())
    return "\n".join(shown)
