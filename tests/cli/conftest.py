"""Runs the command line, in this process or, where that is the point, in one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from wsconsolidate.cli.app import main


@dataclass(frozen=True, slots=True)
class Result:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Result]


def lay(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


@pytest.fixture
def project(tmp_path: Path, chat_files: dict[str, str]) -> Path:
    """The small program on disk: it has errors and a note."""
    return lay(tmp_path / "project", chat_files)


@pytest.fixture
def healthy(tmp_path: Path, chat_files: dict[str, str]) -> Path:
    """The small program after consolidation: nothing is left to find."""
    kept = {name: text for name, text in chat_files.items() if "old" not in name and "bak" not in name}
    return lay(tmp_path / "healthy", kept)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `main()` as if it were called with these arguments, and lets no traceback pass."""

    def ran(*arguments: str | Path, cwd: Path = tmp_path, **variables: str) -> Result:
        with monkeypatch.context() as patched:
            patched.chdir(cwd)
            patched.setattr("sys.argv", ["wsconsolidate", *map(str, arguments)])
            for name, value in variables.items():
                patched.setenv(name, value)
            code = main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return Result(code, told.out, told.err)

    return ran


@pytest.fixture
def command(tmp_path: Path) -> Run:
    """Runs `python -m wsconsolidate` in a process of its own."""

    def ran(*arguments: str | Path, cwd: Path = tmp_path, **variables: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "wsconsolidate", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **variables},
            capture_output=True,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return ran
