"""Backup files are known by their names, and modules about backups are none."""

import pytest

from wsconsolidate.consolidate.backups import backup_files
from wsconsolidate.model.source import SourceFile

ROWS = {
    "a/manager.py.bak": True,
    "a/manager.py.bak2": True,
    "a/manager.py.orig": True,
    "a/manager.py.old": True,
    "a/manager.py.backup-2024": True,
    "a/manager.py~": True,
    ".history/manager.py": True,
    "a/.history/manager_1.py": True,
    "manager_old.py": True,
    "manager_backup.py": True,
    "restore_backup.py": False,
    "a/backup.py": False,
    "a/threshold.py": False,
    "manager.py": False,
    "loader_old.py": False,
    "loader.py": False,
}
LOADER = SourceFile(
    path="loader.py", module="loader", is_package=False, in_tests=False, data=b"import loader_old"
)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_backup(name: str):
    assert (name in backup_files((*ROWS,), (LOADER,))) is ROWS[name]
