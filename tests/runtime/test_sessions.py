"""Sessions on a manager: who comes back gets what was missed, or is told; others see no difference."""

import pytest

from wsconsolidate.runtime.testing import MemoryTransport

from .managers import a_manager
from .tabs import Tab, emit


def test_a_tab_that_comes_back_gets_what_it_missed_and_nobody_elses(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            tab, other = Tab(manager), Tab(manager, "bob")
            await tab.open()
            await other.open()
            await emit(manager, 1, 2)
            await tab.listen()
            await tab.lose_network()
            await emit(manager, 3, 4)
            await emit(manager, 99, user_id="bob")
            await tab.open()
            await emit(manager, 5)
            await tab.listen()
            await other.listen()
            assert (tab.seen, tab.missed) == ([1, 2, 3, 4, 5], [])
            assert (other.seen, other.missed) == ([99], [])
            for each in (tab, other):
                await each.lose_network()

    run(main)


def test_what_was_in_flight_comes_again(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            tab = Tab(manager)
            await tab.open()
            await emit(manager, 1)
            await tab.listen()
            await emit(manager, 2, 3)
            await tab.lose_network()
            assert manager.metrics().pending_events == 2, "handed to the socket is not got"
            await tab.open()
            assert tab.seen == [1, 2, 3]
            assert manager.metrics().pending_events == 0
            await tab.lose_network()

    run(main)


def test_a_new_session_gets_what_nobody_has_got(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            await emit(manager, 1, 2)
            tab, second = Tab(manager), Tab(manager)
            await tab.open()
            await second.open()
            await emit(manager, 3)
            await tab.listen()
            await second.listen()
            assert (tab.seen, second.seen) == ([1, 2, 3], [3])
            assert manager.metrics().sessions == 2
            for each in (tab, second):
                await each.lose_network()

    run(main)


def test_a_plain_connection_sees_nothing_of_it(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            tab, plain = Tab(manager), MemoryTransport()
            await tab.open()
            connection = manager.connection(await manager.connect("ada", plain))
            plain.say('{"ws":"ack","seq":9}')
            plain.say('{"ws":"resume","session_id":""}')
            plain.say('{"type":"resume"}')
            assert [await connection.receive() for _ in range(3)] == [
                '{"ws":"ack","seq":9}',
                '{"ws":"resume","session_id":""}',
                '{"type":"resume"}',
            ], "what is no proper resume is the application's"
            await emit(manager, 1)
            await clock.advance(100)
            assert plain.messages == [{"type": "x", "payload": 1}]
            await tab.lose_network()

    run(main)


def test_a_window_exceeded_is_told_and_the_agent_does_not_suffer(run):
    async def main():
        manager, _ = a_manager(max_pending_events=3)
        async with manager:
            tab = Tab(manager)
            await tab.open()
            await tab.lose_network()
            await emit(manager, *range(1, 8))
            assert manager.metrics().expired == 4
            await tab.open()
            assert (tab.seen, tab.missed) == ([5, 6, 7], [(1, 4, "expired")])
            await tab.lose_network()

    run(main)


def test_who_comes_back_too_late_is_told(run):
    async def main():
        manager, clock = a_manager()
        async with manager:
            tab, idle = Tab(manager), Tab(manager, "bob")
            await tab.open()
            await idle.open()
            await emit(manager, 1)
            await tab.listen()
            for each in (tab, idle):
                await each.lose_network()
            await emit(manager, 2)
            await clock.advance(1000)
            assert manager.metrics().kept_events == 0
            assert manager._roster.streams == {}
            for each in (tab, idle):
                await each.open()
            assert (tab.seen, tab.missed) == ([1], [(2, 2, "expired")])
            assert idle.missed == [], "nothing came meanwhile, and that is known"
            for each in (tab, idle):
                await each.lose_network()

    run(main)


def test_a_restarted_server_is_another_epoch(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            tab = Tab(manager)
            await tab.open()
            await emit(manager, 1)
            await tab.listen()
        await tab.reading
        manager, _ = a_manager()
        async with manager:
            await emit(manager, 2, 3)
            tab.manager = manager
            await tab.open()
            assert (tab.seen, tab.missed) == ([1, 2, 3], [(2, None, "epoch")])
            await tab.lose_network()

    run(main)


def test_a_session_that_comes_back_while_its_old_socket_hangs_takes_its_place(run):
    async def main():
        manager, _ = a_manager()
        async with manager:
            tab = Tab(manager)
            await tab.open()
            hanging, reading = tab.socket, tab.reading
            await tab.open()
            assert hanging.closed_with == (4003, "this session came back on another connection")
            await reading
            assert manager.metrics().dropped == {"replaced": 1}
            await tab.lose_network()

    run(main)


@pytest.mark.parametrize(
    "nonsense",
    ['{"ws":"ack","epoch":"E","seq":-9}', '{"ws":"hb","epoch":"E","seq":null}', '{"ws":"resume","epoch":1}'],
)
def test_a_session_that_talks_nonsense_is_cut(run, nonsense):
    async def main():
        manager, _ = a_manager()
        async with manager:
            tab = Tab(manager)
            await tab.open()
            tab.socket.say(nonsense)
            await tab.reading
            assert tab.socket.closed_with == (4500, "not a frame of the protocol")

    run(main)
