"""What the rungs that are asked after writing need to know of a run, and how each is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wsconsolidate.model.check import Check
from wsconsolidate.model.edit import Plan
from wsconsolidate.model.program import Program

Finish = Callable[[], Check]
"""Asks the rung after writing."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A plan for the tree at `root`, and what shall be asked of it.

    `python` is the interpreter of the analysed code, `checker` the command of its type checker,
    empty for none, `command` the user's own words for a shell, and `wire` whether classes are run.
    """

    root: Path
    python: Path
    program: Program = field(repr=False)
    plan: Plan
    checker: tuple[str, ...] = ()
    command: str | None = None
    wire: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One question that only running something answers; `begin` asks it of the tree before writing."""

    name: str
    is_wanted: Callable[[Job], bool]
    begin: Callable[[Job], Finish]
