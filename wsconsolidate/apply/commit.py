"""Write planned edits to disk: all of them, or none."""

import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from wsconsolidate.apply.bring import bring, missing
from wsconsolidate.apply.disk import DISK, Disk, write_file
from wsconsolidate.apply.journal import Journal, held
from wsconsolidate.apply.preflight import file_obstacles
from wsconsolidate.apply.recover import problem, put_back, put_back_interrupted
from wsconsolidate.apply.run import File, FileChange, Link, Run, Shape, Side, State, digest, resolve
from wsconsolidate.errors import ChangedError, Obstacle, RefusedError, WriteError
from wsconsolidate.model.check import Check
from wsconsolidate.model.edit import FileEdit


def commit(
    root: Path,
    edits: Iterable[FileEdit],
    *,
    checks: Mapping[str, Check] | None = None,
    now: datetime | None = None,
    disk: Disk = DISK,
) -> Run | None:
    """Write the edits, all or nothing; the run that can be undone, or None if there is nothing to do.

    A run that was cut short earlier is put back first. `checks` say what was found to hold, for the
    manifest. Call `preflight` first: here only the files themselves are looked at once more.

    Raises:
        RefusedError: a file is not as planned, or must not be written; nothing was written.
        WriteError: the disk failed; nothing is written any more.
        UnfinishedError: the disk failed twice; the next start puts the tree back.
        BusyError: another run is writing.
        ChangedError, JournalError: an earlier run was cut short and cannot be put back.
    """
    wanted = tuple(edit for edit in edits if edit.before != edit.after)
    _refuse(file_obstacles(root, wanted))
    if not wanted:
        return None
    try:
        with held(root, disk) as journal:
            put_back_interrupted(journal)
            _refuse(file_obstacles(root, wanted))
            run = _prepare(journal, wanted, checks or {}, now or datetime.now(UTC))
            return _write(journal, run)
    except OSError as error:
        raise WriteError(problem(error)) from error


def record(root: Path, run: str, checks: Mapping[str, Check], *, disk: Disk = DISK) -> Run:
    """Add checks that were made after writing to the manifest of a run, applied or undone; that run.

    Raises:
        WriteError: the disk failed.
        BusyError: another run is writing.
        JournalError: the manifest is damaged.
    """
    try:
        with held(root, disk) as journal:
            found = journal.load(run)
            return journal.save(replace(found, checks={**found.checks, **checks}))
    except OSError as error:
        raise WriteError(problem(error)) from error


def _refuse(obstacles: tuple[Obstacle, ...]) -> None:
    if obstacles:
        raise RefusedError(obstacles)


def _prepare(
    journal: Journal, edits: tuple[FileEdit, ...], checks: Mapping[str, Check], now: datetime
) -> Run:
    """Keep both sides of every file in the journal; from then on the run can be put back."""
    run = journal.open_run()
    try:
        return _keep_all(journal, run, edits, checks, now)
    except BaseException:
        with suppress(OSError):  # the first error is the one to tell; the next start removes it too
            journal.disk.remove_tree(journal.of(run))
        raise


def _keep_all(
    journal: Journal, run: str, edits: tuple[FileEdit, ...], checks: Mapping[str, Check], now: datetime
) -> Run:
    changes = tuple(_keep(journal, run, number, edit) for number, edit in enumerate(edits))
    journal.disk.sync_folder(journal.of(run))
    return journal.save(
        Run(
            id=run,
            time=now.isoformat(timespec="seconds"),
            state=State.WRITING,
            checks=checks,
            folders=_new_folders(journal.root, changes),
            changes=changes,
        )
    )


def _keep(journal: Journal, run: str, number: int, edit: FileEdit) -> FileChange:
    follow = edit.before is not None and edit.after is not None
    place = resolve(journal.root, edit.path, follow=follow)
    return FileChange(
        path=edit.path,
        place=place.relative_to(journal.root).as_posix(),
        before=_keep_side(journal, journal.copy(run, number, Side.BEFORE), edit.before, place),
        after=_keep_side(journal, journal.copy(run, number, Side.AFTER), edit.after, place),
    )


def _keep_side(journal: Journal, copy: Path, data: bytes | None, place: Path) -> Shape:
    if data is None:
        return None
    if place.is_symlink():
        return Link(str(place.readlink()))
    if place.exists():
        write_file(journal.disk, copy, data, like=place)
    else:
        write_file(journal.disk, copy, data, mode=0o666)
    return File(digest(data), stat.S_IMODE(copy.stat().st_mode))


def _new_folders(root: Path, changes: Iterable[FileChange]) -> tuple[str, ...]:
    """The folders that are not there yet, those above before those below."""
    new = {folder for change in changes for folder in missing((root / change.place).parent)}
    return tuple(folder.relative_to(root).as_posix() for folder in sorted(new))


def _write(journal: Journal, run: Run) -> Run:
    try:
        bring(journal, run, Side.AFTER)
        return journal.save(replace(run, state=State.APPLIED))
    except ChangedError as error:
        put_back(journal, run, spare=True)
        reason = "it changed while the edits were written: plan again"
        raise RefusedError(tuple(Obstacle(path, reason) for path in error.paths)) from error
    except BaseException:
        put_back(journal, run, spare=True)
        raise
