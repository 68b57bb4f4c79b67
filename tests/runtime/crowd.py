"""Clients that never give up, servers that are restarted, a producer who enters everything into a ledger."""

import asyncio
import os
import random
import sys
from contextlib import asynccontextmanager

import pytest

from wsconsolidate.runtime import ManagerConfig
from wsconsolidate.runtime.client.follower import Follower

pytest.importorskip("websockets")
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import WebSocketException

EVENTS = int(os.environ.get("WSC_FAULT_EVENTS", "10000"))
BURST = 40
FURTHEST = 600
SILENCE_SECONDS = 3.0
CONFIG = ManagerConfig(
    max_connections=400,
    max_connections_per_user=8,
    heartbeat_seconds=0.5,
    busy_heartbeat_seconds=0.5,
    stale_after_seconds=4.0,
    cleanup_seconds=0.5,
    close_seconds=0.2,
    drain_seconds=1.0,
    return_seconds=0.1,
    max_unacknowledged_events=200,
    max_total_bytes=1 << 30,
)


class Client:
    """A client that never gives up: whatever happens to its socket, it comes back with its place."""

    def __init__(self, proxy, ledger, user_id):
        self.proxy, self.user_id = proxy, user_id
        self.witness = ledger.witness(user_id)
        self.follower = Follower()
        self.socket = None
        self.connections = 0
        self.settled = asyncio.Event()

    async def follow(self):
        while True:
            try:
                await self.one_connection()
            except (OSError, TimeoutError, WebSocketException):
                await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311

    async def one_connection(self):
        url = f"ws://127.0.0.1:{self.proxy.port}/{self.user_id}"
        async with connect(url, compression=None, ping_interval=None, close_timeout=0.2) as self.socket:
            self.connections += 1
            await self.socket.send(self.follower.resume())
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    await self.hear(await self.socket.recv())

    async def hear(self, text):
        was_waiting = self.follower.waiting
        taken = self.follower.take(text)
        if was_waiting and not self.follower.waiting:
            self.settled.set()
        for frame, _ in taken.news:
            self.witness.saw(frame["payload"]["user"], frame["payload"]["n"])
        if taken.missed is not None:
            first, last = taken.missed.first, taken.missed.last
            self.witness.was_told(None if last is None else last - first + 1)
        if taken.reply is not None:
            await self.socket.send(taken.reply)

    def reload(self):
        if self.socket is not None:
            self.socket.transport.abort()


@asynccontextmanager
async def server(make_manager, port=0):
    """A server whose manager may be replaced by a new one, as a restart does."""

    class Server:
        async def start(self):
            self.manager = make_manager()
            await self.manager.start()

        async def restart(self):
            await self.manager.stop()
            await self.start()

    running = Server()

    async def handler(socket):
        manager = running.manager
        async with manager.connected(socket.request.path[1:], socket) as connection:
            async for _ in connection:
                pass

    await running.start()
    async with serve(handler, "127.0.0.1", port, compression=None, ping_interval=None) as listening:
        running.port = listening.sockets[0].getsockname()[1]
        yield running
        await running.manager.stop()


async def emit_all(ledger, running, users, clients, events):
    for _ in range(0, events, BURST * len(users)):
        await asyncio.gather(*(emit_burst(ledger, running, user_id) for user_id in users))
        await asyncio.sleep(0)
        while any(ledger.next_number(each.user_id) - each.witness.expected > FURTHEST for each in clients):
            await asyncio.sleep(0.01)


async def emit_burst(ledger, running, user_id):
    for _ in range(BURST):
        payload = {"user": user_id, "n": ledger.next_number(user_id)}
        await running.manager.emit_critical_event(user_id, "agent_thinking", payload)
        ledger.accepted(user_id)


async def all_seen(ledger):
    while not ledger.all_seen():
        await asyncio.sleep(0.02)


async def cancelled(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def report(ledger, clients):
    tally = ledger.tally()
    connections = sum(client.connections for client in clients)
    sys.stdout.write(f"\n{tally}\n{connections} connections of {len(clients)} clients\n")
    return tally
