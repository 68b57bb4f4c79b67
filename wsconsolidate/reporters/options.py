"""What a reporter may be told."""

from dataclasses import dataclass

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to render.

    `sections` renders the whole report, `check` only the findings (as the gate shows them), neither
    of them what `scan` shows. `width` and `colour` matter to the console only. `timestamp` is text
    to put in, None for a document without a clock.
    """

    all_classes: bool = False
    statistics: bool = False
    sections: bool = False
    check: bool = False
    width: int = WIDTH
    colour: bool = False
    timestamp: str | None = None
