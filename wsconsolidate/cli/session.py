"""One run of a command: from its options to the report, and from the report to its text."""

import datetime
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wsconsolidate.cli import forge
from wsconsolidate.cli import options as given
from wsconsolidate.cli.output import emit, looks, say
from wsconsolidate.cli.progress import Progress
from wsconsolidate.config import FILE, Config, Overrides, has_section
from wsconsolidate.errors import UsageError
from wsconsolidate.pipeline.prepare import Ground, prepare
from wsconsolidate.reporters.registry import Format
from wsconsolidate.store import Store, cache_folder

if TYPE_CHECKING:
    from wsconsolidate.model.exhibit import Exhibits
    from wsconsolidate.model.finding import Finding
    from wsconsolidate.model.report import Report
    from wsconsolidate.pipeline.reading import Reader
    from wsconsolidate.pipeline.trace import Trace
    from wsconsolidate.reporters.options import Gate, Lines, PlannedFix

FOR_FORGES = (Format.GITHUB, Format.SARIF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the user asked for, whatever the command: the options that commands share.

    `since` is the revision that `check` compares with, `sections` are what `report` adds.
    """

    paths: given.Paths = None
    format: given.FormatOption = Format.CONSOLE
    output: given.Output = None
    exclude: given.Exclude = None
    python: given.Python = None
    all_classes: given.AllClasses = False
    statistics: given.Statistics = False
    timings: given.Timings = False
    timestamp: given.Timestamp = False
    no_cache: given.NoCache = False
    quiet: given.Quiet = False
    verbose: given.Verbose = False
    since: str | None = None
    sections: bool = False

    @property
    def places(self) -> Sequence[Path]:
        """What is analysed: the working directory where nothing is named."""
        return self.paths or [Path()]

    @property
    def overrides(self) -> Overrides:
        """What the options put in place of the configuration."""
        return Overrides(exclude=given.globs(self.exclude), python=self.python)

    @property
    def store(self) -> Store | None:
        """Where facts and results are kept, None where the user wants none."""
        return None if self.no_cache else Store(cache_folder())

    @property
    def is_watched(self) -> bool:
        """True if the user wants to see how the result comes about, or when."""
        return self.verbose or self.timings or self.timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """The report with the configuration and root it was made under."""

    report: "Report" = field(repr=False)
    config: Config
    root: Path


def examined(session: Session, *, whole: bool | None = None) -> Examination:
    """Analyse the paths, telling on stderr what was asked for; `whole` reads what does not matter, too."""
    progress = Progress(quiet=session.quiet)
    progress("discovering", 0, 0)
    return _examined(session, prepare(session.places, session.overrides), progress, whole=whole)


def _examined(
    session: Session,
    ground: Ground,
    progress: Progress,
    *,
    whole: bool | None,
    read: "Reader | None" = None,
) -> Examination:
    from wsconsolidate.pipeline.analyze import examine_tree
    from wsconsolidate.pipeline.reading import Reader

    read = read or Reader(session.store, os.cpu_count() or 1)
    try:
        report = examine_tree(ground.tree, ground.config, progress, read, whole=whole)
    finally:
        stages = progress.finish()
    if session.verbose:
        _describe(report, ground.config, ground.root)
    if session.timings:
        say("\n".join(f"{seconds:8.3f} s  {stage}" for stage, seconds in stages))
    return Examination(report=report, config=ground.config, root=ground.root)


def show(session: Session) -> None:
    """Analyse the paths and hand over the result; what was told of the same before is told again.

    Raises:
        UsageError: the output file cannot be written.
    """

    def tell(found: Examination) -> str:
        return rendered(session, found)

    how = (session.all_classes, session.sections)
    emit(told(session, tell, lambda _: how, whole=session.all_classes or None), session.output)


def told(
    session: Session,
    tell: Callable[[Examination], str],
    how: Callable[[Ground], tuple[object, ...]],
    *,
    whole: bool | None,
) -> str:
    """What `tell`, which has no other effect, says of the paths; what it said before is said again.

    `how` names everything that it goes by besides the tree, the configuration and the session.
    """
    if session.store is None or session.is_watched or session.format in FOR_FORGES:
        return tell(examined(session, whole=whole))
    from wsconsolidate.pipeline.prepare import environment_of
    from wsconsolidate.pipeline.remembered import Remembered, prints_of

    progress = Progress(quiet=session.quiet)
    progress("discovering", 0, 0)
    ground, memory = prepare(session.places, session.overrides), Remembered(session.store)
    shape = (session.format, session.statistics, *looks(session.output))
    key = (str(ground.root), *shape, *how(ground))
    prints = prints_of(ground.tree)
    environment = environment_of(ground.config)
    text = memory.text(ground.tree, ground.config, prints, environment, whole, *key)
    if text is None:
        text, trace = _anew(session, ground, progress, tell, prints, whole=whole)
        memory.keep(trace, ground.tree, ground.config, whole, *key)
    progress.finish()
    return text


def _anew(
    session: Session,
    ground: Ground,
    progress: Progress,
    tell: Callable[[Examination], str],
    prints: Mapping[str, str],
    *,
    whole: bool | None,
) -> tuple[str, "Trace"]:
    """The text, and what it hangs on."""
    from wsconsolidate.pipeline.reading import Reader
    from wsconsolidate.pipeline.trace import traced

    read = Reader(session.store, os.cpu_count() or 1)
    found = _examined(session, ground, progress, whole=whole, read=read)
    text = tell(found)
    trace = traced(
        found.report,
        read,
        prints,
        text,
        lambda report: tell(replace(found, report=report)),
        shows_code=session.format is Format.HTML,
    )
    return text, trace


def rendered(session: Session, found: Examination, gate: "Gate | None" = None) -> str:
    """The result as text, with `gate` as `check` shows it; a forge gets its summary."""
    from wsconsolidate.reporters.options import Gate, Options

    columns, colour = looks(session.output)
    options = Options(
        all_classes=session.all_classes,
        statistics=session.statistics,
        sections=session.sections,
        check=gate is not None,
        width=columns,
        colour=colour,
        timestamp=_now() if session.timestamp else None,
        gate=gate or Gate(),
        prefix=forge.prefix(found.root) if session.format in FOR_FORGES else "",
        changed=_changed(session, found.root),
        fixes=_fixes(session, found),
        exhibits=_exhibits(session, found),
    )
    if session.format is Format.GITHUB:
        from wsconsolidate.reporters.to_github import summary

        forge.add_summary(summary(found.report, options))
    return session.format.reporter.render(found.report, options)


def _fixes(session: Session, found: Examination) -> Mapping["Finding", "PlannedFix"]:
    """What `fix` would do, for the formats that tell it; it takes libcst, so only then."""
    from wsconsolidate.model.finding import Applicability

    least = Applicability.UNSAFE if session.format is Format.HTML else Applicability.SAFE
    if not (session.format is Format.SARIF or (session.format is Format.HTML and session.sections)):
        return {}
    from wsconsolidate.pipeline.fixes import fixes

    return fixes(found.report, found.root, found.config.vendor, least=least)


def _exhibits(session: Session, found: Examination) -> "Exhibits":
    """The code that the page shows."""
    from wsconsolidate.model.exhibit import Exhibits

    if session.format is not Format.HTML:
        return Exhibits()
    from wsconsolidate.report.exhibits import exhibits

    return exhibits(found.report)


def _changed(session: Session, root: Path) -> "Lines":
    return forge.lines_under_review(root, session.since) if session.format is Format.GITHUB else {}


def _describe(report: "Report", config: Config, root: Path) -> None:
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
