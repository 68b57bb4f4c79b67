"""Two nodes on one store that fails all the time, and clients that go from node to node.

The long version: `WSC_FAULT_EVENTS=1000000 python -m pytest tests/runtime -k faults -s`.
"""

import asyncio
import random
from itertools import cycle

import pytest

from wsconsolidate.runtime import HealthStatus, RedisBackplane, UnifiedWebSocketManager
from wsconsolidate.runtime.testing import LossLedger

from .crowd import CONFIG, EVENTS, Client, all_seen, cancelled, emit_all, report, server
from .stores import deafened, emptied, killed, stopped, valkey

USERS = 6


class Either:
    """The address of one node or the other, as a load balancer gives it."""

    def __init__(self, *nodes):
        self.nodes = nodes

    @property
    def port(self):
        return random.choice(self.nodes).port  # noqa: S311


async def put_back(store):
    """It is killed, and comes back with a snapshot that lacks the last events."""
    await store.take_snapshot()
    await asyncio.sleep(0.2)
    await killed(store)


async def fail(store, faults, nodes, clients, dice, enough):
    """One fault after the other, the next when both nodes have the store again; each at least once."""
    for number, fault in enumerate(cycle(faults)):
        if enough.is_set() and number >= len(faults):
            return
        await asyncio.sleep(dice.uniform(0.1, 0.4))
        for client in dice.sample(clients, 2):
            client.reload()
        await fault(store)
        while any(node.manager.health().status is not HealthStatus.HEALTHY for node in nodes):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("durable", "faults"),
    [(True, (killed, stopped, deafened)), (False, (emptied, put_back, deafened, stopped))],
    ids=["durable", "forgetful"],
)
def test_a_store_that_fails_loses_nothing_in_silence(run, tmp_path, durable, faults):
    async def main():
        ledger, dice = LossLedger(), random.Random(7)  # noqa: S311
        users = [f"user{number}" for number in range(USERS)]
        async with valkey(tmp_path, durable=durable) as store:

            def make():
                backplane = RedisBackplane(store.url, durable=durable)
                return UnifiedWebSocketManager(CONFIG, backplane=backplane)

            async with server(make) as here, server(make) as there:
                clients = [Client(Either(here, there), ledger, user_id) for user_id in (*users, *users)]
                following = [asyncio.create_task(client.follow()) for client in clients]
                for client in clients:
                    await client.settled.wait()
                enough = asyncio.Event()
                failing = asyncio.create_task(fail(store, faults, (here, there), clients, dice, enough))
                await asyncio.gather(
                    emit_all(ledger, here, users[::2], clients, EVENTS // 10),
                    emit_all(ledger, there, users[1::2], clients, EVENTS // 10),
                )
                enough.set()
                await failing
                await all_seen(ledger)
                await cancelled(*following)
        tally = report(ledger, clients)
        assert tally.is_clean
        assert tally.delivered + tally.announced == tally.accepted
        if durable:
            assert tally.announced == 0, "what the store has on its disk is not lost"

    run(main)
