"""How far a run is, and how long each stage took."""

import sys
from itertools import pairwise
from time import perf_counter

from wsconsolidate.cli.output import is_live

_REDRAW = 0.1
_LONG = 3.0
_CLEAR = "\r\x1b[K"


class Progress:
    """Called with stage, done and total; draws one line on stderr if that is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._shows = not quiet and is_live(sys.stderr)
        self._drawn = 0.0
        self._started: list[tuple[str, float]] = []

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note where the run is."""
        now = perf_counter()
        is_new = not self._started or self._started[-1][0] != stage
        if is_new:
            self._started.append((stage, now))
        if self._shows and (is_new or now - self._drawn > _REDRAW):
            self._drawn = now
            self._draw(f"{stage} {done}/{total}{self._left(now, done, total)}" if total else stage)

    def finish(self) -> tuple[tuple[str, float], ...]:
        """Clear the line; each stage with its seconds, in order."""
        if self._shows:
            self._draw("")
        moments = [*self._started, ("", perf_counter())]
        return tuple((stage, end - start) for (stage, start), (_, end) in pairwise(moments))

    def _left(self, now: float, done: int, total: int) -> str:
        """How long the rest of the stage takes, if it goes on as it did; empty for a short one."""
        spent = now - self._started[-1][1]
        left = spent / done * (total - done) if done else 0.0
        if spent < _LONG or left < 1:
            return ""
        return f", about {left:.0f} s left" if left < 100 else f", about {left / 60:.0f} min left"

    @staticmethod
    def _draw(text: str) -> None:
        sys.stderr.write(_CLEAR + text)
        sys.stderr.flush()
