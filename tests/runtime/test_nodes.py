"""Managers on one store: clients go from one to the other, the store fails, nothing is lost in silence."""

import asyncio
import json

import pytest

from wsconsolidate.runtime import (
    BacklogFullError,
    HealthStatus,
    ManagerConfig,
    MemoryBackplane,
    RedisBackplane,
    SqliteBackplane,
    UnifiedWebSocketManager,
)
from wsconsolidate.runtime.testing import LossLedger, Tally, settle

from .stores import STORES, MemoryWithCopies, deafened, emptied, killed, stopped, valkey
from .wanderer import Tab, emit, until, until_all_is_seen


@STORES
def test_a_client_may_go_from_node_to_node(run, store, tmp_path):
    async def main():
        async with (
            store(tmp_path) as make,
            UnifiedWebSocketManager(backplane=make()) as here,
            UnifiedWebSocketManager(backplane=make()) as there,
        ):
            ledger = LossLedger()
            tab, other = Tab(ledger), Tab(ledger, "bob")
            await tab.open(here)
            await other.open(there)
            await emit(ledger, there, 10)
            await emit(ledger, here, 10)
            await emit(ledger, here, 5, "bob")
            await until_all_is_seen(ledger)
            await tab.close()
            await emit(ledger, there, 10)
            await tab.open(there)
            await emit(ledger, here, 10)
            await until_all_is_seen(ledger)
            await tab.close()
            await emit(ledger, there, 10)
            await tab.open(here)
            await until_all_is_seen(ledger)
            tally = ledger.tally()
            assert tally.is_clean
            assert (tally.accepted, tally.delivered, tally.announced) == (55, 55, 0)
            await tab.close()
            await other.close()

    run(main)


@STORES
def test_a_new_user_is_told_of_no_gap(run, store, tmp_path):
    """Others' events are stored between the first connection and the first event."""

    async def main():
        async with store(tmp_path) as make, UnifiedWebSocketManager(backplane=make()) as manager:
            ledger = LossLedger()
            tabs = [Tab(ledger), Tab(ledger, "bob")]
            for tab in tabs:
                await tab.open(manager)
            await until(lambda: not any(tab.follower.waiting for tab in tabs))
            await emit(ledger, manager, 10)
            await emit(ledger, manager, 3, "bob")
            await until_all_is_seen(ledger)
            assert (ledger.tally().delivered, [tab.told for tab in tabs]) == (13, [0, 0])
            for tab in tabs:
                await tab.close()

    run(main)


def test_while_the_store_is_away_events_wait_and_the_spool_is_bounded(run):
    async def main():
        ledger, store = LossLedger(), MemoryBackplane()
        config = ManagerConfig(max_total_bytes=10_000)
        async with UnifiedWebSocketManager(config, backplane=store) as manager:
            tab = Tab(ledger)
            await tab.open(manager)
            await emit(ledger, manager, 2)
            store.is_away = True
            receipt = await manager.emit_critical_event("ada", "x", {"user": "ada", "n": 2})
            ledger.accepted("ada")
            assert not receipt.stored
            assert manager.health().status is HealthStatus.DEGRADED
            assert "the store is away, 1 events wait" in manager.health().reason
            with pytest.raises(BacklogFullError):
                await emit(ledger, manager, 100)
            store.is_away = False
            await until_all_is_seen(ledger)
            assert ledger.tally().is_clean
            assert ledger.tally().announced == 0
            assert (await manager.emit_critical_event("ada", "x", {"user": "ada", "n": -1})).stored
            await tab.close()

    run(main)


def test_a_session_that_comes_back_while_the_store_is_away_waits_for_it(run):
    async def main():
        store, ledger = MemoryBackplane(), LossLedger()
        tab, late = Tab(ledger), Tab(LossLedger())
        async with UnifiedWebSocketManager(backplane=store) as here:
            await tab.open(here)
            await emit(ledger, here, 3)
            await until_all_is_seen(ledger)
            await tab.close()
            await emit(ledger, here, 4)
        async with UnifiedWebSocketManager(backplane=store) as there:
            store.is_away = True
            await tab.open(there)
            await late.open(there)
            await emit(ledger, there, 1)
            await late.close()
            assert tab.follower.waiting, "nobody can say yet what it missed"
            store.is_away = False
            await until_all_is_seen(ledger)
            assert (tab.witness.seen.delivered, ledger.tally().announced) == (8, 0)
            await tab.close()

    run(main)


