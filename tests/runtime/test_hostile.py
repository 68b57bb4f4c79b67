"""Clients that mean harm, applications that are careless, stores that break their word."""

import asyncio
import logging
import threading
from contextlib import nullcontext

import pytest

from wsconsolidate.runtime import (
    AgentSocketEndpoint,
    AgentWebSocketBridge,
    BridgeState,
    HealthStatus,
    ManagerConfig,
    MemoryBackplane,
    UnifiedWebSocketManager,
    WebSocketAuthorizationError,
    WebSocketPayloadError,
    WebSocketStateError,
)
from wsconsolidate.runtime.adapters.asgi import is_origin_allowed, request_of
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.inbox import LONGEST
from wsconsolidate.runtime.reader import PAGE_BYTES
from wsconsolidate.runtime.session import MOST_UNREAD
from wsconsolidate.runtime.testing import ManualClock, MemoryTransport, settle

RESUME = '{"ws":"resume","session_id":"s","epoch":%s,"seq":%d,"protocol":2}'


def a_manager(**settings):
    clock = ManualClock()
    return UnifiedWebSocketManager(ManagerConfig(**settings), clock=clock), clock


async def connected(manager, socket, user_id="ada"):
    connection = manager.connection(await manager.connect(user_id, socket))
    await settle()
    return connection


# Clients


@pytest.mark.parametrize(
    ("epoch", "seq", "told"),
    [
        ('"{epoch}"', 1_000_000, "epoch"),
        ('"forged"', 1, "epoch"),
        ('"{epoch}"', 2**70, "epoch"),
        ("null", 9, None),
    ],
)
def test_who_claims_a_place_that_never_was_is_told_and_gets_everything(run, epoch, seq, told):
    async def main():
        manager, _ = a_manager()
        async with manager:
            first = MemoryTransport(can_ping=False)
            connection = await connected(manager, first)
            connection.hear(Follower().resume())
            for number in range(3):
                await manager.emit_critical_event("ada", "x", number)
            forger = MemoryTransport(can_ping=False)
            other = await connected(manager, forger)
            other.hear(RESUME % (epoch.format(epoch=connection.session.log.epoch), seq))
            await settle()
            gaps = [said for said in forger.messages if said["ws"] == "gap"]
            assert [gap["reason"] for gap in gaps] == ([told] if told else [])
            await manager.emit_critical_event("ada", "x", 3)
            await settle()
            numbers = [said["seq"] for said in forger.messages if said["ws"].startswith("event")]
            assert numbers[0] == (1 if told else 4)
            assert other.hear('{"ws":"ack","epoch":"forged","seq":999}'), "of no account"
            assert other.is_open
            assert other.hear(f'{{"ws":"ack","epoch":"{connection.session.log.epoch}","seq":999}}')
            await settle()
            assert forger.closed_with == (4500, "not a frame of the protocol")
            assert connection.is_open

    run(main)


def test_who_asks_and_asks_and_never_reads_costs_little(run, caplog):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport(can_ping=False)
            connection = await connected(manager, socket)
            connection.hear(Follower().resume())
            await settle()
            socket.pause()
            await manager.emit_critical_event("ada", "x", 1)
            for _ in range(10 * MOST_UNREAD):
                assert connection.hear(RESUME % ('"gone"', 7))
            await settle()
            assert not socket.is_open
            assert manager.metrics().dropped == {"misspoke": 1}
            assert caplog.text.count("misspoke") == 1

    run(main)


