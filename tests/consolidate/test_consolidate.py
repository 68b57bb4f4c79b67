"""Duplicates, sources of truth, dispositions, settings, features and integration points."""

import pytest

from tests.consolidate.managers import HEAD, OTHER, manager
from wsconsolidate.config import Config
from wsconsolidate.errors import ConfigError
from wsconsolidate.model.role import Role
from wsconsolidate.pipeline.analyze import analyze

MEMBERS = "    async def {0}(self, user, message): ...\n    async def {1}(self, user, message): ...\n"
TWO = MEMBERS.replace("1", "2").replace("0", "1")
DECLARED = "from typing import Protocol\n\nclass {0}(Protocol):\n" + TWO
GROUPS = {
    "exact copies": ({"a.py": HEAD + manager("M"), "b.py": HEAD + manager("M")}, [("exact-copy", 2)]),
    "renamed copies": ({"a.py": HEAD + manager("M"), "b.py": HEAD + manager("N")}, [("renamed-copy", 2)]),
    "near copies": (
        {
            "a.py": HEAD + manager("M"),
            "b.py": HEAD + manager("N", "    def count(self):\n        return 1\n"),
        },
        [("near-copy", 2)],
    ),
    "the same role under other names": (
        {"a.py": HEAD + manager("M"), "b.py": HEAD + OTHER},
        [("same-role", 2)],
    ),
    "a subclass is no duplicate": (
        {"a.py": HEAD + manager("M"), "b.py": "from a import M\nclass N(M):\n    pass\n"},
        [],
    ),
    "a copy in the tests is none": ({"a.py": HEAD + manager("M"), "tests/b.py": HEAD + manager("M")}, []),
    "of a chain only those with something in common": (
        {
            "a.py": DECLARED.format("A", "send_to_user", "connect_user"),
            "b.py": DECLARED.format("B", "send_to_user", "connect_user")
            + MEMBERS.format("broadcast_to_room", "send_to_thread"),
            "c.py": DECLARED.format("C", "broadcast_to_room", "send_to_thread"),
        },
        [("near-copy", 2)],
    ),
    "one alone": ({"a.py": HEAD + manager("M")}, []),
}


@pytest.mark.parametrize("title", sorted(GROUPS))
def test_groups(title: str, study):
    files, expected = GROUPS[title]
    assert [(group.kind, len(group.members)) for group in study(files).groups] == expected


TRUTHS = {
    "the only one": ({"a.py": HEAD + manager("M")}, "a.M"),
    "the name claims it": (
        {"a.py": HEAD + manager("M"), "b.py": HEAD + manager("UnifiedManager")},
        "b.UnifiedManager",
    ),
    "the docstring claims it": (
        {
            "a.py": HEAD + manager("M"),
            "b.py": HEAD + manager("N").replace("N:", 'N:\n    """The single source of truth."""'),
        },
        "b.N",
    ),
    "nobody else could": (
        {"a.py": HEAD + OTHER, "tests/b.py": HEAD + manager("UnifiedManager")},
        "a.Hub",
    ),
    "equal rivals leave it to the runtime": (
        {"a.py": HEAD + manager("M"), "b.py": HEAD + manager("N"), "c.py": HEAD + OTHER},
        "wsconsolidate.runtime.UnifiedWebSocketManager",
    ),
    "most depended on": (
        {
            "a.py": HEAD + manager("M"),
            "b.py": HEAD + manager("N"),
            **{f"u{n}.py": "from a import M\n\ndef make():\n    return M()\n" for n in range(3)},
        },
        "a.M",
    ),
}


@pytest.mark.parametrize("title", sorted(TRUTHS))
def test_the_source_of_truth(title: str, study):
    files, expected = TRUTHS[title]
    assert study(files).ssot[Role.MANAGER].qualname == expected


def test_the_configuration_names_the_source_of_truth(tmp_path):
    (tmp_path / "a.py").write_text(HEAD + manager("M") + manager("UnifiedManager"))
    chosen = analyze([tmp_path], tmp_path, Config(ssot={Role.MANAGER: "a.M"})).ssot[Role.MANAGER]
    assert (chosen.qualname, chosen.reason) == ("a.M", "the configuration names it")
    with pytest.raises(ConfigError, match=r"no such class .* did you mean `a.UnifiedManager`"):
        analyze([tmp_path], tmp_path, Config(ssot={Role.MANAGER: "a.UnifiedManagers"}))


