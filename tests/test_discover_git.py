"""What git has to say of the files that are found."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.discovered import git, paths, seen

IGNORED = {".gitignore": "build/\n*.gen.py\n", "a.py": "", "build/b.py": "", "x.gen.py": "", "d/y.gen.py": ""}


def test_without_git_nothing_is_hidden(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    assert paths(seen(tmp_path)) == ["a.py", "build/b.py", "d/y.gen.py", "x.gen.py"]


def test_git_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    monkeypatch.setenv("PATH", "/nowhere")
    assert len(paths(seen(tmp_path))) == 4


def test_gitignore_hides_what_is_not_tracked(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    assert paths(seen(tmp_path)) == ["a.py"]
    assert "x.gen.py" not in seen(tmp_path).names
    git(tmp_path, "add", "-f", "build/b.py", "x.gen.py")
    lay(tmp_path, {"build/untracked.py": ""})
    assert paths(seen(tmp_path)) == ["a.py", "build/b.py", "x.gen.py"]


def test_gitignore_of_a_folder_above_counts(tmp_path: Path) -> None:
    lay(tmp_path, {".gitignore": "*.gen.py\n", "a/x.py": "", "a/y.gen.py": ""})
    git(tmp_path, "init")
    assert paths(seen(tmp_path, "a")) == ["x.py"]


def test_what_is_named_is_read_though_ignored(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    assert paths(seen(tmp_path, "build")) == ["b.py"]
    assert paths(seen(tmp_path, "x.gen.py")) == ["x.gen.py"]


def test_the_users_own_git_settings_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"tree/a.py": "", "tree/b.py": "", "ignore": "b.py\n"})
    git(tmp_path / "tree", "init")
    lay(
        tmp_path,
        {"tree/.git/info/exclude": "a.py\n", "config": f"[core]\nexcludesFile = {tmp_path}/ignore\n"},
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert paths(seen(tmp_path, "tree")) == ["a.py", "b.py"]


def test_the_tree_chooses_no_program_for_git_to_run(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "", "spy": f"#!/bin/sh\ntouch {tmp_path}/ran\n"})
    (tmp_path / "spy").chmod(0o755)
    git(tmp_path, "init")
    git(tmp_path, "config", "core.fsmonitor", str(tmp_path / "spy"))
    seen(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_git_variables_of_a_hook_do_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"other/x.py": ""} | {f"mine/{name}": text for name, text in IGNORED.items()})
    git(tmp_path / "other", "init")
    git(tmp_path / "mine", "init")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert paths(seen(tmp_path, "mine")) == ["a.py"]


def test_nested_repositories_and_submodules_lose_nothing(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "", "origin/s.py": ""})
    lay(tmp_path / "nested", IGNORED)
    git(tmp_path / "origin", "init")
    git(tmp_path / "origin", "add", ".")
    git(tmp_path / "origin", "commit", "-m", "x")
    git(tmp_path, "init")
    git(tmp_path, "-c", "protocol.file.allow=always", "submodule", "add", "./origin", "sub")
    git(tmp_path / "nested", "init")
    assert paths(seen(tmp_path)) == ["a.py", "nested/a.py", "origin/s.py", "sub/s.py"]


def test_discovery_writes_nothing(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    git(tmp_path, "add", "a.py")
    os.utime(tmp_path / "a.py", (1, 1))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    seen(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
