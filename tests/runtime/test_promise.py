"""The promise as a law: delivered plus announced gaps is everything that was accepted, in order."""

from collections import deque

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from wsconsolidate.runtime import frames
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.frames import Resume
from wsconsolidate.runtime.log import Budget, EventLog
from wsconsolidate.runtime.session import SessionReader, SessionTerms

TERMS = SessionTerms(heartbeat_ms=1, window=5)


class Client:
    """A browser: it keeps where it is, and writes down what it saw."""

    def __init__(self, log, protocol):
        self.protocol = protocol
        self.follower = Follower()
        self.since = (log.epoch, log.delivered.seq)
        self.seen = []
        self.missed = []
        self.reader = None
        self.wire = deque()
        self.back = deque()

    def connect(self, log):
        self.cut()
        self.back.append(self.follower.resume())
        self.began = log.delivered

    def cut(self):
        self.reader = None
        self.wire.clear()
        self.back.clear()

    def server_hears(self, log):
        frame = frames.read(self.back.popleft())
        if isinstance(frame, Resume):
            frame = frame._replace(protocol=self.protocol)
        if self.reader is None:
            self.reader = SessionReader(log, frame, began=self.began, session_id="s", terms=TERMS)
        elif isinstance(frame, Resume):
            self.reader.resume(frame)
        else:
            self.reader.ack(frame.position)

    def server_writes(self):
        if self.reader is not None and (page := self.reader.page()) is not None:
            self.wire.extend(page.texts)
            return True
        return False

    def hears(self):
        epoch_before = self.follower.epoch
        taken = self.follower.take(self.wire.popleft())
        if epoch_before is None and self.follower.epoch is not None:
            self.since = (self.follower.epoch, self.follower.seq)
        self.seen += [(self.follower.epoch, seq, frame) for frame, seq in taken.news]
        if taken.missed is not None:
            self.missed.append(taken.missed)
        if taken.reply is not None:
            self.back.append(taken.reply)

    def acks(self):
        if self.reader is not None and (text := self.follower.ack()) is not None:
            self.back.append(text)


class Promise(RuleBasedStateMachine):
    """One user's log, and clients that come, go, lose what is on the wire, and come back."""

    clients = Bundle("clients")

    @initialize()
    def begin(self):
        self.epochs = 0
        self.accepted = []
        self.everybody = []
        self.renew()

    def renew(self):
        self.epochs += 1
        self.log = EventLog(Budget(10**9), max_events=12, max_bytes=10**9, epoch=f"E{self.epochs}", keep=True)

    @rule(number=st.integers(1, 9))
    def emit(self, number):
        for _ in range(number):
            text = f'"{len(self.accepted)}"'
            self.log.append(text, len(text), float(len(self.accepted)))
            self.accepted.append((self.log.epoch, self.log.head.seq, text.strip('"')))

    @rule(target=clients, protocol=st.integers(1, frames.PROTOCOL))
    def come(self, protocol):
        client = Client(self.log, protocol)
        client.connect(self.log)
        self.everybody.append(client)
        return client

    @rule(client=clients)
    def reload(self, client):
        client.connect(self.log)

    @rule(client=clients)
    def lose_the_network(self, client):
        client.cut()

    @rule(client=clients, frames_lost=st.integers(0, 3))
    def break_in_the_middle(self, client, frames_lost):
        for _ in range(min(frames_lost, len(client.wire))):
            client.wire.pop()
        while client.wire:
            client.hears()
        client.cut()

    @rule(client=clients, times=st.integers(1, 12))
    def move(self, client, times):
        for _ in range(times):
            if client.back:
                client.server_hears(self.log)
            client.server_writes()
            if client.wire:
                client.hears()

    @rule(client=clients)
    def acknowledge(self, client):
        client.acks()

    @rule(client=clients)
    def beat(self, client):
        if client.reader is not None:
            client.reader.beat()

    @rule(client=clients)
    def settle(self, client):
        if client.reader is not None:
            self.log.release(client.reader.settled)

    @rule(events=st.integers(0, 12))
    def give_up_old_ones(self, events):
        self.log.expire(float(len(self.accepted) - events))

    @rule()
    def make_room(self):
        self.log.evict(1)

    @rule()
    def forget_what_is_delivered(self):
        self.log.shed()

    @rule()
    def restart_the_server(self):
        self.renew()
        for client in self.everybody:
            client.cut()

    @rule()
    def the_store_begins_anew(self):
        self.epochs += 1
        self.log.restart(f"E{self.epochs}", 0)
        for client in self.everybody:
            if client.reader is not None and client.reader.log is self.log:
                client.reader.log_restarted()

    def teardown(self):
        for client in getattr(self, "everybody", ()):
            client.connect(self.log)
            while client.back or client.wire or client.server_writes():
                if client.wire:
                    client.hears()
                elif client.back:
                    client.server_hears(self.log)
                if not (client.wire or client.back):
                    client.acks()
            self.check(client)

    def check(self, client):
        assert client.seen == [event for event in self.accepted if event in set(client.seen)], (
            "in order, once"
        )
        for epoch, seq, text in self.accepted:
            if self.before(client, epoch, seq):
                continue
            assert (epoch, seq, text) in client.seen or self.announced(client, epoch, seq), (
                epoch,
                seq,
            )

    def before(self, client, epoch, seq):
        since_epoch, since_seq = client.since
        return int(epoch[1:]) < int(since_epoch[1:]) or (epoch == since_epoch and seq <= since_seq)

    def announced(self, client, epoch, seq):
        """Its number was named, or it lies between where an epoch broke off and where the client went on."""
        here = (int(epoch[1:]), seq)
        for missed in client.missed:
            end = (
                (missed.resumed_epoch, missed.resumed_seq)
                if missed.last is None
                else (missed.epoch, missed.last)
            )
            if (int(missed.epoch[1:]), missed.first) <= here <= (int(end[0][1:]), end[1]):
                return True
        return False


Promise.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
test_no_gap_is_silent = Promise.TestCase
