"""A client that goes from one node to the other, and a producer, both of whom keep a ledger."""

import asyncio

from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import MemoryTransport


class Tab:
    """A client that moves between nodes, and writes down what it saw."""

    def __init__(self, ledger, user_id="ada"):
        self.user_id = user_id
        self.follower = Follower()
        self.told = 0
        self.witness = ledger.witness(user_id)

    async def open(self, manager):
        self.socket = MemoryTransport(can_ping=False)
        self.connection_id = await manager.connect(self.user_id, self.socket)
        self.reading = asyncio.create_task(manager.connection(self.connection_id).receive())
        self.socket.say(self.follower.resume())
        self.listening = asyncio.create_task(self.listen(self.socket))

    async def listen(self, socket):
        heard = 0
        while socket.is_open:
            for text in socket.frames[heard:]:
                heard += 1
                self.take(self.follower.take(text))
            await asyncio.sleep(0.005)

    def take(self, taken):
        for frame, _ in taken.news:
            self.witness.saw(frame["payload"]["user"], frame["payload"]["n"])
        if taken.missed is not None:
            self.told += 1
            first, last = taken.missed.first, taken.missed.last
            self.witness.was_told(None if last is None else last - first + 1)
        for text in filter(None, (taken.reply, self.follower.ack())):
            self.socket.say(text)

    async def close(self):
        self.socket.vanish()
        await asyncio.gather(self.listening, self.reading)


async def emit(ledger, manager, number, user_id="ada", text=""):
    for _ in range(number):
        payload = {"user": user_id, "n": ledger.next_number(user_id), "text": text}
        await manager.emit_critical_event(user_id, "x", payload)
        ledger.accepted(user_id)


async def until(is_so):
    while not is_so():
        await asyncio.sleep(0.01)


async def until_all_is_seen(ledger):
    await until(ledger.all_seen)
