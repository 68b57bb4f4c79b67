"""Real sockets through a network that fails all the time: every event arrives, or a gap is told.

The long version: `WSC_FAULT_EVENTS=1000000 python -m pytest tests/runtime -k faults -s`.
"""

import asyncio
import random
from itertools import cycle

import pytest

from wsconsolidate.runtime import SqliteBackplane, UnifiedWebSocketManager
from wsconsolidate.runtime.testing import FaultProxy, LossLedger

from .crowd import CONFIG, EVENTS, Client, all_seen, cancelled, emit_all, report, server

USERS = 25


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
