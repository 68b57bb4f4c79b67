"""Where runs are kept: `.wsconsolidate/runs/<number>`, a manifest and the content of each file on both sides.

A run number is given once as long as the folder lives, and the highest is the last run. The folder
may be removed at any time by who needs no undo.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wsconsolidate.apply import manifest
from wsconsolidate.apply.disk import DISK, Disk, replace_file
from wsconsolidate.apply.lock import locked
from wsconsolidate.apply.run import Run, Side
from wsconsolidate.errors import JournalError

FOLDER = ".wsconsolidate"

_IGNORE_ALL = b"*\n"


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of the tree below `root`, which is absolute and without links."""

    root: Path
    disk: Disk = DISK

    @property
    def folder(self) -> Path:
        """The folder that holds it all."""
        return self.root / FOLDER

    def ids(self) -> tuple[str, ...]:
        """The number of every run, the latest first; some may lack a manifest."""
        names = [path.name for path in self._runs.iterdir()] if self._runs.is_dir() else []
        numbers = (int(name) for name in names if name.isascii() and name.isdigit())
        return tuple(str(number) for number in sorted(numbers, reverse=True))

    def runs(self) -> tuple[Run, ...]:
        """Every run that got as far as a manifest, the latest first.

        Raises:
            JournalError: a manifest is damaged.
        """
        return tuple(self.load(run) for run in self.ids() if self._manifest(run).exists())

    def abandoned(self) -> tuple[Path, ...]:
        """The folders of runs that ended before they touched a file."""
        return tuple(self.of(run) for run in self.ids() if not self._manifest(run).exists())

    def open_run(self) -> str:
        """Make the folder of a new run; its number."""
        ids = self.ids()
        run = str(int(ids[0]) + 1) if ids else "1"
        if not self._runs.is_dir():
            self.disk.make_folder(self._runs)
            self.disk.sync_folder(self.folder)
        self.disk.make_folder(self.of(run))
        self.disk.sync_folder(self._runs)
        return run

    def load(self, run: str) -> Run:
        """The run of this number.

        Raises:
            JournalError: its manifest is damaged.
        """
        path = self._manifest(run)
        try:
            found = manifest.read(self.disk.read(path))
        except manifest.ManifestError as error:
            raise JournalError(str(path), str(error)) from error
        if found.id != run:
            raise JournalError(str(path), f"it says that it is of run {found.id}")
        return found

    def save(self, run: Run) -> Run:
        """Write the manifest of a run in one step; the run."""
        replace_file(self.disk, self._manifest(run.id), manifest.write(run))
        return run

    def reopen(self, run: Run) -> None:
        """Let the manifest say the state of this run again, if it got as far as saying another."""
        if self.load(run.id).state is not run.state:
            self.save(run)

    def of(self, run: str) -> Path:
        """The folder of a run."""
        return self._runs / run

    def copy(self, run: str, number: int, side: Side) -> Path:
        """Where the content is kept that the run's file of this number has on one side."""
        return self.of(run) / f"{number}.{side}"

    def _manifest(self, run: str) -> Path:
        return self.of(run) / "manifest.json"

    @property
    def _runs(self) -> Path:
        return self.folder / "runs"


def find_journal(root: Path, disk: Disk = DISK) -> Journal | None:
    """The journal of a tree, without its lock; None if nothing was ever written there.

    Raises:
        JournalError: something else has its name.
    """
    journal = Journal(Path(os.path.realpath(root)), disk)
    if not os.path.lexists(journal.folder):
        return None
    if journal.folder.is_symlink() or not journal.folder.is_dir():
        raise JournalError(str(journal.folder), "this is no folder, but the journal's name")
    return journal


@contextmanager
def held(root: Path, disk: Disk = DISK) -> Iterator[Journal]:
    """The journal of a tree, made if there is none, locked against other runs.

    Raises:
        BusyError: another run holds it.
        JournalError: something else has its name.
    """
    journal = find_journal(root, disk) or _make(Journal(Path(os.path.realpath(root)), disk))
    with locked(journal.folder / "lock", journal.root):
        _hide(journal)
        yield journal


def _make(journal: Journal) -> Journal:
    try:
        journal.disk.make_folder(journal.folder)
    except FileExistsError:
        return journal  # another run was faster; the lock decides
    journal.disk.sync_folder(journal.root)
    return journal


def _hide(journal: Journal) -> None:
    """Let git ignore the journal, unless the user decided about that."""
    ignore = journal.folder / ".gitignore"
    if not ignore.exists():
        replace_file(journal.disk, ignore, _IGNORE_ALL)