def test_what_a_closed_connection_says_is_of_no_account(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            connection = await connected(manager, MemoryTransport(can_ping=False))
            connection.hear(Follower().resume())
            await manager.emit_critical_event("ada", "x", 1)
            epoch = connection.session.log.epoch
            await manager.disconnect(connection.connection_id)
            assert connection.hear(f'{{"ws":"ack","epoch":"{epoch}","seq":1}}')
            assert connection.hear('{"ws":"ack","epoch":"e","seq":-1}')
            assert not connection.hear("hello")
            assert manager.metrics().pending_events == 1

    run(main)


def test_a_client_that_talks_more_than_is_read_is_not_taken_for_dead(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            socket = MemoryTransport(answers_pings=False)
            connection = await connected(manager, socket)
            for number in range(2 * LONGEST):
                socket.say(f"{number}")
            assert await connection.receive() == "0"
            await settle()
            await clock.advance(300)
            assert [await connection.receive() for _ in range(2 * LONGEST - 1)] == [
                f"{number}" for number in range(1, 2 * LONGEST)
            ]
            await clock.advance(300)
            assert not socket.is_open

    run(main)


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("user=ada", {"user": "ada"}),
        ('seen={"a": 1}; user=ada', {"seen": '{"a": 1}', "user": "ada"}),
        ("a[b]=1; user=ada; ;=; x", {"a[b]": "1", "user": "ada", "": ""}),
        (r'user="\"ada\" \303\074"', {"user": '"ada" Ã<'}),
        ("", {}),
    ],
)
def test_no_cookie_hides_another(header, cookies):
    assert request_of({"path": "/", "headers": [(b"cookie", header.encode())]}).cookies == cookies


def test_cookies_may_come_in_several_fields_as_in_http_2():
    fields = [(b"cookie", b"user=ada"), (b"cookie", b"theme=dark")]
    assert request_of({"path": "/", "headers": fields}).cookies == {"user": "ada", "theme": "dark"}


@pytest.mark.parametrize(
    "origin", [b"http://[", b"null", b"http://evil", b"", b"http://h@evil", b"http://h:81"]
)
def test_a_strange_origin_is_not_let_in(origin):
    request = request_of({"path": "/", "headers": [(b"host", b"h"), (b"origin", origin)]})
    assert not is_origin_allowed(request, ())


# Applications


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


# Stores


def test_a_user_whom_no_store_could_keep_is_refused(run):
    async def main():
        async with UnifiedWebSocketManager(backplane=MemoryBackplane()) as manager:
            with pytest.raises(WebSocketAuthorizationError):
                await manager.emit_critical_event("\ud800", "x", 1)
            assert (await manager.emit_critical_event("ada", "x", 1)).stored

    run(main)


def test_a_store_that_gives_fewer_places_than_events_is_no_store(run):
    class Short(MemoryBackplane):
        async def append(self, messages, known):
            return (await super().append(messages, known))[1:]

    async def main():
        async with UnifiedWebSocketManager(ManagerConfig(drain_seconds=0), backplane=Short()) as manager:
            assert not (await manager.emit_critical_event("ada", "x", 1)).stored
            assert manager.health().status is HealthStatus.DEGRADED
            assert "0 places for 1 events" in manager.health().reason

    run(main)


def test_health_sees_that_nobody_appends_any_more(run):
    async def main():
        async with UnifiedWebSocketManager(backplane=MemoryBackplane()) as manager:
            await settle()
            assert manager.health().is_healthy
            manager._relay._standing[0].cancel()
            await settle()
            assert "wsconsolidate-append has died" in manager.health().reason
            await manager.start()
            assert (await manager.emit_critical_event("ada", "x", 1)).stored

    run(main)


def test_who_cannot_be_read_now_is_read_soon_not_at_the_next_reconciliation(run):
    class Stutters(MemoryBackplane):
        failing = 0

        async def read(self, wants, known):
            self._require_there(known)
            if self.failing:
                self.failing -= 1
                await asyncio.sleep(2)  # longer than there is patience for
            return await super().read(wants, known)

    async def main():
        store, clock = Stutters(), ManualClock()
        async with (
            UnifiedWebSocketManager(backplane=store, clock=clock) as here,
            UnifiedWebSocketManager(backplane=store) as there,
        ):
            socket = MemoryTransport()
            await connected(here, socket)
            await connected(here, MemoryTransport(), "bob")
            store.failing = 1
            await there.emit_critical_event("ada", "x", 1)
            while store.failing or here._relay._reading is None:
                await asyncio.sleep(0.01)
            while not socket.frames:
                await asyncio.sleep(0.01)
                await clock.advance(0.1)
            assert clock.now() < 5

    run(main)
