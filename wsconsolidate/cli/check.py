"""`wsconsolidate check`: the gate for CI."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wsconsolidate.baseline import Comparison, Entry, compare, parse, record, render
from wsconsolidate.cli import options as given
from wsconsolidate.cli.output import replace_file, say
from wsconsolidate.cli.session import Examination, Session, deliver, examined
from wsconsolidate.config import suggestion
from wsconsolidate.errors import UsageError
from wsconsolidate.model.finding import Finding, Severity
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
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on", help="Severities that fail: error, warning, note; repeatable.", metavar="SEVERITIES"
    ),
]
RequireComplete = Annotated[
    bool, typer.Option("--require-complete", help="Fail, too, if anything was not seen.")
]


def check(
    paths: given.Paths = None,
    baseline: Baseline = None,
    update_baseline: Update = False,
    fail_on: FailOn = None,
    require_complete: RequireComplete = False,
    format: given.FormatOption = given.Format.CONSOLE,  # noqa: A002 - the option's name
    output: given.Output = None,
    exclude: given.Exclude = None,
    python: given.Python = None,
    statistics: given.Statistics = False,
    timings: given.Timings = False,
    timestamp: given.Timestamp = False,
    quiet: given.Quiet = False,
    verbose: given.Verbose = False,
) -> None:
    """Fail on new findings, stale baseline entries, and on request on what was not seen."""
    session = Session(
        paths=paths or (),
        exclude=exclude or (),
        python=python,
        format=format,
        output=output,
        statistics=statistics,
        timings=timings,
        timestamp=timestamp,
        quiet=quiet,
        verbose=verbose,
    )
    failing = _severities(fail_on)
    found = examined(session)
    comparison = _compared(found, baseline, update=update_baseline, quiet=quiet)
    deliver(session, replace(found.report, findings=comparison.new), check=True)
    reasons = list(_reasons(comparison, failing or found.config.fail_on))
    if require_complete or found.config.require_complete:
        reasons.extend(_unseen(found.report.completeness))
    for reason in reasons:
        say(f"wsconsolidate: {reason}")
    if reasons:
        raise typer.Exit(1)


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


def _compared(found: Examination, option: Path | None, *, update: bool, quiet: bool) -> Comparison:
    findings = found.report.findings
    name = option or found.config.baseline
    if name is None and update:
        raise UsageError("--update-baseline needs a file: give --baseline FILE or set `baseline`")
    if name is None:
        return Comparison(new=findings, known=(), stale=())
    path = found.root / name
    if update:
        entries = record(findings)
        _write(path, entries)
        if not quiet:
            say(f"wsconsolidate: {path} knows {len(findings)} findings")
    else:
        entries = _read(path)
    return compare(findings, entries)


def _read(path: Path) -> tuple[Entry, ...]:
    try:
        return parse(path.read_text("utf-8"), str(path))
    except FileNotFoundError as error:
        raise UsageError(f"there is no baseline {path}: write it with --update-baseline") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the baseline {path}: {error}") from error


def _write(path: Path, entries: tuple[Entry, ...]) -> None:
    try:
        replace_file(path, render(entries).encode())
    except OSError as error:
        raise UsageError(f"cannot write the baseline {path}: {error}") from error


def _reasons(comparison: Comparison, fail_on: Sequence[Severity]) -> Iterator[str]:
    failing: list[Finding] = [finding for finding in comparison.new if finding.severity in fail_on]
    for severity in Severity:
        count = sum(finding.severity is severity for finding in failing)
        if count:
            yield f"{count} new {severity}{'s' * (count > 1)}"
    for entry in comparison.stale:
        yield (
            f"stale baseline entry: {entry.code} {entry.symbol} is gone {entry.count}x; "
            "take it out with --update-baseline"
        )


def _unseen(left: Completeness) -> Iterator[str]:
    if not left.complete:
        yield (
            f"incomplete: {len(left.files_not_read)} files not read, "
            f"{len(left.inexact_mros)} MROs not exact, {len(left.runtime_events)} events chosen at run time"
        )
