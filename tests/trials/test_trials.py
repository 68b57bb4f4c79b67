"""One trial of those that `python -m tests.trials` makes of whole code bases: on an installed package."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.trials.__main__ import trial
from tests.trials.team import let_grow


def package(name: str, place: Path) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, place / name)
    return place


def test_a_small_program_survives(tmp_path: Path, chat_files: dict[str, str]):
    done = trial(lay(tmp_path / "source", chat_files), tmp_path)
    assert not done.against
    assert done.fixed["WSC106"] == done.rewritten == 1


@pytest.mark.slow
def test_a_real_package_survives(tmp_path: Path):
    done = trial(package("uvicorn", tmp_path / "source"), tmp_path, "--wire")
    assert not done.against
    assert done.fixed["WSC101"] + done.fixed["WSC103"] + done.fixed["WSC106"] >= 8
    assert '"held": true' in done.wire


def test_a_real_package_in_which_a_team_has_grown_survives(tmp_path: Path):
    done = trial(package("uvicorn", tmp_path / "source"), tmp_path, "--wire", plants=let_grow)
    assert not done.against
    assert min(done.fixed[code] for code in ("WSC103", "WSC104", "WSC105")) >= 3
    assert '"held": true' in done.wire
