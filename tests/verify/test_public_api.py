"""The rung `keeps-names` and griffe agree on what breaks those who use a module; ours minds values, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.trials.judge import breakages
from tests.verify.test_rungs import MANAGER, PROGRAM, change, examined
from wsconsolidate.verify import keeps_names

MORE = f"""\
{MANAGER}

class Defaults:
    limit: int = 3

    def __init__(self) -> None:
        self.kept = 0

    @property
    def size(self) -> int:
        return self.kept


def make(limit: int = LIMIT, *, loud: bool = False) -> Manager:
    return Manager()
"""
PROGRAM_WITH_MORE = {**PROGRAM, "app/manager.py": MORE}
# what is done to app/manager.py, and whether somebody could notice
ROWS = {
    "nothing": ("", "", False),
    "a comment": ("LIMIT = 3", "LIMIT = 3  # three", False),
    "a private function more": ("def make(", "def _made(): ...\n\n\ndef make(", False),
    "a private member more": (
        "def size(self)",
        "def _size(self): ...\n\n    @property\n    def size(self)",
        False,
    ),
    "another body": ("return Manager()", "made = Manager()\n    return made", False),
    "a name less": ("LIMIT = 3", "_LIMIT = LIMIT_ = 3", True),
    "another value": ("LIMIT = 3", "LIMIT = 4", True),
    "a class by another name": ("class LoudManager", "class Loud", True),
    "a member less": ("def disconnect", "def _disconnect", True),
    "a parameter by another name": ("user_id: str, socket:", "user: str, socket:", True),
    "a parameter less": ("def make(limit: int = LIMIT, ", "def make(", True),
    "a parameter that must be given": ("*, loud: bool = False", "loud: bool, *", True),
    "parameters in another order": (
        "self, user_id: str, socket: WebSocket",
        "self, socket: WebSocket, user_id: str",
        True,
    ),
    "a parameter by name only": ("def make(limit", "def make(*, limit", True),
    "another default": ("limit: int = LIMIT,", "limit: int = 4,", True),
    "a base less": ("LoudManager(Manager)", "LoudManager", True),
    "an attribute less": ("    limit: int = 3\n\n", "", True),
    "another value of an attribute": ("limit: int = 3", "limit: int = 4", True),
    "an attribute of instances less": ("self.kept = 0", "self._kept = 0", True),
    "a method where a property was": ("    @property\n    def size", "    def size", True),
}

STRICTER = {"another value", "another value of an attribute"}


@pytest.fixture
def _with_more(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    examined.cache_clear()
    monkeypatch.setattr("tests.verify.test_rungs.PROGRAM", PROGRAM_WITH_MORE)
    yield
    examined.cache_clear()


@pytest.mark.usefixtures("_with_more")
@pytest.mark.parametrize("title", ROWS)
def test_both_say_the_same(title: str, tmp_path: Path):
    old, new, breaks = ROWS[title]
    after = MORE.replace(old, new)
    said = [one.reason for one in keeps_names.objections(change({"app/manager.py": after}))]
    assert bool(said) == breaks, said
    files = {"before": MORE, "after": after}
    trees = [lay(tmp_path / side, {**PROGRAM, "app/manager.py": text}) for side, text in files.items()]
    griffes = breakages(*trees)
    assert bool(griffes) == (breaks and title not in STRICTER), griffes
