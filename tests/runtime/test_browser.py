"""The browser's client in a real Chromium against a real server: reload, cut the network, lose nothing."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import wsconsolidate.runtime as runtime
from wsconsolidate.runtime import AgentSocketEndpoint, ManagerConfig, UnifiedWebSocketManager
from wsconsolidate.runtime.testing import FaultProxy

from .browser import page

pytest.importorskip("uvicorn")
pytest.importorskip("starlette")
CLIENT = Path(runtime.__file__).parent / "client"
PAGE = """<!doctype html><script type="module">
import {AgentSession} from "/client/session.js";
const kept = JSON.parse(sessionStorage.getItem("seen") ?? "[]");
window.seen = kept;
window.gaps = [];
window.session = new AgentSession(`ws://${location.hostname}:${location.search.slice(1)}/ws`, {
  onFrame: frame => { kept.push(frame.payload.n); sessionStorage.setItem("seen", JSON.stringify(kept)); },
  onGap: gap => window.gaps.push(gap),
});
</script>"""


def an_app(manager):
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse
    from starlette.routing import Mount, Route, WebSocketRoute
    from starlette.staticfiles import StaticFiles

    endpoint = AgentSocketEndpoint(manager, authenticate=lambda _: "ada", origins=("*",))
    return Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse(PAGE)),
            Mount("/client", StaticFiles(directory=CLIENT)),
            WebSocketRoute("/ws", endpoint),
        ]
    )


@asynccontextmanager
async def served(manager):
    import uvicorn

    config = uvicorn.Config(
        an_app(manager), port=0, ws="websockets-sansio", ws_per_message_deflate=False, log_level="error"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


def test_a_page_misses_nothing_over_reloads_and_a_cut_network(run):
    async def main():
        async with (
            page() as tab,
            UnifiedWebSocketManager(ManagerConfig(max_connections_per_user=20)) as manager,
            served(manager) as port,
            FaultProxy("127.0.0.1", port) as proxy,
        ):
            await tab.go(f"http://127.0.0.1:{port}/?{proxy.port}")
            await tab.until("window.session?.state === 'live'")
            number = 0
            for fault in (tab.reload, None, proxy.reset, tab.reload, None, proxy.reset, None):
                for _ in range(40):
                    await manager.emit_critical_event("ada", "agent_thinking", {"n": number})
                    number += 1
                    await asyncio.sleep(0.002)
                if fault is not None:
                    await (fault() or asyncio.sleep(0))
            await manager.emit_critical_event("ada", "agent_completed", {"n": number})
            await tab.until(f"window.seen?.at(-1) === {number}")
            assert await tab.value("window.seen") == list(range(number + 1))
            assert await tab.value("window.gaps") == []
            await tab.value("session.close()")

    run(main)


def test_a_page_is_told_when_the_server_has_begun_anew(run):
    async def main():
        async with (
            page() as tab,
            UnifiedWebSocketManager() as manager,
            served(manager) as port,
            UnifiedWebSocketManager() as another,
            served(another) as other_port,
            FaultProxy("127.0.0.1", port) as proxy,
        ):
            await tab.go(f"http://127.0.0.1:{port}/?{proxy.port}")
            await tab.until("window.session?.state === 'live'")
            await manager.emit_critical_event("ada", "agent_started", {"n": 0})
            await tab.until("window.seen.length === 1")
            await another.emit_critical_event("ada", "agent_completed", {"n": 1})
            proxy.target = ("127.0.0.1", other_port)
            proxy.reset()
            await tab.until("window.seen.length === 2")
            gaps = await tab.value("window.gaps")
            assert [(gap["first"], gap["last"], gap["reason"]) for gap in gaps] == [(2, None, "epoch")]
            await tab.value("session.close()")

    run(main)
