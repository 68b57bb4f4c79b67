"""A TCP proxy that fails on demand: connections are reset, hang, come in pieces, late or slowly."""

import asyncio
import contextlib
import socket
import struct
from typing import Self

CHUNK = 64 * 1024
RESET = struct.pack("ii", 1, 0)


class FaultProxy:
    """Stands between client and server; `port` is where clients go.

    `split_bytes` cuts the stream into pieces, `delay_seconds` holds each back, `bytes_per_second`
    throttles, `target` is where new connections lead. While frozen, nothing passes and nobody is
    told: a half-open connection.

    Example:
        >>> async def main(server_port: int) -> None:
        ...     async with FaultProxy("127.0.0.1", server_port) as proxy:
        ...         ...  # clients connect to proxy.port
        ...         proxy.reset()  # all of them lose their connection
    """

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.split_bytes: int | None = None
        self.delay_seconds = 0.0
        self.bytes_per_second: float | None = None
        self.refuses = False
        self.target = host, port
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.thaw()
        self.reset()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def reset(self) -> None:
        """Break all connections at once, without a word (TCP RST)."""
        for writer in tuple(self._writers):
            raw = writer.get_extra_info("socket")
            if raw is not None:
                with contextlib.suppress(OSError):
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    def freeze(self) -> None:
        """Let nothing pass any more, in either direction."""
        self._thawed.clear()

    def thaw(self) -> None:
        """Let everything pass again, also what was held back."""
        self._thawed.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.refuses:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there, onward = await asyncio.open_connection(*self.target)
            self._writers |= {writer, onward}
            try:
                await self._both_ways((reader, onward), (there, writer))
            finally:
                self._writers -= {writer, onward}
                writer.transport.abort()
                onward.transport.abort()

    async def _both_ways(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        pumps = [asyncio.ensure_future(self._pump(*way)) for way in ways]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(self.split_bytes or CHUNK):
            await self._thawed.wait()
            if self.delay_seconds:
                await asyncio.sleep(self.delay_seconds)
            if self.bytes_per_second:
                await asyncio.sleep(len(data) / self.bytes_per_second)
            writer.write(data)
            await writer.drain()
