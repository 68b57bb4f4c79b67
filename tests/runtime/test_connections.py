"""Sockets come and go: how many, whose they are, when they are given up; nothing stays behind."""

import asyncio
import gc
import tracemalloc

import pytest

from wsconsolidate.runtime import (
    ManagerConfig,
    UnifiedWebSocketManager,
    WebSocketAuthorizationError,
    WebSocketConnectionError,
    WebSocketLimitError,
)
from wsconsolidate.runtime.testing import MemoryTransport, settle

from .managers import a_manager, sockets


def test_limits_hold_and_a_place_is_given_back(run):
    async def main():
        manager, _ = a_manager(max_connections=4)
        async with manager:
            first = await manager.connect("ada", MemoryTransport())
            await sockets(manager, "ada", 2)
            with pytest.raises(WebSocketLimitError, match="'ada'"):
                await manager.connect("ada", MemoryTransport())
            await sockets(manager, "bob")
            with pytest.raises(WebSocketLimitError, match="all 4"):
                await manager.connect("bob", MemoryTransport())
            with pytest.raises(WebSocketLimitError):
                await manager.connect("eve", MemoryTransport())
            assert await manager.disconnect(first)
            await manager.connect("ada", MemoryTransport())
            assert manager.metrics().connections == 4

    run(main)


def test_a_place_is_held_while_a_socket_opens_and_freed_when_that_fails(run):
    class Opening(MemoryTransport):
        def __init__(self):
            super().__init__()
            self.opened = asyncio.get_running_loop().create_future()

        async def open(self):
            await self.opened

    async def main():
        manager, _ = a_manager(max_connections_per_user=1)
        async with manager:
            socket = Opening()
            opening = asyncio.create_task(manager.connect("ada", socket))
            await settle()
            with pytest.raises(WebSocketLimitError):
                await manager.connect("ada", MemoryTransport())
            socket.opened.set_exception(ConnectionResetError())
            with pytest.raises(ConnectionResetError):
                await opening
            await manager.connect("ada", MemoryTransport())

    run(main)


@pytest.mark.parametrize("is_there", [True, False])
def test_who_comes_back_takes_the_place_of_a_connection_that_is_dead(run, is_there):
    async def main():
        manager, clock = a_manager()
        async with manager:
            old = [MemoryTransport(answers_pings=is_there) for _ in range(3)]
            for socket in old:
                await manager.connect("ada", socket)
            await clock.advance(20)
            for _ in range(3):
                with pytest.raises(WebSocketLimitError):
                    await manager.connect("ada", MemoryTransport())
                await clock.advance(1)
            assert [socket.pings for socket in old] == [1, 1, 1], "they are asked once"
            await clock.advance(3)
            if is_there:
                with pytest.raises(WebSocketLimitError):
                    await manager.connect("ada", MemoryTransport())
            else:
                await manager.connect("ada", MemoryTransport())
                await settle()
                assert [socket.is_open for socket in old] == [False, True, True]
                assert old[0].closed_with == (4001, "no sign of life")

    run(main)


