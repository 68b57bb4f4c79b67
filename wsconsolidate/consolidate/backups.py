"""Backup files, known by their names."""

import re

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


def backup_files(names: tuple[str, ...]) -> tuple[str, ...]:
    """The relative paths that are backups of something, tests of the word apart (`test_backup.py`)."""
    return tuple(name for name in names if _BACKUP.search(name) and not _is_about_backups(name, names))


def _is_about_backups(name: str, names: tuple[str, ...]) -> bool:
    """`x_backup.py` without an `x.py` beside it is a module about backups, and no backup."""
    match = re.fullmatch(r"(.*)_(?:old|backup|bak)\.py", name)
    return match is not None and f"{match[1]}.py" not in names
