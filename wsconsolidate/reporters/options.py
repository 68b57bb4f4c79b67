"""What a reporter may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wsconsolidate.model.edit import FileEdit
from wsconsolidate.model.exhibit import Exhibits
from wsconsolidate.model.finding import Finding, Severity

WIDTH = 120

Lines = Mapping[str, frozenset[int]]
"""Changed lines by path; the empty set stands for all lines of a file."""


@dataclass(frozen=True, slots=True)
class PlannedFix:
    """What `fix` would do about a finding; `risk` is what a reader must judge first, empty for a safe one."""

    title: str
    edits: tuple[FileEdit, ...]
    risk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What `check` knows beside the new findings.

    `known` are findings that the baseline knows; `complaints` is why the check fails beside
    findings; `fail_on` are the severities that fail.
    """

    known: tuple[Finding, ...] = ()
    complaints: tuple[str, ...] = ()
    fail_on: tuple[Severity, ...] = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to render.

    `sections` renders the whole report, `check` only the findings (as the gate shows them), neither
    of them what `scan` shows. `width` and `colour` matter to the console only. `timestamp` is text
    to put in, None for a document without a clock. `prefix` leads from the root of the repository
    to that of the analysis (`backend/`), and `changed` tells which lines are under review, for
    formats that a forge reads. `fixes` hold the planned edits of findings, and `exhibits` the code to
    show.
    """

    all_classes: bool = False
    statistics: bool = False
    sections: bool = False
    check: bool = False
    width: int = WIDTH
    colour: bool = False
    timestamp: str | None = None
    gate: Gate = field(default_factory=Gate)
    prefix: str = ""
    changed: Lines = field(default_factory=dict)
    fixes: Mapping[Finding, PlannedFix] = field(default_factory=dict)
    exhibits: Exhibits = field(default_factory=Exhibits)
