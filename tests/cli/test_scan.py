"""`wsconsolidate scan`."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay


def scanned(run: Run, *arguments: str | Path) -> dict[str, list[dict[str, object]]]:
    result = run("scan", "--format", "json", *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    document: dict[str, list[dict[str, object]]] = json.loads(result.stdout)
    return document


def test_classes_by_role(run: Run, project: Path) -> None:
    result = run("scan", project)
    assert (result.returncode, result.stderr) == (0, "")
    for word in (
        "manager (1)",
        "emitter (2)",
        "UnifiedManager",
        "OldEmitter",
        "app/manager.py:6",
        "Not seen",
    ):
        assert word in result.stdout


def test_nothing_relevant(run: Run, tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "class A: pass\n"})
    result = run("scan", tmp_path)
    assert result.returncode == 0
    assert "1 file: no class plays a role" in result.stdout


def test_several_paths(run: Run, project: Path) -> None:
    found = scanned(run, project / "app/manager.py", project / "app/emitter.py")
    assert [one["path"] for one in found["classes"]] == ["emitter.py", "manager.py"]


def test_all_classes(run: Run, project: Path) -> None:
    few, many = scanned(run, project), scanned(run, project, "--all-classes")
    assert "FakeUser" not in [one["name"] for one in few["classes"]]
    (fake,) = [one for one in many["classes"] if one["name"] == "FakeUser"]
    assert fake["role"] is None


def test_exclude(run: Run, project: Path) -> None:
    found = scanned(run, project, "--exclude", "old_emitter.py", "--exclude", "*.bak")
    assert [one["name"] for one in found["classes"]] == ["UnifiedEmitter", "UnifiedManager"]
    assert found["backup_files"] == []


def test_output_goes_to_the_file_only(run: Run, project: Path, tmp_path: Path) -> None:
    to_file = run("scan", project, "-o", tmp_path / "out.txt")
    assert (to_file.returncode, to_file.stdout, to_file.stderr) == (0, "", "")
    assert (tmp_path / "out.txt").read_text("utf-8") == run("scan", project).stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.txt", "project"]


def test_statistics_timings_and_verbose(run: Run, project: Path) -> None:
    result = run("scan", project, "--statistics", "--timings", "--verbose")
    assert "missing-event" in result.stdout
    assert f"root: {project}\n" in result.stderr
    assert "configuration: none" in result.stderr
    assert "files: 6 read, 0 not read" in result.stderr
    assert " s  " in result.stderr


def test_timestamp(run: Run, project: Path) -> None:
    document = json.loads(
        run("scan", project, "--format", "json", "--timestamp", SOURCE_DATE_EPOCH="0").stdout
    )
    assert document["tool"]["timestamp"] == "1970-01-01T00:00:00+00:00"
    assert "timestamp" not in json.loads(run("scan", project, "--format", "json").stdout)["tool"]
    wrong = run("scan", project, "--timestamp", SOURCE_DATE_EPOCH="soon")
    assert wrong.returncode == 2
    assert "SOURCE_DATE_EPOCH must be a number of seconds, not 'soon'" in wrong.stderr


def on_terminal(project: Path, *arguments: str, **variables: str) -> str:
    """What a terminal of 80 columns is shown on stdout and stderr."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "wsconsolidate", "scan", *arguments],
        cwd=project,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **variables},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    assert process.wait() == 0
    os.close(ours)
    return shown.decode()


CLEAR, COLOUR = "\r\x1b[K", "\x1b[1m"


def test_colour_and_progress_on_a_terminal_only(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = on_terminal(project)
    assert COLOUR in shown
    assert f"{CLEAR}reading 0/6" in shown
    assert "\x1b" not in run("scan", project).stdout
    assert CLEAR not in on_terminal(project, "--quiet")
    assert COLOUR not in on_terminal(project, NO_COLOR="1")
    assert "\x1b" not in on_terminal(project, TERM="dumb")


def test_bad_files_are_listed_and_the_rest_is_analysed(run: Run, project: Path) -> None:
    lay(
        project,
        {
            "bad/syntax.py": "def f(:\n",
            "bad/nul.py": b"x = 1\n\0",
            "bad/latin.py": b"\n# caf\xe9\n",
            "bad/empty.py": "",
        },
    )
    os.mkfifo(project / "bad/fifo.py")
    (project / "bad/broken.py").symlink_to("nowhere.py")
    (project / "bad/cyclic").symlink_to("..")
    found = scanned(run, project)
    assert [(one["path"], one["kind"], one["line"]) for one in found["problems"]] == [
        ("bad/broken.py", "link", 1),
        ("bad/cyclic", "link", 1),
        ("bad/fifo.py", "unreadable", 1),
        ("bad/latin.py", "encoding", 2),
        ("bad/nul.py", "nul", 2),
        ("bad/syntax.py", "syntax", 1),
    ]
    assert all(one["message"] for one in found["problems"])
    assert [one["name"] for one in found["classes"]] == ["UnifiedEmitter", "UnifiedManager", "OldEmitter"]
    shown = run("scan", project).stdout
    assert all(str(one["path"]) in shown for one in found["problems"])
