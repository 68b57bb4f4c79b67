import asyncio
import gc
import threading
import tracemalloc

import pytest

from wsconsolidate.runtime import (
    BacklogFullError,
    Envelope,
    HealthStatus,
    ManagerConfig,
    MessageTooLargeError,
    UnifiedWebSocketManager,
    UserExecutionContext,
    WebSocketAuthorizationError,
    WebSocketConnectionError,
    WebSocketLimitError,
    WebSocketManagerProtocol,
    WebSocketPayloadError,
    WebSocketStateError,
    WrongLoopError,
)
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import ManualClock, MemoryTransport, settle


def a_manager(**settings):
    clock = ManualClock()
    return UnifiedWebSocketManager(ManagerConfig(**settings), clock=clock), clock


async def sockets(manager, user_id, number=1):
    made = [MemoryTransport() for _ in range(number)]
    for socket in made:
        await manager.connect(user_id, socket)
    await settle()
    return made if number > 1 else made[0]


def test_it_is_a_manager():
    assert isinstance(UnifiedWebSocketManager(), WebSocketManagerProtocol)


def test_each_user_gets_their_own_events_on_each_connection(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            ada, bob = await sockets(manager, "ada", 3), await sockets(manager, "bob")
            receipt = await manager.emit_critical_event("ada", "agent_started", {"n": 1})
            await manager.emit_critical_event("bob", "agent_completed", {"n": 2})
            assert receipt.connections == 3
            assert [socket.messages for socket in ada] == [
                [{"type": "agent_started", "payload": {"n": 1}}]
            ] * 3
            assert bob.messages == [{"type": "agent_completed", "payload": {"n": 2}}]

    run(main)


def test_an_event_is_written_before_the_call_returns(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = await sockets(manager, "ada")
            emit = manager.emit_critical_event("ada", "agent_started", {})
            with pytest.raises(StopIteration):
                emit.send(None)
            assert len(socket.frames) == 1

    run(main)


def test_a_burst_is_one_write_for_each_turn_of_the_loop(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = await sockets(manager, "ada")
            for events in (3, 2, 2):
                for _ in range(events):
                    await manager.emit_critical_event("ada", "x", None)
                await asyncio.sleep(0)
            await settle()
            assert socket.writes == [1, 2, 2, 2], "only the first goes out by itself"
            await manager.emit_critical_event("ada", "x", None)
            assert socket.writes == [1, 2, 2, 2, 1], "the burst is over"

    run(main)


def test_the_envelope_is_a_setting(run):
    async def main():
        manager, _ = a_manager(envelope=Envelope.EVENT_DATA)
        async with manager:
            socket = await sockets(manager, "ada")
            await manager.emit_critical_event("ada", "x", 1, extra={"run_id": "r"})
            await manager.emit_critical_event("ada", "x", {}, envelope=Envelope.FLAT)
            await manager.send_to_user("ada", {"as": "it is"})
            await settle()
            assert socket.messages == [
                {"event": "x", "data": 1, "run_id": "r"},
                {"type": "x"},
                {"as": "it is"},
            ]

    run(main)


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


def test_events_for_an_absent_user_wait_in_order(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            for number in range(150):
                assert (await manager.emit_critical_event("ada", "x", number)).connections == 0
            first = await sockets(manager, "ada")
            second = await sockets(manager, "ada")
            assert [message["payload"] for message in first.messages] == list(range(150))
            assert second.messages == [], "a further connection gets what is new"
            assert manager.metrics().pending_events == 0

    run(main)


@pytest.mark.parametrize(
    "settings",
    [{"max_pending_events": 2}, {"max_pending_bytes": 700}, {"max_total_bytes": 700}],
)
def test_what_cannot_wait_raises_and_leaves_no_trace(run, settings):
    async def main():
        manager, _ = a_manager(**settings)
        async with manager:
            await manager.emit_critical_event("ada", "x", 0)
            await manager.emit_critical_event("ada", "x", 1)
            with pytest.raises(BacklogFullError, match="not accepted"):
                await manager.emit_critical_event("ada", "x", 2)
            assert manager.metrics().refused == 1
            socket = await sockets(manager, "ada")
            await manager.emit_critical_event("ada", "x", 3)
            assert [message["payload"] for message in socket.messages] == [0, 1, 3]

    run(main)


def test_nothing_waits_when_nothing_may(run):
    async def main():
        manager, _ = a_manager(max_pending_events=0)
        async with manager:
            with pytest.raises(BacklogFullError):
                await manager.emit_critical_event("ada", "x", 0)
            socket = await sockets(manager, "ada")
            await manager.emit_critical_event("ada", "x", 1)
            assert len(socket.frames) == 1
            assert manager.metrics().users == 1

    run(main)


def test_what_nobody_comes_for_is_given_up_in_the_end(run, caplog):
    async def main():
        manager, clock = a_manager()
        async with manager:
            await manager.emit_critical_event("ada", "x", 0)
            await clock.advance(840)
            assert manager.metrics().pending_events == 1
            await clock.advance(90)
            assert (manager.metrics().pending_events, manager.metrics().expired) == (0, 1)
            await manager.emit_critical_event("ada", "x", 1)
            await clock.advance(930)
            assert manager.metrics().expired == 2
            assert caplog.text.count("gives up events of ada") == 2, "between the two ada was forgotten"

    run(main)


def test_for_an_absent_session_only_the_first_event_that_is_given_up_is_logged(run, caplog):
    async def main():
        manager, _ = a_manager(max_pending_events=5)
        async with manager:
            socket = MemoryTransport()
            connection_id = await manager.connect("ada", socket)
            manager.connection(connection_id).hear(Follower().resume())
            await manager.disconnect(connection_id)
            for number in range(20):
                await manager.emit_critical_event("ada", "x", number)
            assert manager.metrics().expired == 15
            assert caplog.text.count("gives up events of ada") == 1

    run(main)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (object(), WebSocketPayloadError),
        ("x" * 300_000, MessageTooLargeError),
        ("\ud800", WebSocketPayloadError),
    ],
)
def test_what_is_no_frame_raises(run, data, error):
    async def main():
        manager, _ = a_manager()
        async with manager:
            with pytest.raises(error):
                await manager.emit_critical_event("ada", "x", data)
            assert manager.metrics().users == 0

    run(main)


def test_nobody_emits_for_somebody_else(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            bob = UserExecutionContext(user_id="bob")
            for user_id, context in (("", None), (None, None), ("ada", bob)):
                with pytest.raises(WebSocketAuthorizationError):
                    await manager.emit_critical_event(user_id, "x", {}, context=context)
            with pytest.raises(WebSocketAuthorizationError):
                await manager.send_to_user("", {})
            with pytest.raises(WebSocketAuthorizationError):
                await manager.connect("", MemoryTransport())

    run(main)


def test_broadcast_is_off_unless_it_is_allowed(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            with pytest.raises(WebSocketAuthorizationError, match="allow_broadcast"):
                await manager.broadcast("x", {})
        manager, _ = a_manager(allow_broadcast=True)
        async with manager:
            users = [await sockets(manager, user_id) for user_id in ("ada", "bob")]
            assert (await manager.broadcast("x", 1)).connections == 2
            assert [user.messages for user in users] == [[{"type": "x", "payload": 1}]] * 2

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


def test_stopping_flushes_and_closes_with_1012(run):
    async def main():
        manager, _ = a_manager()
        await manager.start()
        quick, slow = await sockets(manager, "ada"), await sockets(manager, "bob")
        slow.pause()
        await manager.emit_critical_event("bob", "x", 1)
        stopping = asyncio.create_task(manager.stop())
        await settle()
        with pytest.raises(WebSocketStateError):
            await manager.emit_critical_event("ada", "x", 1)
        with pytest.raises(WebSocketStateError):
            await manager.connect("ada", MemoryTransport())
        assert not stopping.done()
        slow.resume()
        await stopping
        assert (quick.closed_with[0], slow.closed_with[0], slow.messages) == (
            1012,
            1012,
            [{"type": "x", "payload": 1}],
        )
        await manager.stop()

    run(main)


def test_stopping_does_not_wait_for_ever_and_nothing_is_forgotten(run):
    async def main():
        manager, clock = a_manager()
        await manager.start()
        stuck = await sockets(manager, "ada")
        stuck.pause()
        await manager.emit_critical_event("ada", "x", 1)
        stopping = asyncio.create_task(manager.stop())
        await settle()
        await clock.advance(5)
        await stopping
        assert (stuck.closed_with[0], manager.health().status) == (1012, HealthStatus.UNHEALTHY)
        async with manager:
            back = await sockets(manager, "ada")
            assert back.messages == [{"type": "x", "payload": 1}]

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


def test_before_the_start_it_says_what_to_do(run):
    async def main():
        manager, _ = a_manager()
        for call in (manager.connect("ada", MemoryTransport()), manager.emit_critical_event("ada", "x", 1)):
            with pytest.raises(WebSocketStateError, match="lifespan"):
                await call
        with pytest.raises(WebSocketStateError):
            manager.emit_threadsafe("ada", "x", 1)
        await manager.stop()

    run(main)


def test_what_is_no_socket_is_refused(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            with pytest.raises(TypeError, match="object is no WebSocket"):
                await manager.connect("ada", object())
            assert manager.metrics().connections == 0

    run(main)


def test_other_threads_emit_through_a_future(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = await sockets(manager, "ada")
            results = []

            def thread():
                results.append(manager.emit_threadsafe("ada", "x", 1).result(5))
                results.append(manager.emit_threadsafe("ada", "x", object()).exception(5))

            await asyncio.to_thread(thread)
            assert results[0].connections == 1
            assert isinstance(results[1], WebSocketPayloadError)
            assert socket.messages == [{"type": "x", "payload": 1}]

    run(main)


def test_another_loop_is_told_so_and_does_not_hang(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            caught = []

            async def elsewhere():
                for call in (manager.emit_critical_event("ada", "x", 1), manager.start(), manager.stop()):
                    try:
                        await call
                    except WrongLoopError as error:
                        caught.append(str(error))

            thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
            thread.start()
            await asyncio.to_thread(thread.join)
            assert len(caught) == 3
            assert "emit_threadsafe" in caught[0]

    run(main)


def test_a_loop_has_one_shared_manager():
    async def main():
        config = ManagerConfig(max_connections=7)
        first, second = await asyncio.gather(
            UnifiedWebSocketManager.shared(config), UnifiedWebSocketManager.shared()
        )
        assert first is second
        assert first.config.max_connections == 7
        with pytest.raises(WebSocketStateError):
            await UnifiedWebSocketManager.shared(ManagerConfig(max_connections=8))
        await first.stop()
        third = await UnifiedWebSocketManager.shared()
        assert third is not first
        await third.stop()
        return first

    assert asyncio.run(main()) is not asyncio.run(main())


def test_health_sees_a_dead_watch_and_full_memory(run):
    async def main():
        manager, _ = a_manager(max_total_bytes=1000)
        assert manager.health().status is HealthStatus.UNHEALTHY
        async with manager:
            assert manager.health().is_healthy
            await manager.emit_critical_event("ada", "x", "y" * 650)
            assert manager.health().status is HealthStatus.DEGRADED
            next(iter(manager._watch._tasks.values())).cancel()
            await settle()
            assert "has died" in manager.health().reason
            await manager.start()
            assert manager.health().status is HealthStatus.DEGRADED

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
