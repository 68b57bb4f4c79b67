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
    WebSocketBackplaneError,
)
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.relay import FILLING
from wsconsolidate.runtime.testing import LossLedger, ManualClock, MemoryTransport, Tally, settle

from .stores import STORES, MemoryWithCopies, deafened, emptied, killed, stopped, valkey


class Tab:
    """A client that moves between nodes, and writes down what it saw."""

    def __init__(self, ledger, user_id="ada"):
        self.user_id = user_id
        self.follower = Follower()
        self.witness = ledger.witness(user_id)

    async def open(self, manager):
        self.socket = MemoryTransport(can_ping=False)
        self.connection_id = await manager.connect(self.user_id, self.socket)
        self.reading = asyncio.create_task(manager.connection(self.connection_id).receive())
        self.socket.say(self.follower.resume())
        self.listening = asyncio.create_task(self.listen(self.socket))

    async def listen(self, socket):
        heard = 0
        while socket.is_open:
            for text in socket.frames[heard:]:
                heard += 1
                self.take(self.follower.take(text))
            await asyncio.sleep(0.005)

    def take(self, taken):
        for frame, _ in taken.news:
            self.witness.saw(frame["payload"]["user"], frame["payload"]["n"])
        if taken.missed is not None:
            first, last = taken.missed.first, taken.missed.last
            self.witness.was_told(None if last is None else last - first + 1)
        for text in filter(None, (taken.reply, self.follower.ack())):
            self.socket.say(text)

    async def close(self):
        self.socket.vanish()
        await asyncio.gather(self.listening, self.reading)


async def emit(ledger, manager, number, user_id="ada", text=""):
    for _ in range(number):
        payload = {"user": user_id, "n": ledger.next_number(user_id), "text": text}
        await manager.emit_critical_event(user_id, "x", payload)
        ledger.accepted(user_id)


async def until(is_so):
    while not is_so():
        await asyncio.sleep(0.01)


async def until_all_is_seen(ledger):
    await until(ledger.all_seen)


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


def test_many_who_come_back_at_once_are_read_back_within_the_memory(run):
    async def main():
        store, clock = MemoryBackplane(), ManualClock()
        config = ManagerConfig(max_total_bytes=50_000, max_message_bytes=5000)
        ledger = LossLedger()
        tabs = [Tab(ledger, f"user{number}") for number in range(20)]
        async with UnifiedWebSocketManager(backplane=store) as here:
            for tab in tabs:
                await tab.open(here)
            await until(lambda: not any(tab.follower.waiting for tab in tabs))
            for tab in tabs:
                await tab.close()
                await emit(ledger, here, 20, tab.user_id, text="x" * 1000)
        history = 20 * 1300
        async with UnifiedWebSocketManager(config, clock=clock, backplane=store) as there:
            for tab in tabs:
                await tab.open(there)
            while not ledger.all_seen():
                await asyncio.sleep(0.01)
                await clock.advance(1)
                assert there.metrics().kept_bytes <= config.max_total_bytes + FILLING * history
            assert ledger.tally() == Tally(accepted=400, delivered=400)
            for tab in tabs:
                await tab.close()

    run(main)


class Line:
    """One node's way to a store; what it hears it has to read, and when it is cut, nothing can be read."""

    def __init__(self, store):
        self.store, self.is_cut = store, False

    def __getattr__(self, name):
        return getattr(self.store, name)

    async def listen(self, on_wake, on_ready):
        await self.store.listen(lambda user_id, place, _: on_wake(user_id, place, None), on_ready)

    async def read(self, wants, known):
        if self.is_cut:
            raise WebSocketBackplaneError("the line is cut")
        return await self.store.read(wants, known)


def test_a_client_that_knows_more_than_a_node_is_told_of_no_gap(run):
    async def main():
        store, ledger = MemoryBackplane(), LossLedger()
        line, tab, other = Line(store), Tab(ledger), Tab(ledger)
        async with (
            UnifiedWebSocketManager(backplane=store) as here,
            UnifiedWebSocketManager(backplane=line) as there,
        ):
            await tab.open(here)
            await other.open(there)
            await emit(ledger, here, 3)
            await until_all_is_seen(ledger)
            line.is_cut = True
            await emit(ledger, here, 1)
            while tab.follower.seq < 4:
                await asyncio.sleep(0.005)
            await tab.close()
            await tab.open(there)
            await asyncio.sleep(0.05)
            line.is_cut = False
            await emit(ledger, here, 1)
            await until_all_is_seen(ledger)
            assert (tab.witness.gaps, tab.witness.seen.repeated) == ([], 0)
            assert ledger.tally().is_clean
            await tab.close()
            await other.close()

    run(main)


class Gate(Line):
    """One node's way to a store; while it is held, questions wait until they are let through one by one."""

    is_held = False

    async def read(self, wants, known):
        if self.is_held:
            self.waiting.append(asyncio.get_running_loop().create_future())
            await self.waiting[-1]
        return await self.store.read(wants, known)


def test_a_client_that_comes_while_its_log_is_being_read_is_told_of_no_gap(run):
    """Two read the same page of a log at once: the second finds nothing new, and is not at the end."""

    async def main():
        store, ledger = MemoryBackplane(), LossLedger()
        gate, tab, socket = Gate(store), Tab(ledger), MemoryTransport(can_ping=False)
        gate.waiting = []
        config = ManagerConfig(max_connection_bytes=1 << 24, max_pending_bytes=1 << 24)
        async with (
            UnifiedWebSocketManager(config, backplane=store) as here,
            UnifiedWebSocketManager(config, backplane=gate) as there,
        ):
            connection = there.connection(await there.connect("ada", socket))
            await tab.open(here)
            await until(lambda: not tab.follower.waiting)
            gate.is_held = True
            await emit(ledger, here, 12, text="x" * 200_000)
            await until_all_is_seen(ledger)
            await until(lambda: len(gate.waiting) == 1)
            connection.hear(tab.follower.resume())
            await until(lambda: len(gate.waiting) == 2)
            gate.waiting[0].set_result(None)
            await until(lambda: len(gate.waiting) == 3)
            gate.waiting[1].set_result(None)
            await settle()
            gate.is_held = False
            for question in gate.waiting[2:]:
                question.set_result(None)
            await until(lambda: any("live" in text for text in socket.frames[-1:]))
            assert [said.get("ws") for said in socket.messages if "ws" in said] == ["hello", "live"]
            await tab.close()

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
