"""Every store promises the same: numbers without holes, once per key, another epoch when it went back."""

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
from wsconsolidate.runtime.backplanes.backplane import READ_BYTES, Message, Want
from wsconsolidate.runtime.backplanes.redis import Failures
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import LossLedger, MemoryTransport, Tally, settle

from .stores import SMALL, STORES, MemoryWithCopies, deafened, emptied, killed, stopped, valkey


def messages(*numbers, user_id="ada"):
    return [Message(user_id, f"{user_id}-{number}", f'"{number}"') for number in numbers]


async def read(backplane, user_id, after, limit, known):
    (page,) = await backplane.read([Want(user_id, after, limit)], known)
    return page


def texts(history):
    return [entry.text for entry in history.entries]


@STORES
def test_a_users_log_is_numbered_without_holes_and_nobody_elses(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            empty = await read(backplane, "ada", 0, 10, 0)
            assert (empty.tail, empty.place.seq, empty.entries) == (0, 0, ())
            places = await backplane.append(messages(1, 2, 3), 0)
            assert [place.seq for place in places] == [1, 2, 3]
            bob = await backplane.append(messages(1, user_id="bob"), 0)
            assert (await backplane.append(messages(4), 0))[0].seq == 4
            page = await read(backplane, "ada", 2, 10, 0)
            assert (texts(page), page.tail, page.place.seq, page.place.total) == (['"3"', '"4"'], 0, 4, 5)
            assert texts(await read(backplane, "ada", 0, 2, 0)) == ['"1"', '"2"']
            assert texts(await read(backplane, "bob", bob[0].seq - 1, 9, 0)) == ['"1"']
            assert bob[0].epoch == places[0].epoch == page.place.epoch
            both = await backplane.read([Want("bob", bob[0].seq - 1, 9), Want("ada", 3, 9)], 0)
            assert [texts(each) for each in both] == [['"1"'], ['"4"']]
            await backplane.close()
            await backplane.close()

    run(main)


@STORES
def test_a_key_is_taken_in_once(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            first = await backplane.append(messages(1, 2), 0)
            again = await backplane.append(messages(1, 2, 3), 0)
            assert [place.seq for place in again] == [first[0].seq, first[1].seq, first[1].seq + 1]
            assert len((await read(backplane, "ada", 0, 9, 0)).entries) == 3
            await backplane.close()

    run(main)


@STORES
def test_only_so_many_are_kept_and_the_store_says_from_where(run, store, tmp_path):
    async def main():
        async with store(tmp_path, SMALL) as make:
            backplane = make()
            await backplane.open()
            await backplane.append(messages(*range(1, 10)), 0)
            page = await read(backplane, "ada", 0, 99, 0)
            assert (page.tail, texts(page)) == (4, [f'"{number}"' for number in range(5, 10)])
            await backplane.close()

    run(main)


@STORES
def test_a_read_is_bounded_in_bytes_and_goes_on_where_it_ended(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            large = [
                Message(user, f"{user}{n}", f"{n}" + "é" * 60_000)
                for user in ("ada", "bob")
                for n in range(20)
            ]
            places = await backplane.append(large, 0)
            begins = {"ada": 0, "bob": places[20].seq - 1}
            seen = {"ada": [], "bob": []}
            while any(len(texts) < 20 for texts in seen.values()):
                wants = [Want(user, begin + len(seen[user]), 99) for user, begin in begins.items()]
                pages = await backplane.read(wants, 0)
                assert sum(len(text.encode()) for page in pages for text in texts(page)) <= 2.5 * READ_BYTES
                for user, page in zip(seen, pages, strict=True):
                    seen[user] += texts(page)
            assert seen["ada"] + seen["bob"] == [message.text for message in large]
            await backplane.close()

    run(main)


@STORES
def test_a_store_that_has_less_than_is_known_begins_another_epoch(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            backplane = make()
            await backplane.open()
            (before,) = await backplane.append(messages(1), 0)
            assert (await read(backplane, "ada", 0, 9, before.total)).place.epoch == before.epoch
            (after,) = await backplane.append(messages(2), before.total + 10)
            assert after.epoch != before.epoch
            assert after.total > before.total + 10
            assert (await read(backplane, "ada", 0, 9, after.total)).place.epoch == after.epoch
            await backplane.close()

    run(main)


@pytest.mark.parametrize("durable", [False, True], ids=["forgetful", "durable"])
def test_a_server_that_went_back_begins_another_epoch_although_nobody_knows_more(run, tmp_path, durable):
    """Who had seen the lost events may ask last, when others have used their numbers again."""

    async def main():
        async with valkey(tmp_path, durable=durable) as server:
            backplane = RedisBackplane(server.url, durable=durable)
            await backplane.open()
            await backplane.append(messages(1, 2), 0)
            await server.take_snapshot()
            lost = (await backplane.append(messages(3, 4), 2))[-1]
            assert lost.seq == 4
            await backplane.close()
            await killed(server)
            await backplane.open()
            again = (await backplane.append(messages(5, 6, 7), 2))[-1]
            late = await read(backplane, "ada", lost.seq, 9, lost.total)
            assert late.place.epoch == again.epoch
            assert (again.epoch == lost.epoch, again.seq) == ((True, 7) if durable else (False, 5))
            await backplane.close()

    run(main)


def test_a_user_whose_number_was_evicted_goes_on_behind_a_gap(run, tmp_path):
    async def main():
        async with valkey(tmp_path) as server:
            backplane = RedisBackplane(server.url)
            await backplane.open()
            await backplane.append(messages(1, 2), 0)
            await backplane.append(messages(1, user_id="bob"), 0)
            await server.command("DEL", "wsconsolidate:n:ada")
            await backplane.append(messages(3), 0)
            page = await read(backplane, "ada", 0, 9, 0)
            assert (page.tail, page.place.seq, texts(page)) == (3, 4, ['"3"'])
            await backplane.close()

    run(main)


@STORES
def test_listeners_are_woken_by_every_process(run, store, tmp_path):
    async def main():
        async with store(tmp_path) as make:
            here, there = make(), make()
            await here.open()
            await there.open()
            woken, ready = asyncio.Queue(), asyncio.Event()
            listening = asyncio.create_task(here.listen(lambda *what: woken.put_nowait(what), ready.set))
            await ready.wait()
            (place,) = await there.append(messages(1), 0)
            user_id, heard = await woken.get()
            assert (user_id, heard.epoch, heard.seq) == ("ada", place.epoch, place.seq)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await here.close()
            await there.close()

    run(main)


@pytest.mark.parametrize(
    "backplane", [SqliteBackplane("/nowhere/events.db"), RedisBackplane("redis://127.0.0.1:1/0")]
)
def test_a_store_that_is_not_there_says_so(run, backplane):
    async def main():
        with pytest.raises(WebSocketBackplaneError, match="not open"):
            await backplane.append(messages(1), 0)

        async def use():
            await backplane.open()
            await backplane.append(messages(1), 0)

        with pytest.raises(WebSocketBackplaneError):
            await use()
        await backplane.close()

    run(main)


def test_a_cancellation_that_redis_py_loses_ends_the_task_nevertheless(run):
    async def main():
        async def listen():
            with Failures("redis://"):
                try:
                    await asyncio.get_running_loop().create_future()
                except asyncio.CancelledError:
                    raise RuntimeError("aclose(): asynchronous generator is already running") from None

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        listening.cancel()
        await asyncio.wait([listening])
        assert listening.cancelled()

    run(main)


# Two nodes on one store


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


async def emit(ledger, manager, number, user_id="ada"):
    for _ in range(number):
        payload = {"user": user_id, "n": ledger.next_number(user_id)}
        await manager.emit_critical_event(user_id, "x", payload)
        ledger.accepted(user_id)


async def until_all_is_seen(ledger):
    while not ledger.all_seen():
        await asyncio.sleep(0.01)


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
            assert (tab.witness.delivered, ledger.tally().announced) == (8, 0)
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


class Line:
    """One node's way to a store; when it is cut, nothing can be read."""

    def __init__(self, store):
        self.store, self.is_cut = store, False

    def __getattr__(self, name):
        return getattr(self.store, name)

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
            assert (tab.witness.gaps, tab.witness.repeated) == ([], 0)
            assert ledger.tally().is_clean
            await tab.close()
            await other.close()

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
