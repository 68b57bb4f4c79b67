"""One node's end of a store: what it hears, what it has to read, and what it does when that fails."""

import asyncio
import gc
import json
import weakref

import pytest

from wsconsolidate.runtime import (
    ManagerConfig,
    MemoryBackplane,
    RedisBackplane,
    UnifiedWebSocketManager,
    WebSocketBackplaneError,
)
from wsconsolidate.runtime.backplanes.backplane import Message, Want
from wsconsolidate.runtime.relay import FILLING
from wsconsolidate.runtime.testing import LossLedger, ManualClock, MemoryTransport, Tally, settle

from .stores import MemoryThatMayBeCurt, valkey
from .wanderer import Tab, emit, until, until_all_is_seen


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


class Late(Gate):
    """The same, but it is the answers that are held."""

    async def read(self, wants, known):
        answer = await self.store.read(wants, known)
        if self.is_held:
            self.waiting.append(asyncio.get_running_loop().create_future())
            await self.waiting[-1]
        return answer


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_who_is_just_connecting_gets_what_is_stored_while_the_answer_is_on_its_way(run, elsewhere):
    async def main():
        store, socket = MemoryBackplane(), MemoryTransport(can_ping=False)
        line = Late(store)
        line.waiting, line.is_held = [], True
        here, there = UnifiedWebSocketManager(backplane=line), UnifiedWebSocketManager(backplane=store)
        async with here, there:
            await there.emit_critical_event("ada", "x", "old")
            connecting = asyncio.create_task(here.connect("ada", socket))
            await until(lambda: line.waiting)
            for number in range(3):
                await (there if elsewhere else here).emit_critical_event("ada", "x", number)
            line.is_held = False
            line.waiting[0].set_result(None)
            await connecting
            for answer in line.waiting[1:]:
                answer.set_result(None)
            await until(lambda: len(socket.frames) == 3)
            assert [each["payload"] for each in socket.messages] == [0, 1, 2]

    run(main)


def test_who_came_while_the_store_was_away_misses_nothing_of_what_came_since(run):
    async def main():
        store, line = MemoryThatMayBeCurt(), None
        line, socket = Line(store), MemoryTransport(can_ping=False)
        async with (
            UnifiedWebSocketManager(backplane=line) as here,
            UnifiedWebSocketManager(backplane=store) as there,
        ):
            line.is_cut = True
            await here.connect("ada", socket)
            for number in range(3):
                await there.emit_critical_event("ada", "x", number)
            line.is_cut = False
            await until(lambda: len(socket.frames) == 3)
            assert [each["payload"] for each in socket.messages] == [0, 1, 2]

    run(main)


def test_a_relay_that_is_revived_when_it_is_about_to_read_does_so(run):
    async def main():
        store = MemoryThatMayBeCurt()
        store.carries = False
        here, there = (UnifiedWebSocketManager(backplane=store) for _ in range(2))
        async with here, there:
            socket = MemoryTransport(can_ping=False)
            await here.connect("ada", socket)
            await settle()
            here._relay._standing[0].cancel()
            await settle()
            await there.emit_critical_event("ada", "x", 1)
            await here.start()
            await until(lambda: socket.frames)
            await there.emit_critical_event("ada", "x", 2)
            await until(lambda: len(socket.frames) == 2)

    run(main)


def test_nothing_is_left_of_a_client_that_asks_for_a_session_and_is_gone(run):
    """The task that was to read its history is cancelled before its first step."""

    async def main():
        async with UnifiedWebSocketManager(backplane=MemoryBackplane()) as manager:
            socket = MemoryTransport(can_ping=False)
            connection = manager.connection(await manager.connect("ada", socket))
            gone = weakref.ref(connection)
            socket.say(Tab(LossLedger()).follower.resume())
            socket.vanish()
            assert await connection.receive() is None
            await settle()
            del connection
            gc.collect()
            assert gone() is None

    run(main)


def test_a_manager_with_a_store_may_be_started_again_on_another_loop():
    store = MemoryBackplane()
    manager = UnifiedWebSocketManager(ManagerConfig(drain_seconds=0.01), backplane=store)

    async def main(number):
        store.is_away = False
        async with manager:
            assert (await manager.emit_critical_event("ada", "x", number)).stored
            store.is_away = True
            assert not (await manager.emit_critical_event("ada", "x", number + 1)).stored
            assert "has died" not in manager.health().reason

    asyncio.run(main(1))
    asyncio.run(main(3))
    store.is_away = False
    (page,) = asyncio.run(store.read([Want("ada", 0, 9)], 0))
    assert [json.loads(entry.text)["payload"] for entry in page.entries] == [1, 2, 3]


def test_a_store_that_raises_what_it_may_not_is_away_and_is_asked_again(run):
    class Broken(MemoryThatMayBeCurt):
        carries, failures = False, 3

        async def read(self, wants, known):
            self.failures -= 1
            if self.failures >= 0:
                raise KeyError("a bug")
            return await super().read(wants, known)

    async def main():
        async with UnifiedWebSocketManager(backplane=Broken()) as manager:
            socket = MemoryTransport(can_ping=False)
            connection = manager.connection(await manager.connect("ada", socket))
            connection.hear(Tab(LossLedger()).follower.resume())
            await manager.emit_critical_event("ada", "x", 1)
            await until(lambda: any("live" in text for text in socket.frames))

    run(main)


WORDS = ["plain", "größer", "\N{GRINNING FACE}" * 3, "x" * 4096, "x" * 4097, "\n 1 2 3\n", ""]


def test_a_redis_wake_up_carries_what_is_not_long(run, tmp_path):
    async def main():
        async with valkey(tmp_path) as server:
            here, there = RedisBackplane(server.url), RedisBackplane(server.url)
            await here.open()
            await there.open()
            heard, ready = asyncio.Queue(), asyncio.Event()
            listening = asyncio.create_task(here.listen(lambda *what: heard.put_nowait(what), ready.set))
            await ready.wait()
            messages = [Message("ада lovelace", f"key{number}", text) for number, text in enumerate(WORDS)]
            places = await there.append(messages, 0)
            for (user_id, _, text), place in zip(messages, places, strict=True):
                carried = text if len(text) <= 4096 else None
                assert await heard.get() == (user_id, place, carried)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await here.close()
            await there.close()

    run(main)


def test_what_was_appended_here_is_heard_only_when_others_listen_here_too(run, tmp_path):
    async def main():
        async with valkey(tmp_path) as server:
            store, other = RedisBackplane(server.url), RedisBackplane(server.url)
            await store.open()
            await other.open()
            heard = [[], []]

            async def listen(number):
                ready = asyncio.Event()
                task = asyncio.create_task(
                    store.listen(lambda *what: heard[number].append(what[2]), ready.set)
                )
                await ready.wait()
                return task

            listening = [await listen(0)]
            await store.append([Message("ada", "1", "own")], 0)
            await other.append([Message("ada", "2", "another's")], 0)
            await until(lambda: heard[0])
            listening.append(await listen(1))
            await store.append([Message("ada", "3", "own again")], 0)
            await until(lambda: heard[1])
            await until(lambda: len(heard[0]) == 2)
            assert heard == [["another's", "own again"], ["own again"]]
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            await store.close()
            await other.close()

    run(main)
