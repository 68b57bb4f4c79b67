"""What an interrupted run left half done is put back."""

from dataclasses import replace
from pathlib import Path

from wsconsolidate.apply.bring import bring
from wsconsolidate.apply.disk import DISK, Disk
from wsconsolidate.apply.journal import Journal, find_journal, held
from wsconsolidate.apply.run import Run, Side, State
from wsconsolidate.errors import UnfinishedError, WriteError

_HALF_DONE = (State.WRITING, State.UNDOING)


def recover(root: Path, *, disk: Disk = DISK) -> tuple[Run, ...]:
    """Put the tree back to before a run that was cut short, by a crash or a kill; the runs put back.

    A run that was applied, and one that was undone, are left alone. Without a half-done run nothing
    is written, not even the journal's folder. It may itself be cut short, and started again.

    Raises:
        BusyError: the run is not cut short, its process lives.
        ChangedError: a file was edited since the interruption; nothing was put back.
        UnfinishedError: the disk failed; start it again.
        JournalError: the journal is damaged.
    """
    try:
        journal = find_journal(root, disk)
        if journal is None or not (journal.abandoned() or _half_done(journal)):
            return ()
        with held(root, disk) as journal:
            return put_back_interrupted(journal)
    except OSError as error:
        raise WriteError(problem(error)) from error


def put_back_interrupted(journal: Journal) -> tuple[Run, ...]:
    """Put back every half-done run of a journal that is held; those runs."""
    for folder in journal.abandoned():
        journal.disk.remove_tree(folder)
    return tuple(put_back(journal, run) for run in _half_done(journal))


def put_back(journal: Journal, run: Run, *, spare: bool = False) -> Run:
    """Bring every file to before the run; the run, undone.

    Raises:
        UnfinishedError: the disk failed; it can be done again.
    """
    try:
        journal.reopen(run)
        bring(journal, run, Side.BEFORE, spare=spare)
        return journal.save(replace(run, state=State.UNDONE))
    except OSError as error:
        raise UnfinishedError(run.id, problem(error)) from error


def problem(error: OSError) -> str:
    """What the operating system says, and of which file."""
    said = (error.strerror or str(error)).lower()
    return said if error.filename is None else f"{error.filename}: {said}"


def _half_done(journal: Journal) -> tuple[Run, ...]:
    return tuple(run for run in journal.runs() if run.state in _HALF_DONE)
