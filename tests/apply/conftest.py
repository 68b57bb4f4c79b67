"""A small tree to write in."""

import pytest

from tests.apply.trees import project


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root").mkdir()
    return project(tmp_path / "root")
