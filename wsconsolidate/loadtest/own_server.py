"""The runtime itself under load: a server in a process of its own that answers messages with rounds."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from wsconsolidate.loadtest.plan import LoadTestError
from wsconsolidate.runtime import (
    CRITICAL_EVENTS,
    ManagerConfig,
    UnifiedWebSocketEmitter,
    UnifiedWebSocketManager,
    UserExecutionContext,
    WebSocketConnection,
)

STARTING_SECONDS = 60.0
TEXT = "x" * 160


class OwnServer:
    """A running server: its address, and what it weighs."""

    def __init__(self, port: int, pid: int) -> None:
        self.url = f"ws://127.0.0.1:{port}/{{user}}"
        self._pid = pid
        self._empty = self.resident_bytes()

    def resident_bytes(self) -> int | None:
        """Its memory, where the system tells."""
        try:
            pages = Path(f"/proc/{self._pid}/statm").read_text("ascii").split()[1]
        except OSError:
            return None
        return int(pages) * 4096

    def grown_bytes(self) -> int | None:
        """How much more that is than before anybody connected."""
        now = self.resident_bytes()
        return None if now is None or self._empty is None else max(0, now - self._empty)


@contextmanager
def serving(users: int) -> Iterator[OwnServer]:
    """A server for so many users, ended with the block."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, users), daemon=True)
    process.start()
    try:
        if not here.poll(STARTING_SECONDS) or process.pid is None:
            raise LoadTestError("the server of --self did not start")
        yield OwnServer(here.recv(), process.pid)
    finally:
        process.terminate()
        process.join()


def _serve(there: Connection, users: int) -> None:
    asyncio.run(_main(there, users))


async def _main(there: Connection, users: int) -> None:
    from websockets.asyncio.server import serve

    config = ManagerConfig(max_connections=2 * users + 10, max_total_bytes=1 << 30)
    async with UnifiedWebSocketManager(config) as manager:

        async def handler(socket: Any) -> None:
            user_id = socket.request.path[1:]
            async with manager.connected(user_id, socket) as connection:
                await _answer(manager, connection)

        async with serve(
            handler, "127.0.0.1", 0, compression=None, ping_interval=None, backlog=4096
        ) as server:
            there.send(server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()


async def _answer(manager: UnifiedWebSocketManager, connection: WebSocketConnection) -> None:
    emitter = UnifiedWebSocketEmitter(manager, UserExecutionContext(user_id=connection.user_id))
    async for _ in connection:
        for name in CRITICAL_EVENTS:
            await emitter.emit(name, {"user": connection.user_id, "text": TEXT})
