"""What a stage shows of itself, with a clock moved by hand."""

import sys

import pytest

from wsconsolidate.cli import progress
from wsconsolidate.cli.progress import Progress


@pytest.mark.parametrize(
    ("seconds", "done", "total", "shown"),
    [
        (1.0, 5, 10, "repositories 5/10"),
        (10.0, 0, 10, "repositories 0/10"),
        (10.0, 5, 10, "repositories 5/10, about 10 s left"),
        (10.0, 10, 10, "repositories 10/10"),
        (60.0, 10, 100, "repositories 10/100, about 9 min left"),
    ],
)
def test_the_estimate(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: float,
    done: int,
    total: int,
    shown: str,
):
    now = 0.0
    monkeypatch.setattr(progress, "perf_counter", lambda: now)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    told = Progress(quiet=False)
    told("repositories", 0, total)
    now = seconds
    told("repositories", done, total)
    assert capsys.readouterr().err.rpartition("\x1b[K")[2] == shown
