"""Real sockets through a network that fails all the time: every event arrives, or a gap is told.

The long version: `WSC_FAULT_EVENTS=1000000 python -m pytest tests/runtime/test_faults.py -s`.
"""

import asyncio
import os
import random
import sys
from contextlib import asynccontextmanager
from itertools import cycle

import pytest

from wsconsolidate.runtime import ManagerConfig, SqliteBackplane, UnifiedWebSocketManager
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import FaultProxy, LossLedger

pytest.importorskip("websockets")
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import WebSocketException

IS_LONG = "WSC_FAULT_EVENTS" in os.environ
EVENTS = int(os.environ.get("WSC_FAULT_EVENTS", "10000"))
USERS = 25
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


@pytest.fixture
def run(run):
    """The long version is without asyncio's debug mode, and without a limit."""
    return (lambda main: asyncio.run(main())) if IS_LONG else run


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


async def break_the_network(proxy, clients, dice):
    """One fault after the other, and a moment of peace between them."""

    async def half_open():
        proxy.freeze()
        await asyncio.sleep(dice.uniform(0.05, 0.3))
        proxy.reset()
        proxy.thaw()

    async def stutter():
        proxy.freeze()
        await asyncio.sleep(dice.uniform(0.05, 0.2))
        proxy.thaw()

    async def in_pieces():
        proxy.split_bytes = dice.randint(500, 2000)
        await asyncio.sleep(0.2)
        proxy.split_bytes = None

    async def late():
        proxy.delay_seconds = 0.02
        await asyncio.sleep(0.3)
        proxy.delay_seconds = 0.0

    async def reset():
        proxy.reset()

    async def reload():
        for client in dice.sample(clients, 5):
            client.reload()

    for fault in cycle((reset, reload, half_open, in_pieces, stutter, late)):
        await fault()
        await asyncio.sleep(dice.uniform(0.1, 0.4))


async def emit_all(ledger, running, users, clients, events):
    for _ in range(0, events, BURST * len(users)):
        for user_id in users:
            for _ in range(BURST):
                payload = {"user": user_id, "n": ledger.next_number(user_id)}
                await running.manager.emit_critical_event(user_id, "agent_thinking", payload)
                ledger.accepted(user_id)
        await asyncio.sleep(0)
        while any(ledger.next_number(each.user_id) - each.witness.expected > FURTHEST for each in clients):
            await asyncio.sleep(0.01)


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


def test_a_failing_network_loses_nothing(run):
    async def main():
        ledger, dice = LossLedger(), random.Random(7)  # noqa: S311
        users = [f"user{number}" for number in range(USERS)]
        async with (
            server(lambda: UnifiedWebSocketManager(CONFIG)) as running,
            FaultProxy("127.0.0.1", running.port) as proxy,
        ):
            clients = [Client(proxy, ledger, user_id) for user_id in users]
            following = [asyncio.create_task(client.follow()) for client in clients]
            for client in clients:
                await client.settled.wait()
            breaking = asyncio.create_task(break_the_network(proxy, clients, dice))
            await emit_all(ledger, running, users, clients, EVENTS)
            await all_seen(ledger)
            assert not breaking.done()
            await cancelled(breaking, *following)
        tally = report(ledger, clients)
        assert tally.is_clean
        assert tally.delivered + tally.announced == tally.accepted >= EVENTS
        assert tally.announced == 0

    run(main)


@pytest.mark.parametrize("durable", [True, False], ids=["file", "memory"])
def test_a_server_that_is_restarted_again_and_again(run, tmp_path, durable):
    def make():
        store = SqliteBackplane(tmp_path / "events.db", durable=False) if durable else None
        return UnifiedWebSocketManager(CONFIG, backplane=store)

    async def main():
        ledger = LossLedger()
        users = [f"user{number}" for number in range(5)]
        async with server(make) as running, FaultProxy("127.0.0.1", running.port) as proxy:
            clients = [Client(proxy, ledger, user_id) for user_id in users]
            following = [asyncio.create_task(client.follow()) for client in clients]
            for client in clients:
                await client.settled.wait()
            for _ in range(3):
                await emit_all(ledger, running, users, clients, EVENTS // 10)
                proxy.reset()
                await running.restart()
            await emit_all(ledger, running, users, clients, EVENTS // 10)
            await all_seen(ledger)
            await cancelled(*following)
        tally = report(ledger, clients)
        assert tally.is_clean
        assert tally.delivered + tally.announced == tally.accepted
        if durable:
            assert tally.announced == 0, "a file loses nothing over a restart"

    run(main)
