"""A manager takes events in, for the right user, within its bounds, or says why not."""

import asyncio

import pytest

from wsconsolidate.runtime import (
    BacklogFullError,
    Envelope,
    MessageTooLargeError,
    UnifiedWebSocketManager,
    UserExecutionContext,
    WebSocketAuthorizationError,
    WebSocketManagerProtocol,
    WebSocketPayloadError,
)
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import MemoryTransport, settle

from .managers import a_manager, sockets


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