def test_a_socket_belongs_to_one_user_once(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport()
            connection_id = await manager.connect("ada", socket)
            assert await manager.connect("ada", socket) == connection_id
            with pytest.raises(WebSocketAuthorizationError):
                await manager.connect("bob", socket)
            assert await manager.disconnect(connection_id)
            assert not await manager.disconnect(connection_id)
            assert socket.closed_with == (1000, "")
            with pytest.raises(WebSocketConnectionError):
                manager.connection(connection_id)

    run(main)


def test_a_stale_connection_is_cut_and_a_live_one_stays(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            live, dead, silent = (
                MemoryTransport(),
                MemoryTransport(answers_pings=False),
                MemoryTransport(can_ping=False),
            )
            for socket in (live, dead, silent):
                await manager.connect("ada", socket)
            await clock.advance(119)
            assert len(manager.connections_of("ada")) == 3
            await clock.advance(61)
            assert (live.is_open, dead.closed_with, silent.is_open) == (True, (4001, "no sign of life"), True)
            assert (live.pings, dead.pings) == (6, 4)
            assert manager.metrics().dropped == {"stale": 1}

    run(main)


def test_what_a_client_says_is_a_sign_of_life(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            socket = MemoryTransport(answers_pings=False)
            connection = manager.connection(await manager.connect("ada", socket))
            for number in range(5):
                socket.say(f"{number}")
                assert await connection.receive() == f"{number}"
                await clock.advance(100)
            assert socket.is_open

    run(main)


def test_a_vanished_client_is_noticed(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            one, other = await sockets(manager, "ada", 2)
            one.vanish()
            assert (await manager.emit_critical_event("ada", "x", 1)).connections == 1
            assert other.messages == [{"type": "x", "payload": 1}]
            other.vanish()
            await clock.advance(30)
            assert manager.metrics().dropped == {"gone": 2}
            assert (manager.metrics().users, manager.connections_of("ada")) == (0, ())

    run(main)


def test_a_connection_whose_writer_has_ended_is_not_kept(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            socket = await sockets(manager, "ada")
            manager.connections_of("ada")[0]._writer.cancel()
            await clock.advance(30)
            assert manager.metrics().dropped == {"gone": 1}
            assert not socket.is_open

    run(main)


def test_what_a_broken_socket_did_not_get_waits_for_the_next(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            broken = await sockets(manager, "ada")
            broken.vanish()
            await manager.emit_critical_event("ada", "x", 1)
            back = await sockets(manager, "ada")
            assert back.messages == [{"type": "x", "payload": 1}]

    run(main)


def test_reading_ends_when_either_side_closes(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            read = []

            async def route(socket):
                async with manager.connected("ada", socket) as connection:
                    read.extend([message async for message in connection])

            one, other = MemoryTransport(), MemoryTransport()
            routes = [asyncio.create_task(route(socket)) for socket in (one, other)]
            one.say("hello")
            await settle()
            one.vanish()
            await settle()
            assert (read, routes[0].done(), routes[1].done()) == (["hello"], True, False)
            await manager.disconnect(manager.connections_of("ada")[0].connection_id, code=4000)
            await asyncio.gather(*routes)
            assert other.closed_with == (4000, "")

    run(main)


def test_a_cancelled_route_leaves_nothing_behind(run):
    async def main():
        manager, _ = a_manager()
        async with manager:

            async def route():
                async with manager.connected("ada", MemoryTransport()) as connection:
                    await connection.receive()

            task = asyncio.create_task(route())
            await settle()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await settle()
            assert manager.metrics().connections == 0

    run(main)


def test_an_adapter_that_cannot_close_is_aborted(run):
    class Stuck(MemoryTransport):
        async def close(self, _code, _reason):
            await asyncio.Event().wait()

    async def main():
        manager, _ = a_manager(close_seconds=0.001)
        async with manager:
            socket = Stuck()
            await manager.disconnect(await manager.connect("ada", socket))
            assert not socket.is_open

    run(main)


def test_what_is_no_socket_is_refused(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            with pytest.raises(TypeError, match="object is no WebSocket"):
                await manager.connect("ada", object())
            assert manager.metrics().connections == 0

    run(main)


def test_connecting_and_leaving_many_times_leaves_nothing(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            for number in range(2_000):
                connection_id = await manager.connect(f"u{number % 7}", MemoryTransport())
                await manager.emit_critical_event(f"u{number % 7}", "x", number)
                await manager.disconnect(connection_id)
            await settle()
            roster = manager._roster
            for log in [stream.log for stream in roster.streams.values()]:
                log.release(log.head)
            assert (roster.connections, roster._sockets, manager._exchange._tasks) == ({}, {}, set())

    run(main)


def test_ten_thousand_connections_come_and_go_and_memory_stays(run_plainly):
    async def main():
        async with UnifiedWebSocketManager(ManagerConfig(sessions=False)) as manager:

            async def come_and_go(times):
                for number in range(times):
                    user_id = f"u{number % 50}"
                    connection_id = await manager.connect(user_id, MemoryTransport())
                    await manager.emit_critical_event(user_id, "x", number)
                    await asyncio.sleep(0)
                    await manager.disconnect(connection_id)
                await settle()
                gc.collect()

            await come_and_go(500)
            tracemalloc.start()
            before, _ = tracemalloc.get_traced_memory()
            await come_and_go(10_000)
            after, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert after - before < 1 << 20

    run_plainly(main)