def test_a_node_does_not_fill_up_its_log_from_another_history(run):
    async def main():
        store, ledger = MemoryWithCopies(), LossLedger()
        tab, near = Tab(ledger), Tab(LossLedger())
        here, there = (UnifiedWebSocketManager(backplane=store) for _ in range(2))
        async with here, there:
            await tab.open(here)
            await emit(ledger, here, 2)
            await until_all_is_seen(ledger)
            await tab.close()
            await emit(ledger, here, 3)
            store.take_copy()
            await emit(ledger, here, 3)
            await near.open(there)
            while near.follower.waiting:
                await asyncio.sleep(0.01)
            await emit(ledger, there, 2)  # the log of `there` begins behind the eighth
            store.is_away = True
            await tab.open(there)
            await settle()
            store.is_away = False
            store.put_back()
            store.deafen()
            await emit(ledger, here, 9)  # these get the numbers of those that are lost
            await until_all_is_seen(ledger)
            assert ledger.tally() == Tally(accepted=19, delivered=14, announced=5, repeated=2)
            await tab.close()
            await near.close()

    run(main)


async def put_back(server):
    """It comes back with the snapshot that was taken before the last events."""
    await killed(server)


@pytest.mark.parametrize("fault", [stopped, deafened, emptied, put_back])
def test_whatever_happens_to_redis_nothing_is_lost_in_silence(run, fault, tmp_path):
    async def main():
        ledger = LossLedger()
        async with valkey(tmp_path) as server:
            nodes = [UnifiedWebSocketManager(backplane=RedisBackplane(server.url)) for _ in range(2)]
            async with nodes[0], nodes[1]:
                tabs = [Tab(ledger), Tab(ledger), Tab(ledger, "bob")]
                for tab, node in zip(tabs, (*nodes, nodes[0]), strict=True):
                    await tab.open(node)
                away = Tab(ledger)
                await away.open(nodes[1])
                await emit(ledger, nodes[0], 20)
                await emit(ledger, nodes[1], 20, "bob")
                await server.take_snapshot()
                await emit(ledger, nodes[1], 20)
                await until_all_is_seen(ledger)
                await away.close()
                failing = asyncio.create_task(fault(server))
                for _ in range(30):
                    await emit(ledger, nodes[0], 1)
                    await emit(ledger, nodes[1], 1, "bob")
                    await asyncio.sleep(0.01)
                await failing
                await emit(ledger, nodes[0], 20)
                await emit(ledger, nodes[1], 20, "bob")
                await away.open(nodes[0])
                await until_all_is_seen(ledger)
                tally = ledger.tally()
                assert (tally.missing, tally.cross_user, tally.duplicated, tally.reordered) == (0, 0, 0, 0), (
                    tally
                )
                if fault in (stopped, deafened):
                    assert tally.announced == 0, "the store has lost nothing"
                while any(node.health().status is not HealthStatus.HEALTHY for node in nodes):
                    await asyncio.sleep(0.05)
                for tab in (*tabs, away):
                    await tab.close()

    run(main)


def test_a_session_is_told_of_what_a_server_lost_that_no_process_remembers(run, tmp_path):
    """Server and processes are restarted; the numbers the session has are used again before it is back."""

    async def main():
        ledger = LossLedger()
        tab = Tab(ledger)
        async with valkey(tmp_path) as server:
            async with UnifiedWebSocketManager(backplane=RedisBackplane(server.url)) as manager:
                await tab.open(manager)
                await emit(ledger, manager, 3)
                await server.take_snapshot()
                await emit(ledger, manager, 2)
                await until_all_is_seen(ledger)
                await tab.close()
            await killed(server)
            async with UnifiedWebSocketManager(backplane=RedisBackplane(server.url)) as manager:
                await emit(ledger, manager, 4)
                await tab.open(manager)
                await until_all_is_seen(ledger)
                assert ledger.tally() == Tally(accepted=9, delivered=9, repeated=3)
                await tab.close()

    run(main)


def test_a_restarted_process_goes_on_with_its_file(run, tmp_path):
    async def main():
        ledger, tab = LossLedger(), None
        for _ in range(3):
            store = SqliteBackplane(tmp_path / "events.db", poll_seconds=0.01)
            async with UnifiedWebSocketManager(backplane=store) as manager:
                await emit(ledger, manager, 5)
                tab = tab or Tab(ledger)  # a new client begins with what is new
                await tab.open(manager)
                await emit(ledger, manager, 5)
                await until_all_is_seen(ledger)
                await tab.close()
        tally = ledger.tally()
        assert tally.is_clean
        assert (tally.accepted, tally.delivered, tally.announced) == (25, 25, 0)
        assert json.loads(tab.follower.resume())["seq"] == 30

    run(main)
