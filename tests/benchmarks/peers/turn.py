"""One turn of one peer: its nodes and its clients in processes of their own, and all that is measured."""

import multiprocessing
import time
from contextlib import contextmanager

from . import clients, servers

EVENTS = len(servers.EVENTS)
SECONDS, AWAY = 3, 0.5
OUTAGE_RATE, OUTAGE = 800, 1.0
PATIENCE = 20
LONGEST = 300
"""Seconds after which a process that does not answer is hung."""


class HungError(Exception):
    """A process does not answer any more."""


@contextmanager
def running(peer):
    """Its nodes, as pipes, and the crowd's pipe; with one node, whoever emits also serves."""
    context = multiprocessing.get_context("spawn")
    mains = [(servers.main, peer.server)] * (2 if peer.broker else 1) + [(clients.main, peer.kind)]
    pipes, processes = [], []
    for main, name in mains:
        here, there = context.Pipe()
        processes.append(context.Process(target=main, args=(name, there)))
        pipes.append(here)
        processes[-1].start()
    try:
        yield pipes[:-1], pipes[-1]
    finally:
        for pipe in pipes:
            pipe.send(None)
        for process in processes:
            process.join(10)
            process.kill()


def measure(peer, users, rounds, rate, broker):
    """Figures by name."""
    names = [f"user{number}" for number in range(users)]
    with running(peer) as (nodes, crowd):
        turn = Turn(nodes, crowd, names, rate)
        figures = turn.connect()
        idle = broker.cpu_seconds()
        figures |= turn.flood(max(2, rounds // peer.slower))
        figures |= {"broker_us": 1e6 * (broker.cpu_seconds() - idle) / turn.flooded} if peer.broker else {}
        figures |= turn.paced()
        figures |= turn.reconnect()
        figures |= turn.deaf_client()
    if peer.broker:
        with running(peer) as (nodes, crowd):  # anew, because not everybody survives it
            turn = Turn(nodes, crowd, names, rate)
            turn.connect()
            figures |= turn.broker_restart(broker)
    return figures


class Turn:
    """The steps of a turn; what each finds is a dict of figures."""

    def __init__(self, nodes, crowd, users, rate):
        self.nodes, self.crowd, self.users, self.rate = nodes, crowd, users, rate
        self.emitter, self.server = nodes[0], nodes[-1]

    def ask(self, pipe, *order):
        pipe.send(order)
        return self.answer(pipe)

    def answer(self, pipe, within=LONGEST):
        if not pipe.poll(within):
            raise HungError
        return pipe.recv()

    def figures(self):
        """CPU seconds of all nodes, and the memory of the one that has the sockets."""
        found = [self.ask(node, "figures") for node in self.nodes]
        return sum(cpu for cpu, _ in found), found[-1][1]

    def connect(self):
        ports = [self.answer(node) for node in self.nodes]
        _, empty = self.figures()
        self.ask(self.crowd, "connect", ports[-1], self.users)
        _, full = self.figures()
        return {"memory": (full - empty) / len(self.users) / 1024}

    def flood(self, rounds):
        self.ask(self.emitter, "flood", self.users, 1)
        self.ask(self.crowd, "received", len(self.users) * EVENTS, PATIENCE)
        cpu, _ = self.figures()
        sent = self.ask(self.emitter, "flood", self.users, rounds)
        received, (p50, p99) = self.ask(self.crowd, "received", sent, PATIENCE)
        self.flooded = received + len(self.users) * EVENTS
        return {"rate": received / (self.figures()[0] - cpu), "full_p50": p50, "full_p99": p99}

    def paced(self):
        _, before = self.figures()
        sent = self.ask(self.emitter, "paced", self.users, self.rate, SECONDS)
        _, (p50, p99) = self.ask(self.crowd, "received", sent, PATIENCE)
        self.usual, self.usual_growth = sent, self.figures()[1] - before
        return {"p50": p50, "p99": p99}

    def reconnect(self):
        """A tenth of the clients lose their connection, and come back while events go on."""
        self.crowd.send(("leave", len(self.users) // 10, AWAY))
        sent = self.ask(self.emitter, "paced", self.users, OUTAGE_RATE, AWAY * 0.8)
        self.answer(self.crowd)
        sent += self.ask(self.emitter, "flood", self.users, 1)
        return {"lost": self.missing(sent)}

    def broker_restart(self, broker):
        """Who hangs has lost what did not come."""
        self.emitter.send(("paced", self.users, OUTAGE_RATE, 3 * OUTAGE))
        time.sleep(OUTAGE)
        broker.kill()
        time.sleep(OUTAGE)
        broker.start()
        is_hung = not self.emitter.poll(PATIENCE)
        sent = round(3 * OUTAGE * OUTAGE_RATE) if is_hung else self.emitter.recv()
        time.sleep(2 * OUTAGE)
        lost = self.missing(sent)
        return {"lost_by_broker": lost, "gaps": self.ask(self.crowd, "gaps"), "hung": is_hung}

    def missing(self, sent):
        came, _ = self.ask(self.crowd, "received", sent, 3)
        return max(0, sent - came)

    def deaf_client(self):
        """One client stops reading, and gets more than all buffers hold; how the others fare.

        What the same events cost in memory when all clients read is not counted.
        """
        self.ask(self.crowd, "deafen", 1)
        _, before = self.figures()
        self.ask(self.emitter, "pester", self.users[0])
        sent = self.ask(self.emitter, "paced", self.users, self.rate, SECONDS)
        _, (_, p99) = self.ask(self.crowd, "received", sent, 3)
        _, after = self.figures()
        stalled = sent < self.usual / 4
        growth = max(0, after - before - self.usual_growth) / 2**20
        return {"deaf_p99": float("inf") if stalled else p99, "deaf_growth": growth}
