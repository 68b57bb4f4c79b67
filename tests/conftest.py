"""A small program to analyse, and a way to analyse any other."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from wsconsolidate.config import Config
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.pipeline.analyze import analyze


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs keep facts and results in a folder of the tests, not in the user's; and always bytecode."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WSCONSOLIDATE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patched.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


MANAGER = """\
from starlette.websockets import WebSocket

MAX_CONNECTIONS = 100


class UnifiedManager:
    def __init__(self):
        self._connections: dict[str, dict[int, WebSocket]] = {}

    async def connect(self, user_id: str, websocket: WebSocket):
        await websocket.accept()
        if len(self._connections) >= MAX_CONNECTIONS:
            raise ValueError("full")
        self._connections.setdefault(user_id, {})[id(websocket)] = websocket

    async def disconnect(self, user_id: str, websocket: WebSocket):
        self._connections.get(user_id, {}).pop(id(websocket), None)

    async def send_to_user(self, user_id: str, message: dict):
        for websocket in list(self._connections.get(user_id, {}).values()):
            await websocket.send_json(message)
"""
EMITTER = """\
from app.manager import UnifiedManager

EVENTS = ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"]


class UnifiedEmitter:
    def __init__(self, manager: UnifiedManager, user_id: str):
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "agent_started", "data": data})

    async def emit_agent_thinking(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "agent_thinking", "data": data})

    async def emit_tool_executing(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "tool_executing", "data": data})

    async def emit_tool_completed(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "tool_completed", "data": data})

    async def emit_agent_completed(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "agent_completed", "data": data})
"""
OLD = """\
from app.manager import UnifiedManager


class OldEmitter:
    def __init__(self, manager: UnifiedManager, user_id: str):
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "agent_started", "data": data})

    async def emit_agent_thinking(self, data):
        pass

    async def emit_agent_completed(self, data):
        await self.manager.send_to_user(self.user_id, {"type": "agent_completed", "data": data, "v": 1})
"""
ROUTE = """\
from app.emitter import UnifiedEmitter
from app.manager import UnifiedManager

manager = UnifiedManager()


async def chat(websocket):
    await manager.connect("anna", websocket)
    emitter = UnifiedEmitter(manager, "anna")
    await emitter.emit_agent_started({})
    await emitter.emit_agent_thinking({})
    await emitter.emit_tool_executing({})
    await emitter.emit_tool_completed({})
    await emitter.emit_agent_completed({})
"""
CHAT = {
    "app/__init__.py": "",
    "app/emitter.py": EMITTER,
    "app/manager.py": MANAGER,
    "app/manager.py.bak": MANAGER,
    "app/old_emitter.py": OLD,
    "app/route.py": ROUTE,
    "tests/test_chat.py": "from app.emitter import UnifiedEmitter\n\n\nclass FakeUser:\n    pass\n",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the expected files anew instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """A test that is skipped for want of a tool has failed in CI."""
    report = yield
    return _must_not_lack_tools(report, item)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    """So has a file of tests."""
    report = yield
    return _must_not_lack_tools(report, collector)


def _must_not_lack_tools(report, node: pytest.Item | pytest.Collector):
    reason = str(report.longrepr[2]) if report.skipped and isinstance(report.longrepr, tuple) else ""
    if os.environ.get("CI") and any(words in reason for words in ("needs ", "could not import")):
        report.outcome = "failed"
        report.longrepr = f"{node.nodeid}: {reason}: in CI the tool must be there"
    return report


Study = Callable[[Mapping[str, str]], Analysis]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Writes a program and analyses it."""

    def analysed(files: Mapping[str, str]) -> Analysis:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return analyze([tmp_path], tmp_path, Config())

    return analysed


@pytest.fixture
def chat_files() -> dict[str, str]:
    """A manager and an emitter that stay, an emitter beside them, a backup file and a test."""
    return dict(CHAT)


@pytest.fixture
def chat(study: Study, chat_files: dict[str, str]) -> Analysis:
    """The analysis of the small program."""
    return study(chat_files)
