"""The clients, in one process: plain sockets, sessions, and Engine.IO as python-socketio wants it."""

import asyncio
import json
import time
from contextlib import suppress

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException


class Client:
    """One user's socket; counts events and keeps their latencies."""

    kind = "plain"

    def __init__(self, port, user):
        self.port, self.user = port, user
        self.received, self.latencies, self.gaps = 0, [], 0
        self.ready = asyncio.Event()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/{self.user}"

    async def run(self):
        with suppress(WebSocketException, OSError):
            async with connect(
                self.url, compression=None, ping_interval=None, max_queue=None, open_timeout=60
            ) as self.socket:
                await self.greet()
                async for text in self.socket:
                    await self.hear(text)

    async def greet(self):
        self.ready.set()

    async def hear(self, text):
        self.count(json.loads(text)["payload"])

    def count(self, payload):
        self.received += 1
        self.latencies.append(time.monotonic() - payload["t"])


class Session(Client):
    """A session of the runtime."""

    def __init__(self, port, user):
        from wsconsolidate.runtime.client.follower import Follower

        super().__init__(port, user)
        self.follower = Follower()

    async def greet(self):
        await self.socket.send(self.follower.resume())

    async def hear(self, text):
        taken = self.follower.take(text)
        if not self.follower.waiting:
            self.ready.set()
        self.gaps += taken.missed is not None
        for frame, _ in taken.news:
            self.count(frame["payload"])
        if taken.reply is not None:
            await self.socket.send(taken.reply)


class EngineIo(Client):
    """What python-socketio's own client says, without the client."""

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket&user={self.user}"

    async def greet(self):
        await self.socket.recv()
        await self.socket.send("40")
        await self.socket.recv()
        self.ready.set()

    async def hear(self, text):
        if text == "2":
            await self.socket.send("3")
        elif text.startswith("42"):
            self.count(json.loads(text[2:])[1])


KINDS = {"plain": Client, "session": Session, "engine.io": EngineIo}


class Crowd:
    """All clients of a run."""

    def __init__(self, kind, port, users):
        self.clients = [KINDS[kind](port, user) for user in users]
        self.running = []

    async def connect(self):
        for begin in range(0, len(self.clients), 50):
            some = self.clients[begin : begin + 50]
            self.running += [asyncio.create_task(client.run()) for client in some]
            await asyncio.gather(*(client.ready.wait() for client in some))

    async def received(self, expected, patience):
        """Wait until that many events have come in all, or none for so many seconds; how many did."""
        before, since = -1, time.monotonic()
        while (now := sum(client.received for client in self.clients)) < expected:
            if now != before:
                before, since = now, time.monotonic()
            if time.monotonic() - since > patience:
                break
            await asyncio.sleep(0.005)
        return now

    def forget(self):
        for client in self.clients:
            client.received, client.latencies = 0, []

    def percentiles(self):
        values = sorted(value for client in self.clients for value in client.latencies) or [0.0]
        return tuple(1000 * values[int(part * (len(values) - 1))] for part in (0.5, 0.99))

    def deafen(self, some):
        """They read no more, and nobody is told."""
        for client in some:
            client.socket.transport.pause_reading()
            client.is_deaf = True

    async def come_back(self, some, seconds):
        for client in some:
            client.ready.clear()
            client.socket.transport.abort()
        await asyncio.sleep(seconds)
        self.running += [asyncio.create_task(client.run()) for client in some]
        await asyncio.gather(*(client.ready.wait() for client in some))


async def serve(kind, pipe):
    """Do what comes through the pipe, and answer."""
    loop, crowd = asyncio.get_running_loop(), None
    while (order := await loop.run_in_executor(None, pipe.recv)) is not None:
        match order:
            case ("connect", port, users):
                crowd = Crowd(kind, port, users)
                pipe.send(await crowd.connect())
            case ("received", expected, patience):
                pipe.send((await crowd.received(expected, patience), crowd.percentiles()))
                crowd.forget()
            case ("leave", number, seconds):
                pipe.send(await crowd.come_back(crowd.clients[-number:], seconds))
            case ("gaps",):
                pipe.send(sum(client.gaps for client in crowd.clients))
            case ("deafen", number):
                pipe.send(crowd.deafen(crowd.clients[:number]))
    for task in crowd.running if crowd else ():
        task.cancel()


def main(kind, pipe):
    asyncio.run(serve(kind, pipe))