PROTOCOL = "from typing import Protocol\nclass ManagerProtocol(Protocol):\n"
FULL = PROTOCOL + (
    "    async def send_to_user(self, user, message): ...\n"
    "    async def broadcast(self, message): ...\n"
    "    def is_user_connected(self, user): ...\n"
)


def test_a_namesake_with_another_contract_is_told_apart(study):
    other = PROTOCOL + "    def send_to_user(self, frame): ...\n    def broadcast(self, frame): ...\n"
    analysis = study({"a.py": FULL, "b.py": other})
    (divergence,) = analysis.divergences
    assert divergence.other.path == "b.py"
    assert divergence.conflicts[0] == "send_to_user: async (user, message) here, (frame) there"
    assert analysis.groups == ()
    assert analysis.verdicts[divergence.other].disposition == "review"


def test_a_subset_of_a_protocol_duplicates_it(study):
    subset = FULL.partition("    def is_user_connected")[0]
    (group,) = study({"a.py": FULL, "b.py": subset}).groups
    assert group.shared == ("broadcast()", "send_to_user()")
    assert group.differs == ("only a.ManagerProtocol: is_user_connected",)


def test_dispositions(chat):
    found = {chat.program.classes[id].name: verdict.disposition for id, verdict in chat.verdicts.items()}
    assert found == {"UnifiedEmitter": "keep", "UnifiedManager": "keep", "OldEmitter": "review"}


def test_settings_are_the_limits_beside_a_role(study):
    source = (
        "MAX_USERS = 3\nRETRY_DELAY = 0.5\nNAME = 'x'\nMAX_OF = max(1, 2)\nheartbeat_interval = 3\n"
        + HEAD
        + manager("M", "    PING_INTERVAL = 20\n")
    )
    analysis = study({"a.py": source, "elsewhere.py": "MAX_OTHER = 4\n"})
    assert [(one.name, one.value, one.line) for one in analysis.settings] == [
        ("MAX_USERS", 3, 1),
        ("RETRY_DELAY", 0.5, 2),
        ("PING_INTERVAL", 20, 17),
    ]


def test_features_stand_beside_the_line_that_proves_them(study):
    source = """
import asyncio
from starlette.websockets import WebSocket

class UnifiedManager:
    _instance: "UnifiedManager | None" = None
    def __init__(self):
        self.live: dict[str, dict[str, WebSocket]] = {}
        self._lock = asyncio.Lock()
        self.metrics = {}
    async def connect(self, user, key, ws: WebSocket):
        async with self._lock:
            if len(self.live) >= self.max_users:
                raise ValueError("full")
            self.live.setdefault(user, {})[key] = ws
    async def retry(self):
        for attempt in range(3):
            await asyncio.sleep(0.1 * 2**attempt)
    async def heartbeat(self):
        for group in self.live.values():
            for ws in group.values():
                await ws.send_json({})
"""
    found = {one.kind: one.line for one in study({"a.py": source}).features}
    assert found == {
        "singleton": 6,
        "per-user-isolation": 8,
        "limits": 13,
        "locks": 12,
        "heartbeat": 19,
        "retry-with-back-off": 18,
        "metrics": 10,
    }


def test_integration_points(study, chat_files):
    chat_files["app/engine.py"] = """
from dataclasses import dataclass
from app.emitter import UnifiedEmitter

class AgentRegistry:
    def set_websocket_manager(self, manager):
        self.manager = manager
    def set_name(self, name):
        self.name = name

class ExecutionEngine:
    def __init__(self, emitter: UnifiedEmitter):
        self.notifier = emitter
    async def run_tool(self, tool):
        await self.notifier.emit_tool_executing({})
        tool()
        await self.notifier.emit_tool_completed({})

@dataclass(frozen=True)
class UserContext:
    user_id: str
    thread_id: str
    run_id: str
"""
    points = [
        (one.kind, one.symbol.rpartition(".")[2], one.line) for one in study(chat_files).integration_points
    ]
    assert points == [
        ("registry", "set_websocket_manager", 6),
        ("notifier", "notifier", 13),
        ("tool-wrapping", "run_tool", 14),
        ("context", "UserContext", 20),
    ]
