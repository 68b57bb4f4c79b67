"""All of it: `python -m tests.apply.kills --all --chance 500`, some minutes."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="no fork on Windows")
def test_killed_at_any_operation_all_is_old_or_all_is_new():
    command = [sys.executable, "-m", "tests.apply.kills", "--chance", "20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    seen = Counter()
    for name, count in re.findall(r"(\w+)=(\d+)", done.stdout):
        seen[name] += int(count)
    assert seen.keys() == {"old", "new"}
    assert seen.total() > 250
