"""Who plays which part: by what a class holds, is handed and does.

programs.txt holds the programs. `# role: manager` beside a class is the role it must have; every other class
must have none.
"""

from pathlib import Path

import pytest

from tests.programs import files, titled

TEXT = (Path(__file__).parent / "programs.txt").read_text(encoding="utf-8")
PROGRAMS = titled(TEXT)
MARK = "# role: "
SOCKET = "from starlette.websockets import WebSocket\n"


def test_every_program_has_a_title_of_its_own():
    assert len(PROGRAMS) == TEXT.count("=== ")


@pytest.mark.parametrize("title", PROGRAMS)
def test_roles(title: str, study):
    program = files(PROGRAMS[title])
    analysis = study(program)
    found = {id: str(analysis.casts[id].role) for id in analysis.program.classes if id in analysis.casts}
    assert {(id.path, id.line): role for id, role in found.items()} == marked(program)


def marked(program: dict[str, str]) -> dict[tuple[str, int], str]:
    lines = ((path, *line) for path, text in program.items() for line in enumerate(text.splitlines(), 1))
    return {(path, number): line.partition(MARK)[2] for path, number, line in lines if MARK in line}


def test_a_hub_is_found_by_the_socket_that_a_route_hands_to_it(study):
    files = {
        "app/hub.py": """
class Hub:
    def __init__(self):
        self.members = {}
    def join(self, key, member):
        self.members[key] = member
    def leave(self, key):
        del self.members[key]
    async def ring(self, key, item):
        await self.members[key].send_json(item)
""",
        "app/routes.py": SOCKET
        + """
from app.hub import Hub

hub = Hub()

async def bell(websocket: WebSocket):
    hub.join("anna", websocket)
""",
    }
    analysis = study(files)
    (hub,) = analysis.of_role("manager")
    assert hub.name == "Hub"
    kinds = {seen.kind: (seen.path, seen.line) for seen in analysis.casts[hub.id].evidence}
    assert kinds["holds_connections"] == ("app/hub.py", 4)
    assert kinds["removes_connections"] == ("app/hub.py", 8)


def test_a_manager_travels_through_the_state_of_the_application(study):
    files = {
        "app/manager.py": SOCKET
        + """
class Manager:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}
    def connect(self, user, ws: WebSocket):
        self.live[user] = ws
    async def send_to_user(self, user, message):
        await self.live[user].send_json(message)
""",
        "app/emitter.py": """
class Emitter:
    def __init__(self, target):
        self.target = target
    async def emit_agent_started(self):
        await self.target.send_to_user("anna", {"type": "agent_started"})
    async def emit_agent_completed(self):
        await self.target.send_to_user("anna", {"type": "agent_completed"})
""",
        "app/main.py": """
from app.emitter import Emitter
from app.manager import Manager

def build(app):
    app.state.manager = Manager()

async def route(websocket):
    emitter = Emitter(websocket.app.state.manager)
    await emitter.emit_agent_started()
""",
    }
    analysis = study(files)
    (emitter,) = analysis.of_role("emitter")
    kinds = {seen.kind: seen.detail for seen in analysis.casts[emitter.id].evidence}
    assert kinds["holds_sink"] == "self.target is a app.manager.Manager"
    assert analysis.coverage[emitter.id]["agent_started"].arrives


def test_a_double_of_the_tests_keeps_its_role_and_is_marked(study, chat_files):
    chat_files["tests/fakes.py"] = """
class FakeManager:
    async def connect(self, user_id, websocket): ...
    async def send_to_user(self, user_id, message): ...
"""
    analysis = study(chat_files)
    doubles = {
        analysis.program.classes[id].name: cast for id, cast in analysis.casts.items() if cast.test_double
    }
    assert list(doubles) == ["FakeManager"]
    assert doubles["FakeManager"].role == "manager"
