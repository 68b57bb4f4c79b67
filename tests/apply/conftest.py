"""A small tree to write in."""

from pathlib import Path

import pytest

from tests.apply import trees


@pytest.fixture
def memory():
    with trees.memory() as folder:
        yield Path(folder)


@pytest.fixture
def root(memory):
    (memory / "root").mkdir()
    return trees.project(memory / "root")
