"""The diff says exactly what is planned: git makes the planned files of it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from wsconsolidate.model.edit import FileEdit
from wsconsolidate.reporters.diff import render

EDITS = {
    "changed": FileEdit(path="app/a.py", before=b"X = 1\nY = 2\n", after=b"X = 1\nY = 3\n"),
    "deleted": FileEdit(path="app/old.py.bak", before=b"X = 1\n", after=None),
    "new": FileEdit(path="app/ws/__init__.py", before=None, after=b'"""New."""\n'),
    "without a last line end": FileEdit(path="a.py", before=b"X = 1", after=b"X = 2"),
    "gains a last line end": FileEdit(path="a.py", before=b"X = 1", after=b"X = 1\n"),
    "DOS line ends": FileEdit(path="a.py", before=b"X = 1\r\nY = 2\r\n", after=b"X = 1\r\nY = 3\r\n"),
    "a form feed and a lonely return": FileEdit(path="a.py", before=b"\x0c\nX\rY = 2\n", after=b"\x0c\nX\n"),
    "trailing blanks": FileEdit(path="a.py", before=b"X = 1   \nY = 2\n", after=b"X = 1   \nY = 3\n"),
    "no ASCII": FileEdit(path="a.py", before="é = 'ß\u2028'\n".encode(), after="é = 'ss'\n".encode()),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_git_applies_it(edit: FileEdit, tmp_path: Path):
    if shutil.which("git") is None:
        pytest.skip("needs git")
    place = tmp_path / edit.path
    if edit.before is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(edit.before)
    patch = render([edit]).encode()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert (place.read_bytes() if place.exists() else None) == edit.after


def test_a_file_in_another_encoding_can_be_read():
    before = "# coding: latin-1\nX = 'é'\n".encode("latin-1")
    told = render([FileEdit(path="a.py", before=before, after=before.replace(b"X", b"Y"))])
    assert "-X = 'é'\n+Y = 'é'\n" in told


def test_all_files_stand_in_one_diff():
    told = render([EDITS["changed"], EDITS["deleted"], EDITS["new"]])
    assert [line for line in told.splitlines() if line.startswith(("---", "+++"))] == [
        "--- a/app/a.py",
        "+++ b/app/a.py",
        "--- a/app/old.py.bak",
        "+++ /dev/null",
        "--- /dev/null",
        "+++ b/app/ws/__init__.py",
    ]
