import asyncio

import pytest

from wsconsolidate.runtime.log import ENTRY_BYTES
from wsconsolidate.runtime.testing import MemoryTransport, settle

from .managers import a_manager

KIB = 1024


def test_a_client_that_does_not_read_stalls_nobody_and_is_cut_at_its_cap(run):
    async def main():
        manager, _ = a_manager(max_connection_bytes=64 * KIB, max_message_bytes=8 * KIB)
        async with manager:
            slow, quick, other = MemoryTransport(), MemoryTransport(), MemoryTransport()
            for user_id, socket in (("ada", slow), ("ada", quick), ("bob", other)):
                await manager.connect(user_id, socket)
            await settle()
            slow.pause()
            for number in range(1000):
                await manager.emit_critical_event("ada", "x", "y" * 1000)
                await manager.emit_critical_event("bob", "x", number)
                await asyncio.sleep(0)
                assert len(quick.frames) == len(other.frames) == number + 1, "written in the same turn"
                assert manager.metrics().pending_bytes <= 66 * KIB
            await settle()
            assert manager.metrics().dropped == {"slow": 1}
            assert slow.closed_with == (4002, "too slow: come back")
            assert manager.metrics().pending_bytes == 0

    run(main)


@pytest.mark.parametrize("settings", [{"max_pending_events": 10}, {"max_pending_bytes": 5_000}])
def test_a_backlog_of_small_events_does_not_shut_out_the_other_tabs(run, settings):
    async def main():
        manager, _ = a_manager(**settings)
        async with manager:
            slow, quick = MemoryTransport(), MemoryTransport()
            for socket in (slow, quick):
                await manager.connect("ada", socket)
            await settle()
            slow.pause()
            for number in range(100):
                await manager.emit_critical_event("ada", "x", number)
            await settle()
            assert len(quick.frames) == 100
            slow.resume()
            await settle()
            assert slow.messages == quick.messages

    run(main)


def test_small_frames_count_with_what_they_cost(run):
    async def main():
        manager, _ = a_manager(max_connection_bytes=10 * (ENTRY_BYTES + 100), max_message_bytes=100)
        async with manager:
            slow = MemoryTransport()
            await manager.connect("ada", slow)
            await settle()
            slow.pause()
            for number in range(14):
                await manager.emit_critical_event("ada", "x", number)
            await settle()
            assert slow.closed_with == (4002, "too slow: come back")

    run(main)


def test_who_comes_back_to_much_is_not_too_slow(run):
    async def main():
        manager, _ = a_manager(max_connection_bytes=10 * (ENTRY_BYTES + 100), max_message_bytes=100)
        async with manager:
            for number in range(50):
                await manager.emit_critical_event("ada", "x", number)
            back = MemoryTransport()
            back.pause()
            await manager.connect("ada", back)
            for number in range(50, 55):
                await manager.emit_critical_event("ada", "x", number)
            await settle()
            back.resume()
            await settle()
            assert [message["payload"] for message in back.messages] == list(range(55))

    run(main)


def test_a_client_that_catches_up_gets_everything_in_order_in_few_writes(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            slow = MemoryTransport()
            await manager.connect("ada", slow)
            await settle()
            slow.pause()
            for number in range(200):
                await manager.emit_critical_event("ada", "x", number)
            slow.resume()
            await settle()
            await manager.emit_critical_event("ada", "x", 200)
            assert [message["payload"] for message in slow.messages] == list(range(201))
            assert slow.writes == [1, 64, 64, 64, 7, 1]

    run(main)


def test_a_client_that_reads_now_and_then_is_not_stale(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            socket = MemoryTransport(answers_pings=False)
            await manager.connect("ada", socket)
            await settle()
            for number in range(5):
                socket.pause()
                await manager.emit_critical_event("ada", "x", number)
                await clock.advance(100)
                socket.resume()
                await settle()
            assert len(socket.frames) == 5

    run(main)


def test_a_write_that_never_ends_is_stale(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            socket = MemoryTransport(can_ping=False)
            await manager.connect("ada", socket)
            await settle()
            socket.pause()
            await manager.emit_critical_event("ada", "x", 1)
            await clock.advance(151)
            assert socket.closed_with == (4001, "no sign of life")
            back = MemoryTransport()
            await manager.connect("ada", back)
            await settle()
            assert back.messages == [{"type": "x", "payload": 1}]

    run(main)


def test_an_emit_from_within_a_write_keeps_the_order(run):
    class Echo(MemoryTransport):
        manager = None

        async def send(self, frames):
            await super().send(frames)
            if len(self.frames) < 5:
                await self.manager.emit_critical_event("ada", "x", len(self.frames))

    async def main():
        manager, _ = a_manager()
        async with manager:
            socket, other = Echo(), MemoryTransport()
            socket.manager = manager
            for each in (socket, other):
                await manager.connect("ada", each)
            await settle()
            await manager.emit_critical_event("ada", "x", 0)
            await settle()
            assert [message["payload"] for message in socket.messages] == [0, 1, 2, 3, 4]
            assert other.messages == socket.messages

    run(main)


def test_disconnecting_in_the_middle_of_a_write_ends_it(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport()
            connection_id = await manager.connect("ada", socket)
            await settle()
            socket.pause()
            await manager.emit_critical_event("ada", "x", 1)
            await manager.disconnect(connection_id)
            await settle()
            assert socket.frames == []
            assert manager.metrics().pending_events == 1, "nobody has got it: it waits for the next"

    run(main)


def test_emits_may_race_with_coming_and_going(run):
    async def main():
        manager, _ = a_manager(max_connections_per_user=10, max_connections=1000)
        async with manager:
            seen = []

            async def come_and_go():
                for _ in range(20):
                    socket = MemoryTransport()
                    connection_id = await manager.connect("ada", socket)
                    await asyncio.sleep(0)
                    await manager.disconnect(connection_id)
                    seen.extend(message["payload"] for message in socket.messages)

            async def emit():
                for number in range(200):
                    await manager.emit_critical_event("ada", "x", number)
                    await asyncio.sleep(0)

            await asyncio.gather(emit(), *(come_and_go() for _ in range(5)))
            last = MemoryTransport()
            await manager.connect("ada", last)
            await settle()
            seen.extend(message["payload"] for message in last.messages)
            assert set(seen) == set(range(200)), "every event reached somebody"

    run(main)
