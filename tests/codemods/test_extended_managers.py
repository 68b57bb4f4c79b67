"""Duplicate managers on top of the manager that stays: the same calls before and after, frame by frame."""

import asyncio
import importlib
import json
import shutil
from pathlib import Path

import pytest

from tests.codemods.conftest import forget
from wsconsolidate.codemods.extend_manager_examples import REWRITES

LEGACY = Path(__file__).parents[2] / "fixtures" / "legacy_chat" / "input"
HUB = REWRITES[0].before
RENAMED = REWRITES[1].before
BELLS = REWRITES[2].before.replace("class Bells", "class Hub")


class Socket:
    """Takes frames, and refuses the one after its last."""

    def __init__(self, name: str, last: int = 99) -> None:
        self.name = name
        self.last = last
        self.seen: list[str] = []

    async def accept(self) -> None:
        self.seen.append("accepted")

    async def send_json(self, frame: dict) -> None:
        if len(self.seen) == self.last:
            raise RuntimeError(f"{self.name} is gone")
        self.seen.append(json.dumps(frame))


# what is called, one call after the other: the method and its arguments, "@" before the name of a socket
HUB_CALLS = (
    ("connect", "ada", "@1"),
    ("connect", "bob", "@2"),
    ("send_to_user", "ada", {"type": "agent_started", "payload": {"n": 1}}),
    ("send_to_user", "nobody", {"type": "x"}),
    ("state_of", "bob"),
    ("disconnect", "ada"),
    ("send_to_user", "ada", {"type": "late"}),
    ("send_to_user", "bob", {"type": "last"}),
    ("send_to_user", "bob", {"type": "too much"}),
    ("connect", "bob"),
)
RENAMED_CALLS = (
    ("register", "ada", "@1"),
    ("register", "bob", "@2"),
    ("push", "ada", {"type": "agent_completed"}),
    ("push", "nobody", {}),
    ("shout", {"type": "notice"}),
    ("shout", {"type": "notice"}),
)
BELL_CALLS = (
    ("hang", "ada", "@1"),
    ("hang", "bob", "@2"),
    ("ring", "ada", {"type": "agent_completed"}),
    ("ring", "nobody", {}),
    *((("ring", "bob", {"type": "notice"}),) * 4),
)
CASES = {
    "a near copy": (HUB, HUB_CALLS),
    "a renamed copy": (RENAMED, RENAMED_CALLS),
    "another attribute": (BELLS, BELL_CALLS),
}


def hub_of(imported, files):
    return imported(files, "app.hub")[0].Hub()


async def heard(hub, calls):
    """What each call answers or raises, what each socket saw, and the state of the hub."""
    sockets = {f"@{number}": Socket(str(number), last=3) for number in (1, 2)}
    told = []
    for name, *arguments in calls:
        given = [sockets.get(one, one) if isinstance(one, str) else one for one in arguments]
        try:
            answer = getattr(hub, name)(*given)
            told.append((name, await answer if asyncio.iscoroutine(answer) else answer))
        except (RuntimeError, TypeError) as error:
            told.append((name, f"{type(error).__name__}: {error}"))
    kept = vars(hub)["connections" if "connections" in vars(hub) else "bells"]
    return told, [one.seen for one in sockets.values()], sorted(kept), hub.limit


@pytest.mark.parametrize(("program", "calls"), CASES.values(), ids=CASES)
def test_a_manager_does_as_before_frame_by_frame(program, calls, planned, files_of, imported):
    before = asyncio.run(heard(hub_of(imported, files_of(program)), calls))
    after = planned(program, codes=("WSC104",))
    assert after.plan.groups
    hub = hub_of(imported, after.after)
    assert asyncio.run(heard(hub, calls)) == before
    assert type(hub).__mro__[1].__name__ == "UnifiedManager"
    assert any(len(seen) > 2 for seen in before[1])


def sessions(root, monkeypatch):
    """What the kiosks of legacy_chat get, with a user of too many connections and a socket that breaks."""
    forget("gateway", "websocket_core")
    monkeypatch.syspath_prepend(str(root))
    module = importlib.import_module("gateway.session_socket_manager")
    states = importlib.import_module("starlette.websockets").WebSocketState

    class Terminal(Socket):
        client_state = application_state = states.CONNECTED
        closed = None

        async def close(self, code: int, reason: str) -> None:
            self.closed = (code, reason)

    async def play():
        sockets = [Terminal(str(number), last=2) for number in range(3)]
        manager = module.SessionSocketManager(
            max_connections_per_user=2, heartbeat_interval=3600, now=lambda: "now", clock=lambda: 7.0
        )
        told = []
        await manager.start()
        for number, socket in enumerate(sockets):
            try:
                told.append(await manager.connect_user("ada", socket, f"c{number}", "t1"))
            except ConnectionError as error:
                told.append(f"{type(error).__name__}: {error}")
        told.append(manager.session_of("c1"))
        events = ("agent_started", "tool_executing", "agent_completed")
        told += [await manager.emit_critical_event("ada", event, {"n": 1}) for event in events]
        told += [manager.get_stats(), manager.is_user_connected("ada"), manager.get_connection("c0")]
        told.append(await manager.send_to_user("bob", {}))
        told.append(await manager.connect_user("bob", sockets[2], "c9"))
        told.append(await manager.heartbeat())
        state = vars(manager)
        kept = {name: str(state[name]) for name in ("max_connections_per_user", "stale_timeout", "_sessions")}
        await manager.stop()
        told += [manager.get_stats(), await manager.disconnect("c9")]
        return told, kept, [(one.seen, one.closed) for one in sockets]

    return asyncio.run(play())


def test_the_sessions_of_legacy_chat_get_the_same_frames(tmp_path, monkeypatch, planned):
    files = {
        str(path.relative_to(LEGACY)): path.read_bytes()
        for path in LEGACY.rglob("*.py")
        if "__pycache__" not in path.parts
    }
    after = planned(files, codes=("WSC104",))
    assert [group.symbol.rpartition(".")[2] for group in after.plan.groups] == ["SessionSocketManager"]
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(LEGACY, old)
    shutil.copytree(LEGACY, new)
    for edit in after.plan.edits:
        (new / edit.path).write_bytes(edit.after or b"")
    before = sessions(old, monkeypatch)
    assert sessions(new, monkeypatch) == before
    assert "WebSocketConnectionError: ada already has 2 connections" in before[0]
    assert any(closed for _, closed in before[2])
    forget("gateway", "websocket_core")


def test_the_risk_names_the_tests_that_patch_beside_the_class(planned, files_of):
    patches = "patch('app.hub.WebSocket')\npatch('app.hub.Hub.connect')\n"
    tests = f"from unittest.mock import patch\n\n{patches}"
    files = {**files_of(HUB), "tests/test_hub.py": tests.encode()}
    (held,) = planned(files, codes=("WSC104",), unsafe=False).plan.held
    assert held.risk == (
        "its instances are those of UnifiedManager too, and offer 1 more method; "
        "tests/test_hub.py:3 patches WebSocket beside it, which it may not use then"
    )
