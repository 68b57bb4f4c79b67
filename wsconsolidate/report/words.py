"""Small pieces of the report's language: series, code, places and sentences."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from wsconsolidate.model.report import Place


class Placed(Protocol):
    """Whatever stands on a line: a class, a finding, a step of a way."""

    @property
    def path(self) -> str:
        """Relative POSIX path of the file."""

    @property
    def line(self) -> int:
        """The line."""


def is_are(number: int) -> str:
    """The verb that goes with this many things."""
    return "is" if number == 1 else "are"


def series(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def code(text: str) -> str:
    """The text between backticks, which every reporter knows to be code."""
    return "`" + " ".join(text.split()).replace("`", "'") + "`"


def at(found: Placed) -> str:
    """Where something is, as code: `path:line`."""
    return code(f"{found.path}:{found.line}")


def percent(share: float) -> str:
    """A share between 0 and 1 as whole percent; only all is 100 %, only nothing is 0 %."""
    if 0 < share < 1:
        return f"{min(99, max(1, round(share * 100)))} %"
    return f"{round(share * 100)} %"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?:" else ".")


def places(found: Iterable[Placed]) -> tuple[Place, ...]:
    """Where all this is, each place once, in the order given."""
    return tuple(dict.fromkeys(Place(one.path, one.line) for one in found))
