"""Runs the live server of a fixture, in whose input it is started, and prints the ways of its frames."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from inspect import iscoroutine
from pathlib import Path
from types import FrameType

HERE = Path.cwd()
WRITES = ("send_json", "send_text")
STARTS_TASK = ("create_task", "ensure_future", "wait_for")


class Recorder:
    """A profile function: the program's own stack at each frame written to a socket, by the frame's type.

    A task has a stack of its own, so the stack that made its coroutine is remembered and put before.
    """

    def __init__(self) -> None:
        self.ways: dict[str, list[list[tuple[str, int]]]] = {}
        self._born: dict[FrameType, list[tuple[str, int]]] = {}

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        name, file = frame.f_code.co_name, frame.f_code.co_filename
        if event != "call":
            return
        if name in STARTS_TASK and "asyncio" in file:
            self._remember(frame)
        if name in WRITES and "starlette" in file:
            self._record(frame)

    def _remember(self, frame: FrameType) -> None:
        for value in list(frame.f_locals.values()):
            if iscoroutine(value):
                self._born.setdefault(value.cr_frame, self._stack(frame))

    def _record(self, frame: FrameType) -> None:
        message = frame.f_locals.get("data")
        if isinstance(message, dict) and "type" in message:
            ways = self.ways.setdefault(message["type"], [])
            way = self._stack(frame)
            if way not in ways:
                ways.append(way)

    def _stack(self, frame: FrameType | None) -> list[tuple[str, int]]:
        """(path, line) of the callers in the fixture, outermost first."""
        way: list[tuple[str, int]] = []
        for outer in _outwards(frame):
            path = Path(outer.f_code.co_filename)
            if path.is_relative_to(HERE) and "tests" not in path.relative_to(HERE).parts:
                way.insert(0, (path.relative_to(HERE).as_posix(), outer.f_lineno))
            if outer in self._born:
                return [*self._born[outer], *way]
        return way


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


async def _chat(server: "LiveServer", text: str) -> None:  # noqa: F821 - of the fixture
    async with server.client("/ws", "alice") as alice:
        await alice.receive()
        await alice.ask(text)


def main() -> None:
    """Record one chat with the server."""
    sys.path.insert(0, str(HERE))
    from tests.support import LiveServer

    recorder = Recorder()
    threading.setprofile(recorder)
    with LiveServer() as server:
        asyncio.run(_chat(server, sys.argv[1]))
    json.dump(recorder.ways, sys.stdout)


if __name__ == "__main__":
    main()
