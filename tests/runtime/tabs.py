"""A browser's tab, moved by hand, and what it is to see."""

import asyncio

from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import MemoryTransport, settle


class Tab:
    """A browser's tab: a follower that keeps its place, and one socket after the other."""

    def __init__(self, manager, user_id="ada"):
        self.manager, self.user_id = manager, user_id
        self.follower = Follower()
        self.seen, self.missed, self.retry_after_ms, self.unsaid = [], [], None, []

    async def open(self):
        self.socket, self.heard = MemoryTransport(can_ping=False), 0
        self.connection_id = await self.manager.connect(self.user_id, self.socket)
        self.reading = asyncio.create_task(self._read(self.manager.connection(self.connection_id)))
        self.socket.say(self.follower.resume())
        await self.listen()

    async def _read(self, connection):
        self.said = [message async for message in connection]

    async def listen(self, *, ack=True):
        await settle()
        for text in self.socket.frames[self.heard :]:
            self.heard += 1
            taken = self.follower.take(text)
            self.seen += [frame["payload"] for frame, _ in taken.news]
            if taken.missed:
                self.missed.append((taken.missed.first, taken.missed.last, taken.missed.reason))
            self.unsaid += filter(None, [taken.reply])
            self.retry_after_ms = taken.retry_after_ms or self.retry_after_ms
        if ack:
            for text in filter(None, (*self.unsaid, self.follower.ack())):
                self.socket.say(text)
            self.unsaid.clear()
        await settle()

    async def lose_network(self):
        self.socket.vanish()
        await self.reading


async def emit(manager, *numbers, user_id="ada"):
    for number in numbers:
        await manager.emit_critical_event(user_id, "x", number)
