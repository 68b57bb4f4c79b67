"""Backup files, known by their names, and modules that only look like them."""

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from wsconsolidate.model.source import SourceFile

_BACKUP = re.compile(
    r"""
    (?:^|/)\.history/            # an editor's own history
    | \.(?:bak|orig|old)\d*$
    | \.backup[^/]*$
    | ~$
    | _(?:old|backup|bak)\.py$
    """,
    re.VERBOSE,
)
_IMPORTABLE = re.compile(r"(.*)_(?:old|backup|bak)\.py")


def backup_files(names: Collection[str], files: Collection[SourceFile]) -> tuple[str, ...]:
    """The relative paths that are backups of something, tests of the word apart (`test_backup.py`).

    `names` are those of all files, `files` the modules among them.
    """
    return tuple(name for name in names if _BACKUP.search(name) and not _is_module(name, names, files))


def _is_module(name: str, names: Collection[str], files: Collection[SourceFile]) -> bool:
    """True for `x_backup.py` without an `x.py` beside it, and where another module speaks of `x_backup`."""
    match = _IMPORTABLE.fullmatch(name)
    if match is None:
        return False
    stem = PurePosixPath(name).stem.encode()
    return f"{match[1]}.py" not in names or any(stem in file.data for file in files if file.path != name)
