"""Backup files are known by their names, and modules about backups are none."""

import pytest

from wsconsolidate.consolidate.backups import backup_files

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
}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_backup(name: str):
    assert (name in backup_files((*ROWS,))) is ROWS[name]
