"""One trial of those that `python -m tests.trials` makes of whole code bases: on an installed package."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.trials.__main__ import trial


def test_a_small_program_survives(tmp_path: Path, chat_files: dict[str, str]):
    done = trial(lay(tmp_path / "source", chat_files), tmp_path)
    assert not done.against
    assert done.fixed["WSC106"] == done.rewritten == 1


@pytest.mark.slow
def test_a_real_package_survives(tmp_path: Path):
    found = importlib.util.find_spec("uvicorn")
    assert found is not None
    assert found.origin is not None
    source = tmp_path / "source"
    shutil.copytree(Path(found.origin).parent, source / "uvicorn")
    done = trial(source, tmp_path, "--wire")
    assert not done.against
    assert done.fixed["WSC101"] + done.fixed["WSC103"] + done.fixed["WSC106"] >= 8
    assert '"held": true' in done.wire
