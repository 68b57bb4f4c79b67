"""What git tells: lines that changed, whatever the files are called and hold."""

from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.cli.repository import Repository, repository
from wsconsolidate.git import changed_lines, merge_base

ODD = 'a "ä" \\ b.py'


@pytest.fixture
def work(tmp_path: Path) -> Repository:
    files = {"a.py": "1\n2\n3\n", "below/b.py": "1\n", ODD: "1\n", ".gitignore": "hidden.py\n"}
    return repository(lay(tmp_path / "work", files))


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ({}, {}),
        ({"a.py": "1\nX\n3\n"}, {"a.py": {2}}),
        ({"a.py": "0\n1\n2\n3\n4\n"}, {"a.py": {1, 5}}),
        ({"a.py": "1\n3\n"}, {"a.py": {1, 2}}),
        ({"a.py": "1\n++ b/c.py\n@@ -1 +1 @@\n3\n"}, {"a.py": {2, 3}}),
        ({"a.py": "1\n2\n3", "below/b.py": "2\n"}, {"a.py": {3}, "below/b.py": {1}}),
        ({ODD: "2\n"}, {ODD: {1}}),
        ({"new ä.py": "1\n2\n"}, {"new ä.py": set()}),
        ({"hidden.py": "1\n"}, {}),
    ],
)
@pytest.mark.parametrize("committed", [False, True])
def test_changed_lines(work: Repository, files: dict[str, str], lines: dict[str, set[int]], committed: bool):
    start = work.git("rev-parse", "HEAD").strip()
    lay(work.folder, files)
    if committed:
        work.commit()
        lines = {path: found or {1, 2} if path.startswith("new") else found for path, found in lines.items()}
    found = changed_lines(work.folder, start)
    assert found == {path: frozenset(numbers) for path, numbers in lines.items()}


def test_paths_are_relative_to_the_folder(work: Repository):
    lay(work.folder, {"a.py": "X\n", "below/b.py": "X\n", "below/new.py": ""})
    assert changed_lines(work.folder / "below", "HEAD") == {"b.py": frozenset({1}), "new.py": frozenset()}


def test_the_users_configuration_changes_nothing(work: Repository):
    for option in ("diff.noprefix", "diff.mnemonicPrefix", "color.ui", "core.quotePath"):
        work.git("config", option, {"color.ui": "always", "core.quotePath": "false"}.get(option, "true"))
    work.git("config", "diff.external", "/bin/false")
    lay(work.folder, {ODD: "2\n"})
    assert changed_lines(work.folder, "HEAD") == {ODD: frozenset({1})}


def test_where_branches_parted(work: Repository):
    start = work.git("rev-parse", "HEAD").strip()
    work.git("switch", "--quiet", "--create", "other")
    work.commit()
    assert merge_base(work.folder, "main") == start
    assert merge_base(work.folder, "nowhere") is None


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Repository):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert changed_lines(tmp_path, "HEAD") is None
    monkeypatch.setenv("PATH", "/nowhere")
    assert changed_lines(work.folder, "HEAD") is None
