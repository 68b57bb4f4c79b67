"""One run of a command: from its options to the report, and from the report to its text."""

import datetime
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wsconsolidate.cli import forge
from wsconsolidate.cli.options import Format, globs
from wsconsolidate.cli.output import WIDTH, emit, say, wants_colour, width
from wsconsolidate.cli.progress import Progress
from wsconsolidate.config import FILE, Config, Overrides, has_section
from wsconsolidate.errors import UsageError
from wsconsolidate.model.exhibit import Exhibits
from wsconsolidate.model.finding import Applicability, Finding
from wsconsolidate.model.report import Report
from wsconsolidate.reporters.options import Fix, Gate, Lines, Options

FOR_FORGES = (Format.GITHUB, Format.SARIF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the user asked for, whatever the command."""

    paths: Sequence[Path]
    exclude: Sequence[str] = ()
    python: Path | None = None
    since: str | None = None
    format: Format = Format.CONSOLE
    output: Path | None = None
    statistics: bool = False
    timings: bool = False
    timestamp: bool = False
    quiet: bool = False
    verbose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """The report with the configuration and root it was made under."""

    report: Report = field(repr=False)
    config: Config
    root: Path


def examined(session: Session) -> Examination:
    """Analyse the paths, telling on stderr what was asked for."""
    from wsconsolidate.pipeline.analyze import examine

    progress = Progress(quiet=session.quiet)
    overrides = Overrides(exclude=globs(list(session.exclude)), python=session.python)
    try:
        report, config, root = examine(list(session.paths) or [Path()], overrides, progress)
    finally:
        stages = progress.finish()
    if session.verbose:
        _describe(report, config, root)
    if session.timings:
        say("\n".join(f"{seconds:8.3f} s  {stage}" for stage, seconds in stages))
    return Examination(report=report, config=config, root=root)


def deliver(
    session: Session,
    found: Examination,
    *,
    all_classes: bool = False,
    sections: bool = False,
    gate: Gate | None = None,
) -> None:
    """Render the report in the format asked for, and hand it over; with `gate` as `check` shows it.

    Raises:
        UsageError: the output file cannot be written.
    """
    from wsconsolidate.reporters.registry import REPORTERS

    to_screen = session.output is None
    options = Options(
        all_classes=all_classes,
        statistics=session.statistics,
        sections=sections,
        check=gate is not None,
        width=width(sys.stdout) if to_screen else WIDTH,
        colour=to_screen and wants_colour(sys.stdout),
        timestamp=_now() if session.timestamp else None,
        gate=gate or Gate(),
        prefix=forge.prefix(found.root) if session.format in FOR_FORGES else "",
        changed=_changed(session, found.root),
        fixes=_fixes(session, found, whole=sections),
        exhibits=_exhibits(session, found),
    )
    reporter = next(reporter for reporter in REPORTERS if reporter.name == session.format)
    emit(reporter.render(found.report, options), session.output)
    if reporter.summary is not None:
        forge.add_summary(reporter.summary(found.report, options))


def _fixes(session: Session, found: Examination, *, whole: bool) -> Mapping[Finding, Fix]:
    """What `fix` would do, for the formats that tell it; it takes libcst, so only then."""
    least = Applicability.UNSAFE if session.format is Format.HTML else Applicability.SAFE
    if not (session.format is Format.SARIF or (session.format is Format.HTML and whole)):
        return {}
    from wsconsolidate.pipeline.fixes import fixes

    return fixes(found.report, found.root, found.config.vendor, least=least)


def _exhibits(session: Session, found: Examination) -> Exhibits:
    """The code that the page shows."""
    if session.format is not Format.HTML:
        return Exhibits()
    from wsconsolidate.report.exhibits import exhibits

    return exhibits(found.report)


def _changed(session: Session, root: Path) -> Lines:
    return forge.lines_under_review(root, session.since) if session.format is Format.GITHUB else {}


def _describe(report: Report, config: Config, root: Path) -> None:
    section = root / FILE if has_section(root) else "none, all options have their defaults"
    target = ".".join(map(str, config.target_version))
    say(f"root: {root}")
    say(f"configuration: {section}")
    say(f"target: Python {target} on {config.target_platform}, packages of {config.python or sys.executable}")
    say(f"files: {len(report.analysis.tree.files)} read, {len(report.completeness.files_not_read)} not read")


def _now() -> str:
    """The time in UTC by ISO 8601; that of SOURCE_DATE_EPOCH where it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        seconds = int(given) if given else int(time.time())
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds, not {given!r}") from error
