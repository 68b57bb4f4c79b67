"""Applications and adapters that are careless: they are told, and nobody else suffers."""

import asyncio
import logging
import threading
from contextlib import nullcontext

import pytest

from wsconsolidate.runtime import (
    AgentSocketEndpoint,
    AgentWebSocketBridge,
    BridgeState,
    ManagerConfig,
    UnifiedWebSocketManager,
    WebSocketPayloadError,
    WebSocketStateError,
)
from wsconsolidate.runtime.reader import PAGE_BYTES
from wsconsolidate.runtime.testing import MemoryTransport, settle

from .managers import a_manager, connected


def test_a_thousand_keys_of_progress_are_bounded(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport()
            connection = await connected(manager, socket)
            socket.pause()
            await manager.emit_critical_event("ada", "x", 1)
            for number in range(1000):
                await manager.emit_droppable("ada", "progress", "y" * 10_000, key=f"{number}")
            held = connection.reader.latest
            assert sum(map(len, held.values())) < PAGE_BYTES + 20_000
            assert next(reversed(held)) == "999", "the latest stay"
            assert manager.metrics().passing_dropped == 1000 - len(held)
            socket.resume()
            await settle()
            assert len(socket.frames) == 1 + 1000 - manager.metrics().passing_dropped

    run(main)


@pytest.mark.parametrize(
    ("frame", "is_one"),
    [({"type": ["x"]}, True), ({"type": {"a": 1}}, True), ({1: 2}, True), (["x"], False), ("x", False)],
)
def test_any_mapping_is_a_frame(run, frame, is_one):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport()
            await connected(manager, socket)
            if is_one:
                await manager.send_to_user("ada", frame)
            else:
                with pytest.raises(WebSocketPayloadError, match="mapping"):
                    await manager.send_to_user("ada", frame)
            assert len(socket.frames) == is_one

    run(main)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"heartbeat_seconds": float("nan")}, "heartbeat_seconds is nan"),
        ({"max_connections": "5"}, "max_connections is '5', a whole number is needed"),
        ({"max_connections": 2.5, "drain_seconds": None}, "max_connections is 2.5.*drain_seconds is None"),
        ({"encoder": "yaml"}, "encoder is 'yaml', one of json, orjson, msgspec"),
        ({"envelope": "type"}, "envelope is 'type'"),
    ],
)
def test_a_setting_of_another_kind_is_named(settings, problem):
    with pytest.raises(ValueError, match=problem):
        ManagerConfig(**settings)


@pytest.mark.parametrize(
    ("error", "code"), [(None, 1000), (RuntimeError, 1011), (asyncio.CancelledError, 1001)]
)
def test_a_route_that_fails_does_not_close_as_one_that_ends(run, error, code):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport()
            with pytest.raises(error) if error else nullcontext():
                async with manager.connected("ada", socket):
                    if error is not None:
                        raise error
            assert socket.closed_with == (code, "")

    run(main)


@pytest.mark.parametrize(("code", "reason"), [(1005, ""), (99, ""), (2000, ""), (5000, ""), (1000, "é" * 62)])
def test_what_no_close_frame_can_carry_is_refused_and_the_connection_stays(run, code, reason):
    async def main():
        manager, _ = a_manager()
        async with manager:
            connection = await connected(manager, MemoryTransport())
            with pytest.raises(ValueError, match=r"code to close|at most 123"):
                await manager.disconnect(connection.connection_id, code=code, reason=reason)
            assert connection.is_open

    run(main)


class Broken(MemoryTransport):
    """An adapter whose methods fail before anything can be awaited."""

    def send(self, _frames):
        raise RuntimeError("broken")

    def ping(self, _on_pong):
        raise RuntimeError("broken")


@pytest.mark.parametrize("how", ["send", "ping"])
def test_an_adapter_that_is_broken_harms_nobody_else(run, how):
    async def main():
        manager, clock = a_manager()
        async with manager:
            broken, good = Broken(), MemoryTransport()
            for socket in (broken, good):
                await connected(manager, socket)
            if how == "send":
                await manager.emit_critical_event("ada", "x", 1)
            else:
                await clock.advance(45)
                await manager.emit_critical_event("ada", "x", 1)
            assert len(good.frames) == 1
            assert good.pings == (how == "ping")
            assert manager.metrics().dropped == {"gone": 1}

    run(main)


def test_stopping_twice_at_the_same_time_and_starting_meanwhile(run):
    async def main():
        manager, _ = a_manager()
        await manager.start()
        socket = MemoryTransport()
        await connected(manager, socket)
        await asyncio.gather(manager.stop(), manager.stop())
        assert socket.closed_with[0] == 1012
        await manager.start()
        await asyncio.gather(manager.stop(), manager.start())
        assert manager.health().is_healthy
        await manager.emit_critical_event("ada", "x", 1)
        await manager.stop()

    run(main)


def test_a_manager_may_be_used_in_one_loop_after_the_other():
    manager = UnifiedWebSocketManager()

    async def main():
        await asyncio.gather(manager.start(), manager.start())
        await asyncio.gather(manager.stop(), manager.stop())

    asyncio.run(main())
    asyncio.run(main())


def test_a_bridge_that_is_shut_down_while_it_comes_up_leaves_nothing(run):
    class Slow(UnifiedWebSocketManager):
        async def start(self):
            await asyncio.sleep(0.01)
            await super().start()

    async def main():
        bridge = AgentWebSocketBridge(Slow())
        coming_up = asyncio.create_task(bridge.initialize())
        await asyncio.sleep(0)
        await bridge.shutdown()
        await coming_up
        assert bridge.state is BridgeState.UNINITIALIZED

    run(main)


def test_a_storm_of_threads_over_a_stop_gives_every_one_an_answer(run):
    async def main():
        manager, _ = a_manager(max_pending_events=100_000)
        await manager.start()
        socket = MemoryTransport()
        await connected(manager, socket)
        answers, begun = [], threading.Barrier(9)

        def storm():
            begun.wait()
            for number in range(200):
                try:
                    answers.append(manager.emit_threadsafe("ada", "x", number).exception(10))
                except WebSocketStateError as error:
                    answers.append(error)

        threads = [threading.Thread(target=storm) for _ in range(8)]
        for thread in threads:
            thread.start()
        await asyncio.to_thread(begun.wait)
        while len(socket.frames) < 50:
            await asyncio.sleep(0)
        await manager.stop()
        await asyncio.gather(*(asyncio.to_thread(thread.join) for thread in threads))
        assert len(answers) == 1600
        assert answers.count(None) == len(socket.frames)
        assert all(answer is None or isinstance(answer, WebSocketStateError) for answer in answers)

    run(main)


def test_who_comes_to_an_endpoint_that_is_stopping_is_asked_to_come_back(run, caplog):
    async def main():
        manager, _ = a_manager()
        sent, coming = [], [{"type": "websocket.connect"}]

        async def receive():
            return coming.pop()

        async def send(message):
            sent.append((message["type"], message.get("code")))

        endpoint = AgentSocketEndpoint(manager, authenticate=lambda _: "ada")
        await endpoint({"type": "websocket", "path": "/", "headers": []}, receive, send)
        assert sent == [("websocket.accept", None), ("websocket.close", 1012)]
        assert "the manager does not run" in caplog.text

    with caplog.at_level(logging.WARNING):
        run(main)
