"""A session is kept in step: heartbeats, the window, good-bye, what may be dropped; and it is measured."""

from wsconsolidate.runtime import HealthStatus
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import MemoryTransport, settle

from .managers import a_manager
from .tabs import Tab, emit


def test_silence_is_noticed_by_the_heartbeat_and_comes_sooner_during_a_run(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            live, dead = Tab(manager), Tab(manager, "bob")
            await live.open()
            await dead.open()
            await manager.emit_critical_event("ada", "agent_started", 0)
            for _ in range(20):
                await clock.advance(15)
                await live.listen()
            beats = [message for message in live.socket.messages if message.get("ws") == "hb"]
            assert len(beats) == 20
            assert dead.socket.closed_with == (4001, "no sign of life")
            assert len([each for each in dead.socket.messages if each.get("ws") == "hb"]) in (4, 5)
            await manager.emit_critical_event("ada", "agent_completed", 0)
            for _ in range(20):
                await clock.advance(15)
                await live.listen()
            beats = [message for message in live.socket.messages if message.get("ws") == "hb"]
            assert len(beats) == 30
            await live.lose_network()

    run(main)


def test_a_lost_last_event_is_revealed_by_the_head(run):
    class Leaky(MemoryTransport):
        async def send(self, frames):
            await super().send([frame for frame in frames if '"the last"' not in frame or self.leaks == 0])
            self.leaks -= any('"the last"' in frame for frame in frames)

        leaks = 1

    async def main():
        manager, clock = a_manager()
        async with manager:
            tab = Tab(manager)
            await tab.open()
            tab.socket.__class__ = Leaky
            await emit(manager, "first", "the last")
            await tab.listen()
            assert tab.seen == ["first"]
            await clock.advance(30)
            await tab.listen()
            await tab.listen()
            assert tab.seen == ["first", "the last"]
            await tab.lose_network()

    run(main)


def test_a_client_that_does_not_acknowledge_gets_no_more_than_the_window(run):
    async def main():
        manager, _ = a_manager(max_unacknowledged_events=5)
        async with manager:
            tab = Tab(manager)
            await tab.open()
            await emit(manager, *range(20))
            await tab.listen(ack=False)
            assert tab.seen == [0, 1, 2, 3, 4]
            assert [each.unacknowledged for each in manager.statistics()] == [5]
            await tab.listen()
            for _ in range(5):
                await tab.listen()
            assert tab.seen == list(range(20))
            assert [(each.phase, each.pending_bytes) for each in manager.statistics()] == [("live", 0)]
            await tab.lose_network()

    run(main)


def test_stopping_says_when_to_come_back(run):
    async def main():
        manager, _ = a_manager()
        await manager.start()
        tab, plain = Tab(manager), MemoryTransport()
        await tab.open()
        await manager.connect("ada", plain)
        await manager.stop()
        await tab.listen()
        assert 0 <= tab.retry_after_ms <= 5000
        assert (tab.socket.closed_with[0], plain.closed_with[0], plain.frames) == (1012, 1012, [])
        await tab.reading

    run(main)


def test_progress_may_be_dropped_and_the_latest_comes(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            tab, plain = Tab(manager), MemoryTransport()
            assert (await manager.emit_droppable("ada", "progress", -1)).connections == 0
            await tab.open()
            await manager.connect("ada", plain)
            await settle()
            await manager.emit_droppable("ada", "progress", 0)
            plain.pause()
            await emit(manager, 1)
            for percent in (10, 20, 30):
                await manager.emit_droppable("ada", "progress", percent)
            await manager.emit_droppable("ada", "tokens", "abc", key="run-1")
            plain.resume()
            await settle()
            await tab.listen()
            assert [message["payload"] for message in plain.messages] == [0, 1, 30, "abc"]
            assert tab.seen == [0, 1, 10, 20, 30, "abc"]
            assert (manager.metrics().passing_dropped, manager.metrics().kept_events) == (3, 1)
            await tab.lose_network()

    run(main)


def test_what_is_kept_gives_way_to_what_comes(run):
    async def main():
        manager, _ = a_manager(max_total_bytes=10_000, max_pending_events=1000)
        async with manager:
            for user_id in ("ada", "bob", "eve"):
                await manager.connect(user_id, MemoryTransport())
            await settle()
            for number in range(200):
                await emit(manager, number, user_id=("ada", "bob", "eve")[number % 3])
                assert manager.metrics().kept_bytes <= 10_000
            assert manager.metrics().refused == 0
            assert manager.health().status is HealthStatus.HEALTHY, "what is delivered fills nothing"

    run(main)


def test_without_sessions_nothing_is_kept_and_a_resume_is_the_applications(run):
    async def main():
        manager, _ = a_manager(sessions=False)
        async with manager:
            socket = MemoryTransport()
            connection = manager.connection(await manager.connect("ada", socket))
            await settle()
            await emit(manager, 1)
            assert manager.metrics().kept_events == 0
            socket.say(Follower().resume())
            assert await connection.receive() == Follower().resume()

    run(main)


def test_a_route_that_reads_by_itself_passes_on_what_it_hears(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            socket = MemoryTransport()
            connection = manager.connection(await manager.connect("ada", socket))
            assert connection.hear(Follower().resume())
            assert not connection.hear("hello")
            await settle()
            assert [message["ws"] for message in socket.messages] == ["hello", "live"]

    run(main)


def test_everything_that_happens_is_told_to_one_function(run):
    told = []

    def on_measurement(measurement):
        told.append((measurement.name, measurement.value, measurement.detail))
        raise ValueError("an observer's own bug harms nobody")

    async def main():
        manager, clock = a_manager(on_measurement=on_measurement, max_pending_events=2)
        async with manager:
            tab = Tab(manager)
            await tab.open()
            await emit(manager, 1)
            await settle()
            await clock.advance(2)
            await tab.listen()
            await tab.lose_network()
            await emit(manager, 2, 3, 4)
            await manager.emit_droppable("ada", "progress", 1)
            await tab.open()
            await tab.lose_network()
        assert told == [
            ("connection.opened", 1, ""),
            ("session.opened", 1, ""),
            ("event.accepted", 1, ""),
            ("event.acknowledged", 2.0, ""),
            ("connection.closed", 1, "gone"),
            *[("event.accepted", 1, "")] * 2,
            ("event.expired", 1, ""),
            ("event.accepted", 1, ""),
            ("event.passing_dropped", 1, ""),
            ("connection.opened", 1, ""),
            ("session.opened", 1, ""),
            ("session.gap", 1, ""),
            ("event.acknowledged", 0.0, ""),
            ("connection.closed", 1, "gone"),
        ]

    run(main)
