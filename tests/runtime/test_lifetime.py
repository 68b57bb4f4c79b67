"""A manager begins and ends on one loop; other threads and loops, and its health."""

import asyncio
import os
import threading

import pytest

from wsconsolidate.runtime import (
    HealthStatus,
    ManagerConfig,
    UnifiedWebSocketManager,
    WebSocketPayloadError,
    WebSocketStateError,
    WrongLoopError,
)
from wsconsolidate.runtime.testing import MemoryTransport, settle

from .managers import a_manager, sockets


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


def test_a_manager_whose_loop_has_ended_is_of_no_use_on_the_next_one():
    manager = UnifiedWebSocketManager()
    asyncio.run(manager.start())
    with pytest.raises(WrongLoopError):
        asyncio.run(manager.emit_critical_event("ada", "x", 1))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_forked_process_is_not_the_one_whose_sockets_these_are(run):
    """Its thread and its copy of the loop look like the parent's, also while the loop runs."""

    async def main():
        manager, _ = a_manager()
        async with manager:
            if (child := os.fork()) == 0:
                try:
                    await manager.emit_critical_event("ada", "x", 1)
                except RuntimeError:
                    os._exit(7 + manager.metrics().accepted)
                finally:
                    os._exit(1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
            await manager.emit_critical_event("ada", "x", 1)

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
