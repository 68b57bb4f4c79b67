"""From a proved plan to the disk: write it, ask what only running answers, and take it back if that fails."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wsconsolidate.apply.commit import commit, record
from wsconsolidate.apply.disk import DISK, replace_file
from wsconsolidate.apply.journal import FOLDER
from wsconsolidate.apply.preflight import preflight
from wsconsolidate.apply.run import Run
from wsconsolidate.apply.undo import undo
from wsconsolidate.environment import interpreter
from wsconsolidate.errors import NotHeldError, RefusedError
from wsconsolidate.model.check import Check
from wsconsolidate.pipeline.repair import Repair
from wsconsolidate.proof.job import Finish, Job
from wsconsolidate.proof.registry import RUNGS
from wsconsolidate.reporters.diff import render

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the user wants asked of the written tree: his own command, and whether classes are run."""

    command: str | None = None
    wire: bool = False


def enact(repaired: Repair, demand: Demand, progress: Progress, *, allow_dirty: bool) -> Run | None:
    """Write the plan; the run with the checks that it passed, or None if there was nothing to do.

    Raises:
        NotHeldError: a question was answered with no; everything was taken back.
        ApplyError: nothing was written, or everything was taken back.
        UsageError: the type checker cannot be asked; nothing was written.
    """
    root, plan = repaired.root, repaired.plan
    obstacles = preflight(root, plan.edits, allow_dirty=allow_dirty)
    if obstacles:
        raise RefusedError(obstacles)
    finishes = _begin(_job(repaired, demand), progress) if plan.edits else {}
    run = commit(root, plan.edits, checks=repaired.checks)
    return run and _ask(repaired, run, finishes, progress)


def _job(repaired: Repair, demand: Demand) -> Job:
    config = repaired.config
    return Job(
        root=repaired.root,
        python=interpreter(config.python) if config.python else Path(sys.executable),
        program=repaired.report.analysis.program,
        plan=repaired.plan,
        checker=config.type_checker,
        command=demand.command,
        wire=demand.wire,
    )


def _begin(job: Job, progress: Progress) -> dict[str, Finish]:
    finishes = {}
    for rung in RUNGS:
        if rung.is_wanted(job):
            progress(f"{rung.name} before", 0, 0)
            finishes[rung.name] = rung.begin(job)
    return finishes


def _ask(repaired: Repair, run: Run, finishes: dict[str, Finish], progress: Progress) -> Run:
    """Ask each rung, note its answer in the manifest, and take everything back at the first that fails."""
    for name, finish in finishes.items():
        progress(f"{name} after", 0, 0)
        try:
            check = finish()
        except BaseException:
            undo(repaired.root, run.id)
            raise
        if not check.held:
            raise _taken_back(repaired, run, name, check)
        run = record(repaired.root, run.id, {name: check})
    return run


def _taken_back(repaired: Repair, run: Run, name: str, check: Check) -> NotHeldError:
    undo(repaired.root, run.id)
    record(repaired.root, run.id, {name: check})
    patch = repaired.root / FOLDER / f"{run.id}.patch"
    replace_file(DISK, patch, render(repaired.plan.edits).encode("utf-8", "backslashreplace"))
    return NotHeldError(name, check.against, str(patch))
