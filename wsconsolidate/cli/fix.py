"""`wsconsolidate fix`: rewrite duplicates to delegate to the source of truth."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from wsconsolidate.apply.run import Run
from wsconsolidate.cli.output import emit, looks, say
from wsconsolidate.cli.progress import Progress
from wsconsolidate.cli.session import Session
from wsconsolidate.cli.sharing import sharing
from wsconsolidate.config import suggestion
from wsconsolidate.errors import ApplyError, NoSuchRunError, UsageError
from wsconsolidate.pipeline.enact import Demand
from wsconsolidate.pipeline.repair import Order, Repair

Apply = Annotated[bool, typer.Option("--apply", help="Write the edits: all of them, or none.")]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Take the edits, too, that a reader must judge.")]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", help="Fix only these rules, or rules that begin so; repeatable.", metavar="CODES"
    ),
]
Verify = Annotated[
    str | None,
    typer.Option("--verify", help="Run this afterwards; if it fails, take everything back.", metavar="CMD"),
]
Wire = Annotated[
    bool,
    typer.Option("--wire", help="Run old and new classes on fake sockets; if they differ, take all back."),
]
AllowDirty = Annotated[bool, typer.Option("--allow-dirty", help="Write over what git could not bring back.")]
Undo = Annotated[bool, typer.Option("--undo", help="Restore every byte as it was before the last run.")]
RunId = Annotated[str | None, typer.Option("--run", help="With --undo: the run to take back.", metavar="ID")]

REFUSED = 1


@sharing("exclude", "python", "no_cache", "quiet", "verbose")
def fix(
    session: Session,
    apply: Apply = False,
    unsafe: Unsafe = False,
    select: Select = None,
    verify: Verify = None,
    wire: Wire = False,
    allow_dirty: AllowDirty = False,
    undo: Undo = False,
    run: RunId = None,
) -> None:
    """Show the edits that consolidate the code; write them with --apply, take them back with --undo."""
    others = apply or unsafe or select or verify or wire
    _reject(undo and others, "--undo takes back a run and nothing else")
    _reject(run is not None and not undo, "--run names what --undo takes back: give both")
    _reject(verify is not None and not apply, "--verify runs after writing: give --apply as well")
    _reject(wire and not apply, "--wire compares what was written: give --apply as well")
    order = Order(select=_codes(select), unsafe=unsafe)
    try:
        if undo:
            _undo(session, run)
            return
        _recover(session.places)
        repaired = _repaired(session, order)
        if apply:
            _apply(repaired, Demand(command=verify, wire=wire), allow_dirty=allow_dirty, quiet=session.quiet)
        else:
            _show(repaired, allow_dirty=allow_dirty)
    except NoSuchRunError:
        raise
    except ApplyError as error:
        say(f"wsconsolidate: {error}")
        raise typer.Exit(REFUSED) from error


def _reject(wrong: object, problem: str) -> None:
    if wrong:
        raise UsageError(problem)


def _codes(words: Sequence[str] | None) -> tuple[str, ...]:
    """The codes of `--select`, given one by one or with commas.

    Raises:
        UsageError: no rule begins with one of them.
    """
    from wsconsolidate.rules.codes import KNOWN_CODES

    codes = tuple(code.strip() for word in words or ("WSC",) for code in word.split(","))
    for code in codes:
        if not code or not any(known.startswith(code) for known in KNOWN_CODES):
            raise UsageError(f"--select: no rule is called {code!r}{suggestion(code, KNOWN_CODES)}")
    return codes


def _repaired(session: Session, order: Order) -> Repair:
    from wsconsolidate.pipeline.reading import Reader
    from wsconsolidate.pipeline.repair import repair

    progress = Progress(quiet=session.quiet)
    read = Reader(session.store, os.cpu_count() or 1)
    try:
        repaired = repair(session.places, session.overrides, order, progress, read)
    finally:
        progress.finish()
    if session.verbose:
        say(f"root: {repaired.root}")
    return repaired


def _recover(places: Sequence[Path]) -> None:
    from wsconsolidate.apply.recover import recover
    from wsconsolidate.discover import find_root

    for run in recover(find_root(places)):
        say(f"wsconsolidate: run {run.id} was cut short; its files are as they were before it")


def _undo(session: Session, run: str | None) -> None:
    from wsconsolidate.apply.undo import undo
    from wsconsolidate.discover import find_root

    done = undo(find_root(session.places), run)
    if not session.quiet:
        say(f"wsconsolidate: run {done.id} is undone: {len(done.changes)} files are as they were before it")


def _show(repaired: Repair, *, allow_dirty: bool) -> None:
    """Print what would be done; the exit code says whether `--apply` would write."""
    from wsconsolidate.apply.preflight import preflight

    _print(repaired, done=False)
    obstacles = preflight(repaired.root, repaired.plan.edits, allow_dirty=allow_dirty)
    for obstacle in obstacles:
        say(f"wsconsolidate: --apply would refuse: {obstacle.path}: {obstacle.reason}")
    if repaired.plan.edits and not obstacles:
        raise typer.Exit(1)


def _apply(repaired: Repair, demand: Demand, *, allow_dirty: bool, quiet: bool) -> None:
    """Write the plan and ask of it what is demanded; it is taken back if that fails.

    Raises:
        ApplyError: nothing was written, or everything was taken back.
    """
    from wsconsolidate.pipeline.enact import enact

    progress = Progress(quiet=quiet)
    try:
        run = enact(repaired, demand, progress, allow_dirty=allow_dirty)
    finally:
        progress.finish()
    _print(repaired, done=True)
    if run is not None and not quiet:
        _say_untried(run)
        say(f"wsconsolidate: run {run.id} is written; take it back with `wsconsolidate fix --undo`")


def _say_untried(run: Run) -> None:
    """Tell what the rungs that run something tried, and what they could not: that is no proof."""
    for name, check in run.checks.items():
        if name in ("types", "wire"):
            say(f"wsconsolidate: {name}: {check.tried}")
            for reason in check.untried:
                say(f"  not tried: {reason}")


def _print(repaired: Repair, *, done: bool) -> None:
    """Show the diff of what is planned, and in any case the tables.

    Off a terminal the diff is what `git apply` takes, to the last blank.
    """
    from wsconsolidate.model.report import Code
    from wsconsolidate.reporters.diff import render
    from wsconsolidate.reporters.fix_summary import shown, summary
    from wsconsolidate.reporters.options import Options
    from wsconsolidate.reporters.to_console import show

    plan, vendored = repaired.plan, repaired.config.vendor
    columns, colour = looks(None)
    options = Options(width=columns, colour=colour)
    diff = "" if done else render(shown(plan, vendored))
    if diff:
        emit((show((Code("diff", diff),), options) if options.colour else diff) + "\n", None)
    emit(show(summary(plan, vendored=vendored, done=done), options), None)
