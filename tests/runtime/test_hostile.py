"""Clients that mean harm, and stores that break their word."""

import pytest

from wsconsolidate.runtime import (
    HealthStatus,
    ManagerConfig,
    MemoryBackplane,
    UnifiedWebSocketManager,
    WebSocketAuthorizationError,
    WebSocketBackplaneError,
)
from wsconsolidate.runtime.adapters.asgi import is_origin_allowed, request_of
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.inbox import LONGEST
from wsconsolidate.runtime.session import MOST_UNREAD
from wsconsolidate.runtime.testing import ManualClock, MemoryTransport, settle

from .managers import a_manager, connected
from .stores import MemoryThatMayBeCurt

RESUME = '{"ws":"resume","session_id":"s","epoch":%s,"seq":%d,"protocol":2}'


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
            assert "0 answers to 1 questions" in manager.health().reason

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
    class Stutters(MemoryThatMayBeCurt):
        carries = is_failing = False

        async def read(self, wants, known):
            if self.is_failing:
                self.is_failing = False
                raise WebSocketBackplaneError("the store does not answer")
            return await super().read(wants, known)

    async def main():
        store, clock = Stutters(), ManualClock()
        here, there = (UnifiedWebSocketManager(backplane=store, clock=clock) for _ in range(2))
        async with here, there:
            socket = MemoryTransport()
            await connected(here, socket)
            store.is_failing = True
            await there.emit_critical_event("ada", "x", 1)
            await settle()
            assert (store.is_failing, socket.frames) == (False, [])
            await clock.advance(1)
            assert len(socket.frames) == 1

    run(main)
