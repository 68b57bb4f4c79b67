"""One turn of one peer: its nodes and its clients in processes of their own, and all that is measured."""

import multiprocessing
import time
from contextlib import contextmanager

from . import clients, servers

EVENTS = len(servers.EVENTS)
RATE, SECONDS, AWAY = 2000, 3, 0.5
OUTAGE_RATE, OUTAGE = 800, 1.0
PATIENCE = 20


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


def measure(peer, users, rounds, broker):
    """Figures by name."""
    names = [f"user{number}" for number in range(users)]
    with running(peer) as (nodes, crowd):
        turn = Turn(nodes, crowd, names)
        figures = turn.connect()
        figures |= turn.flood(max(2, rounds // peer.slower))
        figures |= turn.paced()
        figures |= turn.reconnect()
        if peer.broker:
            figures |= turn.broker_restart(broker)
        return figures | turn.deaf_client()


class Turn:
    """The steps of a turn; what each finds is a dict of figures."""

    def __init__(self, nodes, crowd, users):
        self.nodes, self.crowd, self.users = nodes, crowd, users
        self.emitter, self.server = nodes[0], nodes[-1]

    def ask(self, pipe, *order):
        pipe.send(order)
        return pipe.recv()

    def figures(self):
        """CPU seconds of all nodes, and the memory of the one that has the sockets."""
        found = [self.ask(node, "figures") for node in self.nodes]
        return sum(cpu for cpu, _ in found), found[-1][1]

    def connect(self):
        ports = [node.recv() for node in self.nodes]
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
        return {"rate": received / (self.figures()[0] - cpu), "full_p50": p50, "full_p99": p99}

    def paced(self):
        _, before = self.figures()
        sent = self.ask(self.emitter, "paced", self.users, RATE, SECONDS)
        _, (p50, p99) = self.ask(self.crowd, "received", sent, PATIENCE)
        self.usual, self.usual_growth = sent, self.figures()[1] - before
        return {"p50": p50, "p99": p99}

    def reconnect(self):
        """A tenth of the clients lose their connection, and come back while events go on."""
        self.crowd.send(("leave", len(self.users) // 10, AWAY))
        sent = self.ask(self.emitter, "paced", self.users, OUTAGE_RATE, AWAY * 0.8)
        self.crowd.recv()
        sent += self.ask(self.emitter, "flood", self.users, 1)
        return {"lost": self.missing(sent)}

    def broker_restart(self, broker):
        self.emitter.send(("paced", self.users, OUTAGE_RATE, 3 * OUTAGE))
        time.sleep(OUTAGE)
        broker.kill()
        time.sleep(OUTAGE)
        broker.start()
        sent = self.emitter.recv()
        time.sleep(2 * OUTAGE)
        return {"lost_by_broker": self.missing(sent), "gaps": self.ask(self.crowd, "gaps")}

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
        sent = self.ask(self.emitter, "paced", self.users, RATE, SECONDS)
        _, (_, p99) = self.ask(self.crowd, "received", sent, 3)
        _, after = self.figures()
        stalled = sent < self.usual / 4
        growth = max(0, after - before - self.usual_growth) / 2**20
        return {"deaf_p99": float("inf") if stalled else p99, "deaf_growth": growth}
