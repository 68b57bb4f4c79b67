"""`wsconsolidate fix`: rewrite duplicates to delegate to the source of truth."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from wsconsolidate.cli import options as given
from wsconsolidate.cli.output import emit, replace_file, say, wants_colour, width
from wsconsolidate.cli.progress import Progress
from wsconsolidate.config import Overrides, suggestion
from wsconsolidate.errors import ApplyError, NoSuchRunError, UsageError
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
AllowDirty = Annotated[bool, typer.Option("--allow-dirty", help="Write over what git could not bring back.")]
Undo = Annotated[bool, typer.Option("--undo", help="Restore every byte as it was before the last run.")]
Run = Annotated[str | None, typer.Option("--run", help="With --undo: the run to take back.", metavar="ID")]

REFUSED = 1
_STDERR = 2


def fix(
    paths: given.Paths = None,
    apply: Apply = False,
    unsafe: Unsafe = False,
    select: Select = None,
    verify: Verify = None,
    allow_dirty: AllowDirty = False,
    undo: Undo = False,
    run: Run = None,
    exclude: given.Exclude = None,
    python: given.Python = None,
    quiet: given.Quiet = False,
    verbose: given.Verbose = False,
) -> None:
    """Show the edits that consolidate the code; write them with --apply, take them back with --undo."""
    _reject(undo and (apply or unsafe or select or verify), "--undo takes back a run and nothing else")
    _reject(run is not None and not undo, "--run names what --undo takes back: give both")
    _reject(verify is not None and not apply, "--verify runs after writing: give --apply as well")
    order = Order(select=_codes(select), unsafe=unsafe)
    places = tuple(paths or [Path()])
    try:
        if undo:
            _undo(places, run, quiet=quiet)
            return
        _recover(places)
        overrides = Overrides(exclude=given.globs(exclude), python=python)
        repaired = _repaired(places, overrides, order, quiet=quiet)
        if verbose:
            say(f"root: {repaired.root}")
        if apply:
            _apply(repaired, verify, allow_dirty=allow_dirty, quiet=quiet)
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


def _repaired(places: Sequence[Path], overrides: Overrides, order: Order, *, quiet: bool) -> Repair:
    from wsconsolidate.pipeline.repair import repair

    progress = Progress(quiet=quiet)
    try:
        return repair(places, overrides, order, progress)
    finally:
        progress.finish()


def _recover(places: Sequence[Path]) -> None:
    from wsconsolidate.apply.recover import recover
    from wsconsolidate.discover import find_root

    for run in recover(find_root(places)):
        say(f"wsconsolidate: run {run.id} was cut short; its files are as they were before it")


def _undo(places: Sequence[Path], run: str | None, *, quiet: bool) -> None:
    from wsconsolidate.apply.undo import undo
    from wsconsolidate.discover import find_root

    done = undo(find_root(places), run)
    if not quiet:
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


def _apply(repaired: Repair, verify: str | None, *, allow_dirty: bool, quiet: bool) -> None:
    """Write the plan; run what verifies it, and take the plan back if that fails.

    Raises:
        ApplyError: nothing was written, or everything was taken back.
    """
    from wsconsolidate.apply.commit import commit, record
    from wsconsolidate.apply.preflight import preflight
    from wsconsolidate.errors import RefusedError

    root, plan = repaired.root, repaired.plan
    obstacles = preflight(root, plan.edits, allow_dirty=allow_dirty)
    if obstacles:
        raise RefusedError(obstacles)
    run = commit(root, plan.edits, checks=repaired.checks)
    if run is not None and verify is not None:
        _verify(repaired, run.id, verify)
        record(root, run.id, {"verify": True})
    _print(repaired, done=True)
    if run is not None and not quiet:
        say(f"wsconsolidate: run {run.id} is written; take it back with `wsconsolidate fix --undo`")


def _verify(repaired: Repair, run: str, command: str) -> None:
    """Run the user's command in the root; everything is taken back unless it ends with 0."""
    from wsconsolidate.apply.undo import undo
    from wsconsolidate.reporters.diff import render

    try:
        code = _run(command, repaired.root)
    except BaseException:
        undo(repaired.root, run)
        raise
    if code:
        undo(repaired.root, run)
        patch = repaired.root / ".wsconsolidate" / f"{run}.patch"
        replace_file(patch, render(repaired.plan.edits).encode("utf-8", "backslashreplace"))
        say(f"wsconsolidate: verify: `{command}` ended with {code}; every file is as it was before")
        say(f"  what was taken back is in {patch}")
        raise typer.Exit(REFUSED)


def _run(command: str, folder: Path) -> int:
    """The exit code of a shell command; what it says goes to stderr."""
    return subprocess.run(  # noqa: S602 - the user's own words, for his own shell
        command, shell=True, cwd=folder, stdout=_STDERR, check=False
    ).returncode


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
    options = Options(width=width(sys.stdout), colour=wants_colour(sys.stdout))
    diff = "" if done else render(shown(plan, vendored))
    if diff:
        emit((show((Code("diff", diff),), options) if options.colour else diff) + "\n", None)
    emit(show(summary(plan, vendored=vendored, done=done), options), None)
