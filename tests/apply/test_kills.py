"""All of it: `python -m tests.apply.kills --all --chance 500`, some minutes."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="no fork on Windows")
@pytest.mark.parametrize("sample", [2, pytest.param(6, marks=pytest.mark.slow)])
def test_killed_at_any_operation_all_is_old_or_all_is_new(sample: int):
    command = [sys.executable, "-m", "tests.apply.kills", f"--sample={sample}", f"--chance={3 * sample}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    seen = Counter()
    for name, count in re.findall(r"(\w+)=(\d+)", done.stdout):
        seen[name] += int(count)
    assert seen.keys() == {"old", "new"}
    assert seen.total() > 150
