"""Which files are read, and that leaving out the others changes nothing that is told of sockets."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from wsconsolidate.config import Config, load
from wsconsolidate.discover import discover, find_root
from wsconsolidate.model.event import CRITICAL_EVENTS, Vocabulary
from wsconsolidate.model.source import Tree
from wsconsolidate.pipeline.analyze import analyze_tree, examine_tree
from wsconsolidate.pipeline.relevance import is_relevant
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.to_json import render
from wsconsolidate.rules.codes import KNOWN_CODES

FIXTURES = Path(__file__).parents[2] / "fixtures"
VOCABULARY = Vocabulary(events=CRITICAL_EVENTS, aliases={"run_done": "agent_completed"})

ROWS = {
    b"from starlette import WebSocket": True,
    b"await x.send_json({})": True,
    b"TYPE = 'agent_started'": True,
    b"AGENT_STARTED = 1": True,
    b"class AgentStarted(TypedDict): ...": True,
    b"log('run_done')": True,
    b"class WsError(Exception): ...": True,
    b"async def serve(ws): ...": True,
    b"ws = 1": True,
    b"class ChatWS: ...": True,
    b"NEWS = ALLOWS": False,
    b"# wsconsolidate: ignore[WSC301]": True,
    b"news = allows(rows)": False,
    b"async def emit(self, event): ...": True,
    b"sio.on_any(hub.emit)": True,
    b"await self.emit_progress(1)": True,
    b"class EventEmitter: ...": True,
    b"# emits a warning when remitted": False,
    b"async def broadcast(self): ...": True,
    b"send = hub.broadcast": True,
    b"await hub.broadcast_all({})": True,
    b"# shapes are broadcast": False,
    b"np.broadcast_to(a, b), torch.broadcast_tensors(a, b)": False,
    b"def total(a, b): return a + b": False,
    b"": False,
}


@pytest.mark.parametrize("data", sorted(ROWS))
def test_relevant(data: bytes):
    assert is_relevant(data, VOCABULARY) is ROWS[data]


ROUTE = """\
from fastapi import WebSocket
from app.services import hub
from app.tell import Teller

async def route(websocket: WebSocket):
    hub.join(1, websocket)
    await Teller(hub).tell("hello")
"""
SERVICES = "from app.hub import Hub\n\nhub = Hub()\n"
HUB = """\
from app.members import Members

class Hub(Members):
    def join(self, who, member):
        self.members[who] = member

    async def tell(self, message):
        for member in self.members.values():
            await member.send(message)
"""
MEMBERS = """\
class Members:
    def __init__(self):
        self.members = {}

    def leave(self, who):
        self.members.pop(who, None)
"""
TELL = """\
class Teller:
    def __init__(self, hub):
        self.hub = hub

    async def tell(self, message):
        await self.hub.tell(message)
"""
FAR = "class Far:\n    def method(self):\n        return 1\n"
CHAT = {
    "app/__init__.py": "",
    "app/route.py": ROUTE,
    "app/services.py": SERVICES,
    "app/hub.py": HUB,
    "app/members.py": MEMBERS,
    "app/tell.py": TELL,
    "app/far.py": FAR,
}


def test_what_sockets_are_handed_to_is_read_and_the_rest_is_not(tmp_path: Path):
    found = analyze_tree(_tree(tmp_path, CHAT), Config(), whole=False)
    read = ["app.hub", "app.members", "app.route", "app.services", "app.tell"]
    assert sorted(found.program.modules) == read


def test_a_class_that_is_configured_to_stay_is_read(tmp_path: Path):
    found = analyze_tree(_tree(tmp_path, CHAT), Config(ssot={"protocol": "app.far.Far"}), whole=False)
    assert "app.far" in found.program.modules


def test_what_is_asked_for_and_does_not_parse_is_a_problem(tmp_path: Path):
    files = {**CHAT, "app/services.py": "hub = (\n", "app/far.py": "broken = (\n"}
    found = analyze_tree(_tree(tmp_path, files), Config(), whole=False)
    assert [problem.path for problem in found.tree.problems] == ["app/services.py"]


def test_a_small_tree_is_read_whole(tmp_path: Path):
    assert "app.far" in analyze_tree(_tree(tmp_path, CHAT), Config()).program.modules


@pytest.mark.parametrize("case", sorted(path.name for path in FIXTURES.iterdir()))
def test_leaving_out_changes_nothing_that_is_told_of_sockets(case: str):
    place = FIXTURES / case / "input"
    root = find_root([place])
    config = load(root, KNOWN_CODES)
    tree = discover([place], root, config)
    assert _told(tree, config, whole=False) == _told(tree, config, whole=True)


STATE = """\
from app.figures import added, taken
from app.tell import Teller

class State:
    def __init__(self, hub):
        self.teller = Teller(hub)
        self.rows = []

    async def publish_row(self, row):
        self._add(row)
        await self.teller.tell({"row": row})

    async def publish_end(self):
        await self.teller.tell({"end": self._drop()})

    def _add(self, row):
        self.rows = added(self.rows, row)

    def _drop(self):
        return taken(self.rows)

    def _empty(self):
        self.rows = taken([])
"""
FIGURES = "def added(rows, row):\n    return [*rows, row]\n\ndef taken(rows):\n    return len(rows)\n"
TREES = {
    "nobody says what he is": CHAT,
    "work is done elsewhere": {**CHAT, "app/state.py": STATE, "app/figures.py": FIGURES},
}


@pytest.mark.parametrize("title", TREES)
def test_leaving_out_changes_nothing_where(title: str, tmp_path: Path):
    tree = _tree(tmp_path, TREES[title])
    assert _told(tree, Config(), whole=False) == _told(tree, Config(), whole=True)


def _tree(folder: Path, files: Mapping[str, str]) -> Tree:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return discover([folder], folder, Config())


def _told(tree: Tree, config: Config, *, whole: bool) -> Mapping[str, object]:
    """The document without what it says of all classes, whether or not they have to do with sockets."""
    told = json.loads(render(examine_tree(tree, config, whole=whole), Options()))
    for figure in ("files_ruled_out", "inexact_mros"):
        told["completeness"].pop(figure, None)
    told["summary"].pop("classes")
    told["summary"]["tests"].pop("classes")
    told["integration_points"] = [one for one in told["integration_points"] if one["kind"] != "context"]
    return told
