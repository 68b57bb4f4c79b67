"""Take back a run that was applied, to the last byte, or nothing of it."""

from dataclasses import replace
from pathlib import Path

from wsconsolidate.apply.bring import bring, changed
from wsconsolidate.apply.disk import DISK, Disk
from wsconsolidate.apply.journal import Journal, find_journal, held
from wsconsolidate.apply.recover import problem, put_back_interrupted
from wsconsolidate.apply.run import Run, Side, State
from wsconsolidate.errors import ChangedError, NoSuchRunError, UnfinishedError, WriteError


def undo(root: Path, run: str | None = None, *, disk: Disk = DISK) -> Run:
    """Restore the files as they were before a run, by default the last that was not undone; that run.

    Content, mode and link of every file come back, deleted ones too; files and folders that the
    run made go. A run that was cut short is put back in any case, and counts as the last. The same
    call rolls back a run whose verification failed.

    Raises:
        NoSuchRunError: there is no such run, or it was undone already.
        ChangedError: a file changed since; nothing was restored.
        WriteError: the disk failed; nothing was restored.
        UnfinishedError: the disk failed twice; the next start restores.
        BusyError: another run is writing.
        JournalError: the journal is damaged.
    """
    if find_journal(root, disk) is None:
        raise NoSuchRunError(str(root), run, "no run is recorded here")
    try:
        with held(root, disk) as journal:
            return _undo(journal, run)
    except OSError as error:
        raise WriteError(problem(error)) from error


def _undo(journal: Journal, name: str | None) -> Run:
    interrupted = put_back_interrupted(journal)
    if interrupted and name in (None, interrupted[0].id):
        return interrupted[0]
    run = _chosen(journal, name)
    edited = changed(journal, run, Side.AFTER)
    if edited:
        raise ChangedError(run.id, edited)
    return _take_back(journal, run)


def _chosen(journal: Journal, name: str | None) -> Run:
    runs = journal.runs()
    applied = (run for run in runs if run.state is State.APPLIED and name in (None, run.id))
    found = next(applied, None)
    if found is None:
        raise NoSuchRunError(str(journal.root), name, _why_not(runs, name))
    return found


def _why_not(runs: tuple[Run, ...], name: str | None) -> str:
    if not runs:
        return "no run is recorded here"
    if name in [run.id for run in runs]:
        return "it was undone already"
    applied = [run.id for run in runs if run.state is State.APPLIED]
    if applied:
        return f"applied runs: {', '.join(applied)}"
    return "every run was undone already" if name is None else "there is no such run, and none to undo"


def _take_back(journal: Journal, run: Run) -> Run:
    half_done = replace(run, state=State.UNDOING)
    try:
        journal.save(half_done)
        bring(journal, run, Side.BEFORE)
        return journal.save(replace(run, state=State.UNDONE))
    except BaseException:
        _redo(journal, half_done)
        raise


def _redo(journal: Journal, run: Run) -> None:
    """Bring everything to after the run again, if anything was begun."""
    try:
        if journal.load(run.id).state is State.APPLIED:
            return
        journal.reopen(run)
        bring(journal, run, Side.AFTER, spare=True)
        journal.save(replace(run, state=State.APPLIED))
    except OSError as error:
        raise UnfinishedError(run.id, problem(error)) from error
