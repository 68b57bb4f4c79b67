"""Capabilities, each proved by a line, and what only sounds like one."""

import pytest

HEAD = """\
import asyncio
from enum import Enum

from starlette.websockets import WebSocket


class State(Enum):
    READY = "ready"
    DEGRADED = "degraded"


class UnifiedManager:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}

    async def connect(self, user, socket: WebSocket):
        self.live[user] = socket
"""
# title, more of the class, {kind: line of the proof} beside the class as it stands
ROWS = [
    ("nothing", "", {}),
    ("a beat", "    async def heartbeat(self):\n        await self.tell({})\n", {"heartbeat": 18}),
    ("a mapping is no beat", "    def mapping(self):\n        return dict(self.live)\n", {}),
    ("a stub is no beat", "    async def heartbeat(self):\n        raise NotImplementedError\n", {}),
    ("stale ones go", "    def remove_stale(self):\n        self.go()\n", {"stale-clean-up": 18}),
    ("clean-up in turns", "    def cleanup(self):\n        self.live.clear()\n", {"stale-clean-up": 18}),
    ("clean-up of one", "    def cleanup(self, user):\n        self.live.pop(user)\n", {}),
    (
        "a limit",
        "    def check(self):\n        if len(self.live) > self.max_users:\n            raise ValueError\n",
        {"limits": 19},
    ),
    (
        "a number of attempts is no limit",
        "    def check(self, n):\n        if n > self.max_attempts:\n            raise ValueError\n",
        {},
    ),
    (
        "growing waits",
        "    async def again(self):\n        for n in range(3):\n            await asyncio.sleep(n * 0.1)\n",
        {"retry-with-back-off": 20},
    ),
    (
        "equal waits",
        "    async def beat(self):\n        for _ in '12':\n            await asyncio.sleep(2 * self.p)\n",
        {},
    ),
    (
        "started once",
        "    def start(self):\n        if self.running:\n            return\n        self.live.clear()\n",
        {"idempotent-initialisation": 19},
    ),
    (
        "refused, not skipped",
        "    def start(self):\n        if self.on:\n            raise OSError\n        self.live.clear()\n",
        {},
    ),
    (
        "an argument is not a memory",
        "    def start(self, now):\n        if not now:\n            return\n        self.live.clear()\n",
        {},
    ),
    (
        "an event that started",
        "    def emit_agent_started(self):\n        if self.live:\n            return\n        print()\n",
        {},
    ),
    (
        "states",
        "    def rest(self):\n        self.state: State = State.READY\n",
        {"state-machine": 7},
    ),
    (
        "degradation",
        "    def fail(self):\n        self.note(State.DEGRADED)\n",
        {"degradation": 19},
    ),
    ("a word is no degradation", "    def fail(self):\n        print('degraded mode')\n", {}),
    (
        "connections by user",
        "    more: dict[str, dict[str, WebSocket]] = {}\n",
        {"per-user-isolation": 18},
    ),
    ("counts by user", "    more: dict[str, dict[str, int]] = {}\n", {}),
    ("numbers", "    def count(self):\n        self.metrics = {}\n", {"metrics": 19}),
    ("health", "    def health(self):\n        return len(self.live)\n", {"health": 18}),
    ("recovery", "    def recover(self):\n        return len(self.live)\n", {"recovery": 18}),
    (
        "a lock that is held",
        "    async def add(self):\n        async with self.lock:\n            self.live.clear()\n",
        {"locks": 19},
    ),
    ("a lock that nobody holds", "    lock = asyncio.Lock()\n", {}),
    (
        "one instance",
        "    @classmethod\n    def get(cls):\n        cls._instance = UnifiedManager()\n",
        {"singleton": 20},
    ),
    ("one instance, annotated", "    _instance: 'UnifiedManager | None' = None\n", {"singleton": 18}),
]


@pytest.mark.parametrize(("more", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_features(more: str, expected: dict[str, int], study):
    found = study({"app/manager.py": HEAD + more}).features
    assert {one.kind: one.line for one in found} == expected


FACTORY = """\
from app.emitter import UnifiedEmitter


class EmitterPool:
    def __init__(self, manager):
        self.manager = manager
        self.kept = {}

    def create_emitter(self, user):
        self.kept[user] = UnifiedEmitter(self.manager, user)
        return self.kept[user]

    def create_name(self):
        return str(1)

    def acquire(self, user):
        return self.kept.get(user) or self.create_emitter(user)
"""


def test_a_factory_is_told_by_what_it_creates(study, chat_files):
    analysis = study({**chat_files, "app/pool.py": FACTORY})
    found = {one.kind: (one.detail, one.line) for one in analysis.features if one.path == "app/pool.py"}
    assert found == {
        "factory": ("`create_emitter()` creates a `UnifiedEmitter`", 10),
        "pool": ("`acquire()` hands out what is kept", 16),
    }
