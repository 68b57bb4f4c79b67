"""Trees to write in, and all that can be said of a tree: paths, content, modes and links."""

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.journal import FOLDER
from wsconsolidate.apply.recover import recover
from wsconsolidate.apply.undo import undo
from wsconsolidate.model.edit import FileEdit

UNSEEN = (FOLDER, ".git")


def memory():
    """A folder that goes afterwards, in memory if it can be: on a disk thousands of syncs take minutes."""
    shared = Path("/dev/shm")  # noqa: S108 - it only holds a folder of its own
    return tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None)


def tree(root):
    """Every path below the root with its kind, mode and content; journal and repository apart."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in UNSEEN]
        for name in folders + files:
            path = Path(folder, name)
            found[path.relative_to(root).as_posix()] = _entry(path)
    return found


def _entry(path):
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "link", str(path.readlink())
    if stat.S_ISDIR(status.st_mode):
        return "folder", status.st_mode
    if not stat.S_ISREG(status.st_mode):
        return "other", status.st_mode
    return "file", status.st_mode, sha256(path.read_bytes()).hexdigest()


def write(root, files):
    """Write these files, the folders above them too."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def project(root):
    """A small tree with something of each kind that an edit may meet."""
    write(
        root,
        {
            "app/manager.py": b"class Manager: ...\n",
            "app/manager.py.bak": b"class Old: ...\n",
            "app/real.py": b"x = 1\r\n",
            "app/untouched.py": b"y = 1\n",
        },
    )
    (root / "app/manager.py").chmod(0o755)
    (root / "app/manager.py.bak").chmod(0o640)
    (root / "app/linked.py").symlink_to("real.py")
    (root / "app/old.py").symlink_to("manager.py")
    return root


def changed(path, before, after):
    return FileEdit(path=path, before=before, after=after)


def project_edits():
    """Changes, deletions and new files in new folders, also through and of links, for `project`."""
    return (
        changed("app/manager.py", b"class Manager: ...\n", b"class Manager(Base): ...\n"),
        changed("app/manager.py.bak", b"class Old: ...\n", None),
        changed("app/linked.py", b"x = 1\r\n", b"x = 2\r\n"),
        changed("app/old.py", b"class Manager: ...\n", None),
        changed("app/ws/deep/new.py", None, b"z = 1\n"),
        changed("app/ws/__init__.py", None, b""),
    )


def apply(root, disk):
    commit(root, project_edits(), disk=disk)


def take_back(root, disk):
    undo(root, disk=disk)


def come_back(root, disk):
    recover(root, disk=disk)
