"""The event loop that a manager belongs to: is the call at hand made there?"""

import asyncio
import os
from threading import get_ident
from weakref import WeakSet

from .errors import WrongLoopError


class Home:
    """One loop, from the start of its owner to the end; no loop before and after.

    It is asked at every call. `asyncio.get_running_loop()` would ask the system for the process id
    each time (before Python 3.12), which may cost as much as writing the event as JSON. A thread runs
    one loop at a time, so that ours is the running one if it runs and this is its thread.
    """

    __slots__ = ("__weakref__", "_owner", "_thread", "loop")

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._thread: int | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        HOMES.add(self)

    def settle(self) -> None:
        """Belong to the running loop from now on.

        Raises:
            WrongLoopError: it belongs to another one.
        """
        if self.loop is None:
            self.loop, self._thread = asyncio.get_running_loop(), get_ident()
        self.require()

    def leave(self) -> None:
        """Belong to none."""
        self.loop = self._thread = None

    def require(self) -> None:
        """Nothing, when the running loop is the one, or there is none yet.

        Raises:
            WrongLoopError: it belongs to another one.
        """
        loop = self.loop
        if loop is None or (self._thread == get_ident() and loop.is_running()):
            return
        if loop is not asyncio.get_running_loop():
            raise WrongLoopError(self._owner)

    def forked(self) -> None:
        """In a child process no thread is the one, however alike it looks."""
        self._thread = None


HOMES: WeakSet[Home] = WeakSet()


def _forked() -> None:
    for home in HOMES:
        home.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
