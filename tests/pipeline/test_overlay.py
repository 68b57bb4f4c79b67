"""A tree that is only imagined is the tree that discovery would find."""

from pathlib import Path

import pytest

from wsconsolidate.config import Config
from wsconsolidate.discover import discover
from wsconsolidate.model.edit import FileEdit
from wsconsolidate.pipeline.overlay import overlay

FILES = {
    "app/__init__.py": b"",
    "app/chat/__init__.py": b"",
    "app/chat/manager.py": b"LIMIT = 3\n",
    "app/chat/manager.py.bak": b"LIMIT = 2\n",
    "docs/index.md": b"# Chat\n",
    "src/lib/core.py": b"X = 1\n",
    "tests/test_chat.py": b"",
}
EDITS = {
    "a changed file": {"app/chat/manager.py": b"LIMIT = 4\n"},
    "a file that becomes empty": {"app/chat/manager.py": b""},
    "a deleted module": {"app/chat/manager.py": None},
    "a deleted backup": {"app/chat/manager.py.bak": None},
    "a deleted page": {"docs/index.md": None},
    "a new module": {"app/chat/emitter.py": b"Y = 1\n"},
    "a new package": {"app/ws/__init__.py": b"", "app/ws/core.py": b"", "app/ws/adapters/__init__.py": b""},
    "a new package in a folder of sources": {"src/ws/__init__.py": b"", "src/ws/core.py": b""},
    "a new package at the root": {"ws/__init__.py": b"", "ws/core.py": b""},
    "a new file that is no Python": {"app/ws/_vendored.json": b"{}"},
    "a new test": {"tests/test_more.py": b""},
    "nothing": {},
}


@pytest.mark.parametrize("edits", EDITS.values(), ids=EDITS)
def test_the_overlay_is_what_discovery_would_find(edits: dict[str, bytes | None], tmp_path: Path):
    lay(tmp_path, FILES)
    before = discover([tmp_path], tmp_path, Config())
    planned = [FileEdit(path=path, before=FILES.get(path), after=after) for path, after in edits.items()]
    imagined = overlay(before, planned)
    lay(tmp_path, edits)
    assert imagined == discover([tmp_path], tmp_path, Config())


def lay(root: Path, files: dict[str, bytes] | dict[str, bytes | None]) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            (root / name).unlink()
        else:
            (root / name).write_bytes(data)
