"""A clock that moves only while everybody sleeps, and ids and random numbers that come in a fixed order."""

from __future__ import annotations

import asyncio
import datetime
import os
import random
import re
import secrets
import selectors
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import ModuleType
from typing import Any

EPOCH = 1_767_225_600.0  # 2026-01-01T00:00:00Z
_IDLE = 0.05
_ID = "5eed5eed"
_IDS = re.compile(_ID + r"[0-9a-f-]*")
_ADDRESSES = re.compile(r"0x[0-9a-fA-F]{6,}")


class _Now:
    """How many virtual seconds have passed, and how many ids were given, since the last `reset`."""

    seconds = 0.0
    ids = 0


def reset() -> None:
    """Begin again: at the epoch, with the first id."""
    _Now.seconds = 0.0
    _Now.ids = 0
    random.seed(0)


def freeze() -> None:
    """From now on, time and chance are ours. Call it before the program is imported."""
    for module, name, ours in _frozen():
        setattr(module, name, ours)


def _frozen() -> Iterator[tuple[ModuleType, str, Any]]:
    """What is replaced, where."""
    yield time, "sleep", _sleep
    yield time, "time", lambda: EPOCH + _Now.seconds
    yield time, "time_ns", lambda: int((EPOCH + _Now.seconds) * 1e9)
    for name in ("monotonic", "perf_counter", "process_time"):
        yield time, name, lambda: _Now.seconds
        yield time, f"{name}_ns", lambda: int(_Now.seconds * 1e9)
    for name in ("uuid1", "uuid4"):
        yield uuid, name, lambda *_, **__: uuid.UUID(_hex(32))
    for name in ("token_hex", "token_urlsafe"):
        yield secrets, name, lambda nbytes=None: _hex(2 * (nbytes or 32))
    for module, name in ((secrets, "token_bytes"), (os, "urandom")):
        yield module, name, lambda size=32: bytes.fromhex(_hex(2 * (size or 32)))
    yield datetime, "datetime", _Datetime


def named(text: str) -> str:
    """The text with every id that was given replaced by its rank in it, and no address of an object."""
    known: dict[str, str] = {}

    def rank(found: re.Match[str]) -> str:
        return known.setdefault(found.group(), f"<id {len(known) + 1}>")

    return _ADDRESSES.sub("0x", _IDS.sub(rank, text))


def _hex(length: int) -> str:
    """Digits that are known again in a text."""
    _Now.ids += 1
    return (_ID + f"{_Now.ids:024x}").ljust(length, "0")[:length]


def _sleep(seconds: float) -> None:
    _Now.seconds += max(0.0, seconds)


class _AnyDatetime(type):
    """Lets every datetime be an instance of the one that stands in its place."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _REAL)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _REAL)


_REAL = datetime.datetime


class _Datetime(datetime.datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        """The virtual time."""
        return cls.fromtimestamp(EPOCH + _Now.seconds, tz or datetime.UTC).replace(tzinfo=tz)

    @classmethod
    def utcnow(cls) -> Any:
        """The virtual time without a zone."""
        return cls.now()

    today = utcnow


class _Selector(selectors.DefaultSelector):
    """Lets time pass where others wait for it."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; if nothing is, it is later."""
        ready = super().select(0 if timeout is not None else _IDLE)
        if not ready and timeout is not None:
            _sleep(timeout)
        return ready


class _Inline(ThreadPoolExecutor):
    """Does at once what others do in threads, so that the order is always the same."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The result, done."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asks for the result
            done.set_exception(error)
        return done


class Loop(asyncio.SelectorEventLoop):
    """An event loop in virtual time."""

    def __init__(self) -> None:
        super().__init__(_Selector())
        self.set_default_executor(_Inline())
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Virtual seconds."""
        return _Now.seconds
