"""What is told of a changed tree from memory is, byte for byte, what is told of it without one."""

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from wsconsolidate.cli.check import check
from wsconsolidate.cli.session import Session, show
from wsconsolidate.extract.extract import extract
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.pipeline import relevance, retold
from wsconsolidate.pipeline.retold import Retold, moved
from wsconsolidate.reporters.registry import Format
from wsconsolidate.store import FOLDER_VARIABLE

FIXTURES = Path(__file__).parents[2] / "fixtures"
TREES = ("legacy_chat", "no_ssot")
CHAT = {
    "app/__init__.py": "",
    "app/hub.py": """
from fastapi import WebSocket

class Hub:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def agent_started(self, user: str) -> None:
        await self.connections[user].send_json({"type": "agent_started"})
""",
    "app/sums.py": "def add(one, other):\n    return one + other\n",
    "tests/test_sums.py": "def test_add():\n    assert True\n",
}
ROWS = (
    ("app/sums.py", "# a word", True),
    ("app/sums.py", "def take(one, other):\n    return one - other", True),
    ("app/sums.py", "import asyncio", True),
    ("app/sums.py", "from app.hub import Hub", False),
    ("app/sums.py", "import app.hub\napp.hub.Hub()", False),
    ("app/sums.py", "WORD = 'websocket'", False),
    ("app/sums.py", "def broken(:", True),
    ("app/hub.py", "A = 1", False),
    ("app/hub.py", "# wsconsolidate: ignore", False),
    ("tests/test_sums.py", "# Hub", False),
    ("tests/test_sums.py", "# Hut", True),
)

_LINES = (
    b"# nothing that anybody asks about\n",
    b"\n",
    b"A_NEW_CONSTANT = 1\n",
    b"A_NEW_CONSTANT = True\n",
    b"import asyncio\n",
    b"from fastapi import WebSocket\n",
    b"def a_new_function(websocket):\n    return websocket.send_json({'type': 'agent_started'})\n",
    b"def send(self):\n    pass\n",
    b"'agent_thinking'\n",
    b"def broken(:\n",
    b"# wsconsolidate: ignore\n",
)


def told(tree: Path, place: Path, *, memory: bool) -> bytes:
    """What `scan` says of the tree; without memory, which one who wants to see the timings does not use."""
    show(Session(paths=[tree], format=Format.JSON, output=place, timings=not memory, quiet=True))
    return place.read_bytes()


def edited(data: bytes, chance: random.Random) -> bytes:
    """The bytes of a file after an edit as people make them."""
    lines = data.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines.append(b"" if lines[-1].endswith(b"\n") else b"\n")
            lines.append(chance.choice(_LINES))
        case 1:
            lines.insert(at, chance.choice(_LINES))
        case 2:
            del lines[at]
        case 3:
            lines[at] = lines[at].replace(b"1", b"True").replace(b"a", b"e", 1)
        case 4:
            lines[at] = lines[at].rstrip(b"\n") + b"  # a word on it\n"
        case _:
            lines.insert(at, lines[at])
    return b"".join(lines)


def test_stages_that_have_the_facts_ask_the_tree_about_bytes():
    """Else nobody would know what a result hangs on; the pages are part of its key."""
    package = Path(retold.__file__).parents[1]
    stages = ("link", "roles", "events", "consolidate", "rules", "report", "model")
    lines = (
        (place.relative_to(package).as_posix(), line)
        for stage in stages
        for place in (package / stage).rglob("*.py")
        for line in place.read_text().splitlines()
        if re.search(r"\b(file|one|found|source)\.data\b", line)
    )
    assert {place for place, _ in lines} == {"model/source.py", "report/exhibits.py", "report/figures.py"}


@pytest.fixture
def remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Notes of each result that was looked for whether it could be told again."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(relevance, "SMALL", 0)
    ways: list[bool] = []
    text: Callable[..., str | None] = Retold.text

    def noting(self: Retold, trace: object) -> str | None:
        found = text(self, trace)
        ways.append(found is not None)
        return found

    monkeypatch.setattr(Retold, "text", noting)
    return ways


@pytest.mark.parametrize("name", TREES)
def test_random_edits(name: str, tmp_path: Path, remembered: list[bool]):
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / name / "input", tree)
    chance = random.Random(name)  # noqa: S311 - the same edits each time
    told(tree, tmp_path / "first", memory=True)
    for _ in range(8):
        file = chance.choice(sorted(tree.rglob("*.py")))
        before = file.read_bytes()
        file.write_bytes(edited(before, chance))
        assert told(tree, tmp_path / "kept", memory=True) == told(tree, tmp_path / "anew", memory=False), file
        if chance.random() < 0.5:
            file.write_bytes(before)
    assert {*remembered} == {True, False}


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("a = 1\nb = 2\n", "a = 1\n\n# a word\nb = 2\n", True),
        ("def f():\n    'It.'\n    a = 1\n", "def f():\n    'It ' \\\n    'says more.'\n    a = 1\n", True),
        ("class A:\n    def f(self):\n        pass\n", "class A:\n\n    def f(self):\n        pass\n", True),
        ("def f():\n    pass\n", "def f():\n\n    pass\n", True),
        ("def f(): pass\n", "def f():\n    pass\n", False),
        ("a = b.c\n", "\na = (b\n    .c)\n", True),
        ("a = 1; b = 2\n", "a = 1\nb = 2\n", False),
        ("a = 1\nb = 2\n", "a = 1; b = 2\n", False),
        ("a = 1\nb = 2\n", "b = 2\na = 1\n", False),
        ("a = 1\n", "\na = True\n", False),
        ("a = 1\n", "\na = 1.0\n", False),
        ("a = 1\n", "\na = 1\na = 1\n", False),
    ],
)
def test_what_only_moved(before: str, after: str, same: bool):
    facts = [extract("a.py", text.encode(), bodies=True) for text in (before, after)]
    assert isinstance(facts[0], FileFacts)
    assert isinstance(facts[1], FileFacts)
    assert moved(facts[0], facts[1]) is same


@pytest.mark.parametrize(("path", "added", "again"), ROWS)
def test_what_is_told_again(path: str, added: str, again: bool, tmp_path: Path, remembered: list[bool]):
    tree = tmp_path / "tree"
    for name, text in CHAT.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    told(tree, tmp_path / "first", memory=True)
    with (tree / path).open("a") as file:
        file.write(f"{added}\n")
    assert told(tree, tmp_path / "kept", memory=True) == told(tree, tmp_path / "anew", memory=False)
    assert remembered == [again]


def test_a_gate_says_the_same_again(
    tmp_path: Path, remembered: list[bool], capsys: pytest.CaptureFixture[str]
):
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / "same_role" / "input", tree)
    answers = []
    for added in (CHAT["app/sums.py"], "# a word\n", "# another\n"):
        with (tree / "sums.py").open("a") as file:
            file.write(added)
        with pytest.raises(typer.Exit) as failed:
            check.__wrapped__(Session(paths=[tree], format=Format.JUNIT))
        answers.append((capsys.readouterr(), failed.value.exit_code))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][1] == 1
    assert remembered == [True, True]
