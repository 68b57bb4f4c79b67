"""The same law for managers on one store: nodes stop, the store goes away or begins anew, clients wander."""

import asyncio

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from wsconsolidate.runtime import BacklogFullError, ManagerConfig, UnifiedWebSocketManager
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import LossLedger, ManualClock, MemoryTransport, settle

from .stores import MemoryWithCopies

CONFIG = ManagerConfig(
    max_connections_per_user=20,
    max_unacknowledged_events=4,
    drain_seconds=0,
    max_total_bytes=20_000,
    max_message_bytes=1000,
    max_connection_bytes=5000,
)
USERS = ("ada", "bob")
NODES = st.integers(0, 1)
TABS = st.integers(0, 3)


class Tab:
    """A client that is moved by hand; what is on the wire may get lost."""

    def __init__(self, ledger, user_id):
        self.user_id = user_id
        self.follower = Follower()
        self.told = 0
        self.witness = ledger.witness(user_id)
        self.socket = self.reading = None

    async def open(self, manager):
        await self.leave()
        self.socket, self.heard = MemoryTransport(can_ping=False), 0
        connection_id = await manager.connect(self.user_id, self.socket)
        self.reading = asyncio.create_task(manager.connection(connection_id).receive())
        self.socket.say(self.follower.resume())

    async def leave(self):
        if self.socket is not None:
            self.socket.vanish()
            await asyncio.gather(self.reading, return_exceptions=True)
            self.socket = None

    def hear(self, most=1000):
        if self.socket is None:
            return
        for text in self.socket.frames[self.heard : self.heard + most]:
            self.heard += 1
            taken = self.follower.take(text)
            for frame, _ in taken.news:
                self.witness.saw(frame["payload"]["user"], frame["payload"]["n"])
            if taken.missed is not None:
                self.told += 1
                first, last = taken.missed.first, taken.missed.last
                self.witness.was_told(None if last is None else last - first + 1)
            for reply in filter(None, (taken.reply, self.follower.ack())):
                self.socket.say(reply)


class Nodes(RuleBasedStateMachine):
    """Two managers on one store, and tabs of two users; each user's events come from one node at a time."""

    @initialize()
    def begin(self):
        self.loop = asyncio.new_event_loop()
        self.clock, self.store, self.ledger = ManualClock(), MemoryWithCopies(), LossLedger()
        self.nodes = [self.make_node(), self.make_node()]
        self.tabs = [Tab(self.ledger, user_id) for user_id in (*USERS, *USERS)]
        for number, tab in enumerate(self.tabs):
            self.run(tab.open(self.nodes[number % 2]))
        self.move()

    def make_node(self):
        manager = UnifiedWebSocketManager(CONFIG, clock=self.clock, backplane=self.store)
        self.run(manager.start())
        return manager

    def run(self, coroutine):
        return self.loop.run_until_complete(asyncio.wait_for(coroutine, 20))

    def move(self):
        self.run(settle())
        for tab in self.tabs:
            tab.hear()
        self.run(settle())

    @rule(user=st.sampled_from(USERS), events=st.integers(1, 6))
    def emit(self, user, events):
        node = self.nodes[USERS.index(user)]
        for _ in range(events):
            payload = {"user": user, "n": self.ledger.next_number(user)}
            try:
                self.run(node.emit_critical_event(user, "x", payload))
            except BacklogFullError:
                return
            self.ledger.accepted(user)

    @rule(tab=TABS, node=NODES)
    def come(self, tab, node):
        self.run(self.tabs[tab].open(self.nodes[node]))

    @rule(tab=TABS)
    def go(self, tab):
        self.run(self.tabs[tab].leave())

    @rule(tab=TABS, frames=st.integers(0, 3))
    def break_in_the_middle(self, tab, frames):
        self.run(settle())
        self.tabs[tab].hear(frames)
        self.run(self.tabs[tab].leave())

    @rule()
    def everybody_moves(self):
        self.move()

    @rule(seconds=st.sampled_from([0.5, 3, 12, 31]))
    def time_passes(self, seconds):
        self.run(self.clock.advance(seconds))

    @rule(is_away=st.booleans())
    def the_store_comes_and_goes(self, is_away):
        self.store.is_away = is_away

    @rule(carries=st.booleans())
    def wake_ups_carry_texts(self, carries):
        self.store.carries = carries

    @rule(node=NODES)
    def a_node_is_restarted(self, node):
        self.come_back()
        for tab in self.tabs:
            self.run(tab.leave())
        self.run(self.nodes[node].stop())
        self.nodes[node] = self.make_node()

    def come_back(self):
        """The store is there again, and everything that waits is appended."""
        self.store.is_away = False
        for _ in range(4):
            self.run(self.clock.advance(12))

    def teardown(self):
        if not hasattr(self, "nodes"):
            return
        self.come_back()
        for number, tab in enumerate(self.tabs):
            self.run(tab.open(self.nodes[number % 2]))
        for _ in range(300):
            self.move()
            for number, tab in enumerate(self.tabs):
                if not tab.socket.is_open:  # it was too slow for a burst
                    self.run(tab.open(self.nodes[number % 2]))
            self.run(self.clock.advance(12))
            if self.ledger.all_seen():
                break
        tally = self.ledger.tally()
        for tab in self.tabs:
            self.run(tab.leave())
        for node in self.nodes:
            self.run(node.stop())
        left = asyncio.all_tasks(self.loop)
        self.loop.close()
        assert not left
        assert tally.is_clean, tally
        self.assert_nothing_told_in_vain(tally)

    def assert_nothing_told_in_vain(self, tally):
        assert tally.announced == 0, "the store has everything"
        assert not any(tab.told for tab in self.tabs)


class NodesOnAStoreThatGoesBack(Nodes):
    """The same, and the store is put back to an old copy now and then: what it lost is told."""

    @initialize()
    def begin(self):
        super().begin()
        self.store.take_copy()

    @rule()
    def a_copy_is_taken(self):
        self.store.take_copy()

    @rule()
    def the_copy_is_put_back(self):
        self.store.put_back()

    @rule()
    def wake_ups_are_lost(self):
        self.store.deafen()

    def assert_nothing_told_in_vain(self, tally):
        assert tally.delivered + tally.announced == tally.accepted


Nodes.TestCase.settings = settings(max_examples=8, stateful_step_count=30, deadline=None)
NodesOnAStoreThatGoesBack.TestCase.settings = Nodes.TestCase.settings
test_no_gap_is_silent_and_none_is_told_in_vain = Nodes.TestCase
test_no_gap_is_silent_when_the_store_goes_back = NodesOnAStoreThatGoesBack.TestCase
