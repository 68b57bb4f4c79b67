"""Runs a coroutine up to its first real wait, at once, and hands the rest to a task.

A socket that keeps up finishes its write without ever waiting, so that most writes cost no task
switch. The step runs *as the given task and in its context*: `asyncio.current_task()`, timeouts
and context variables in the code below see one task from beginning to end, as with the eager
tasks of Python 3.12. `_enter_task` and `_leave_task` are the documented hooks for this
(https://docs.python.org/3/library/asyncio-extending.html).
"""

import asyncio
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Coroutine, Generator
from contextvars import Context
from typing import Any


class Rest:
    """What is left of a coroutine after its first step; await it in the task it was begun for."""

    __slots__ = ("_coroutine", "_waits_for")

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        try:
            while True:
                try:
                    yield waits_for
                except BaseException as error:  # noqa: BLE001 - also a cancellation belongs to the coroutine
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(None)
        except StopIteration:
            return


def begin(coroutine: Coroutine[Any, Any, None], task: asyncio.Task[Any], context: Context) -> Rest | None:
    """Take the first step of the coroutine as `task`, which must be waiting; None when that was all."""
    loop = task.get_loop()
    outer = asyncio.current_task(loop)
    if outer is not None:
        _leave_task(loop, outer)
    _enter_task(loop, task)
    try:
        waits_for = context.run(coroutine.send, None)
    except StopIteration:
        return None
    finally:
        _leave_task(loop, task)
        if outer is not None:
            _enter_task(loop, outer)
    return Rest(coroutine, waits_for)
