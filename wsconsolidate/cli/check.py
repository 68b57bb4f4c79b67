"""`wsconsolidate check`: the gate for CI."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsconsolidate.baseline import Comparison, Entry
from wsconsolidate.cli import ratchet
from wsconsolidate.cli.output import emit, say
from wsconsolidate.cli.session import Examination, Session, examined, rendered, told
from wsconsolidate.cli.sharing import RENDERING, sharing
from wsconsolidate.config import suggestion
from wsconsolidate.errors import UsageError
from wsconsolidate.model.counting import counted
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.pipeline.prepare import Ground

if TYPE_CHECKING:
    from wsconsolidate.model.report import Completeness

Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline", help="Known findings, which do not fail; relative to the root.", metavar="FILE"
    ),
]
Update = Annotated[
    bool,
    typer.Option("--update-baseline", help="Write the baseline anew: all of today's findings are known."),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", help="Fail only on what is new since this revision, known to git.", metavar="REV"
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on", help="Severities that fail: error, warning, note; repeatable.", metavar="SEVERITIES"
    ),
]
RequireComplete = Annotated[
    bool, typer.Option("--require-complete", help="Fail, too, if anything was not seen.")
]


@sharing(*(name for name in RENDERING if name != "all_classes"))
def check(
    session: Session,
    baseline: Baseline = None,
    update_baseline: Update = False,
    since: Since = None,
    fail_on: FailOn = None,
    require_complete: RequireComplete = False,
) -> None:
    """Fail on new findings, stale baseline entries, and on request on what was not seen."""
    if since is not None and (baseline or update_baseline):
        raise UsageError("--since compares with a revision, --baseline with a file: choose one")
    gate = _Gatekeeper(
        session=replace(session, since=since),
        baseline=baseline,
        update=update_baseline,
        failing=_severities(fail_on),
        require_complete=require_complete,
    )
    text, notes, reasons = json.loads(gate.answer())
    for note in notes:
        say(note)
    emit(text, session.output)
    _end(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gatekeeper:
    """What a check goes by, whatever the tree."""

    session: Session
    baseline: Path | None
    update: bool
    failing: tuple[Severity, ...]
    require_complete: bool

    def answer(self) -> str:
        """What is to be shown, said, and held against the tree, as JSON; told again where it may be."""
        whole = self.require_complete or None
        if self.session.since or self.update:
            return self._tell(examined(self.session, whole=whole))
        return told(self.session, self._tell, self._how, whole=whole)

    def _tell(self, found: Examination) -> str:
        from wsconsolidate.reporters.options import Gate

        notes: list[str] = []
        comparison = _compared(found, self.session, self.baseline, notes, update=self.update)
        complaints = tuple(_complaints(found, comparison, require_complete=self.require_complete))
        fail_on = self.failing or found.config.fail_on
        gate = Gate(known=comparison.known, complaints=complaints, fail_on=fail_on)
        judged = replace(found, report=replace(found.report, findings=comparison.new))
        reasons = (*_new(comparison.new, gate.fail_on), *gate.complaints)
        return json.dumps((rendered(self.session, judged, gate=gate), notes, reasons))

    def _how(self, ground: Ground) -> tuple[object, ...]:
        name = self.baseline or ground.config.baseline
        known = (ground.root / name).read_bytes() if name and (ground.root / name).is_file() else None
        places = tuple(str(place.resolve()) for place in self.session.places)
        quiet = self.session.quiet
        return ("check", self.failing, self.require_complete, places, str(name), known, quiet)


def _end(reasons: Sequence[str]) -> None:
    """Say why the check fails, if it does."""
    for reason in reasons:
        say(f"wsconsolidate: {reason}")
    if reasons:
        raise typer.Exit(1)


def _complaints(found: Examination, comparison: Comparison, *, require_complete: bool) -> Iterator[str]:
    """Why the check fails beside findings."""
    yield from map(_stale, comparison.stale)
    if require_complete or found.config.require_complete:
        yield from _unseen(found.report.completeness)


def _severities(names: Sequence[str] | None) -> tuple[Severity, ...]:
    """The severities of `--fail-on`, given one by one or with commas.

    Raises:
        UsageError: one is no severity.
    """
    words = [word.strip() for name in names or () for word in name.split(",")]
    for word in words:
        if word not in tuple(Severity):
            raise UsageError(f"--fail-on: no severity is called {word!r}{suggestion(word, Severity)}")
    return tuple(Severity(word) for word in words)


def _compared(
    found: Examination, session: Session, option: Path | None, notes: list[str], *, update: bool
) -> Comparison:
    if session.since is not None:
        return ratchet.against_revision(found, session, session.since)
    name = option or found.config.baseline
    if name is None and update:
        raise UsageError("--update-baseline needs a file: give --baseline FILE or set `baseline`")
    if name is None:
        return Comparison(new=found.report.findings, known=(), stale=())
    path = found.root / name
    return (
        ratchet.update(found, session, path) if update else ratchet.against_file(found, session, path, notes)
    )


def _new(findings: Sequence[Finding], fail_on: Sequence[Severity]) -> Iterator[str]:
    for severity in (one for one in Severity if one in fail_on):
        count = sum(finding.severity is severity for finding in findings)
        if count:
            yield counted(count, f"new {severity}")


def _stale(entry: Entry) -> str:
    return (
        f"stale baseline entry: {entry.code} {entry.symbol} is gone {entry.count}x; "
        "take it out with --update-baseline"
    )


def _unseen(left: "Completeness") -> Iterator[str]:
    if not left.complete:
        yield (
            f"incomplete: {len(left.files_not_read)} files not read, "
            f"{len(left.inexact_mros)} MROs not exact, {len(left.runtime_events)} events chosen at run time"
        )
