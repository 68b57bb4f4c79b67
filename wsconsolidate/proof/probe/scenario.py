"""Builds a class, calls each of its methods in several ways, and tells what came of each call."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from . import frozen, guard
from .arguments import FULL, LEAST, VARIANTS, Maker
from .fakes import Tape
from .plain import plain

SETTINGS = {
    "distinct": (True, False),
    "same": (True, True),
    "faked": (False, False),
}
"""The surroundings of a class, `real` and `same` of its maker: real down to the sockets, or stand-ins."""

_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_NOTHING = {"answer": None, "holds": None, "raised": None, "said": None, "ended": True}
_PATIENCE = 120.0
_DRAIN = 10.0
_MANY = 50


class Probe:
    """Runs the targets of one tree; `spoken` are the names by which classes of it may be called."""

    def __init__(self, *, root: str, spoken: list[str]) -> None:
        self._root = os.path.realpath(root) + os.sep
        self._spoken = spoken
        self._joins: dict[str, list[str]] = {}

    def run(self, target: dict[str, Any]) -> dict[str, Any]:
        """What came of a target: a module, or a class or function in it.

        Of a class all public methods are called, or those that are known from an earlier run, as are the
        calls that hand sockets to the objects.
        """
        try:
            found: Any = importlib.import_module(target["module"])
        except BaseException as error:  # noqa: BLE001 - SystemExit too: importing a script may end it
            return {"unbuilt": f"cannot import {target['module']}: {_said(error)}"}
        try:
            for name in filter(None, target["name"].split(".")):
                found = getattr(found, name)
        except AttributeError as error:
            return {"unbuilt": f"cannot reach {target['module']}.{target['name']}: {error}"}
        if isinstance(found, type):
            return self._run_class(found, target["known"])
        return self._run_function(found) if inspect.isfunction(found) else {"settings": {}}

    def _run_class(self, one: type, known: dict[str, Any] | None) -> dict[str, Any]:
        if getattr(one, "_is_protocol", False) or inspect.isabstract(one):
            return {"unbuilt": "it is abstract"}
        self._joins = dict(known["joins"]) if known else {}
        reason = self._why_not(one)
        if reason is not None:
            return {"unbuilt": f"it cannot be built: {reason}"}
        found = known["methods"] if known else self._methods(one)
        methods = [name for name in found if hasattr(one, name)]
        calls = [(name, variant) for name in methods for variant in VARIANTS]
        return {
            "known": {"methods": methods, "joins": self._joins},
            "settings": {
                setting: {
                    f"{name} ({variant})": self._perform(setting, _Method(one, name, variant).act)
                    for name, variant in calls
                }
                | {"one after the other": self._perform(setting, _Methods(one, methods).act)}
                for setting in SETTINGS
            },
        }

    def _run_function(self, one: Callable[..., Any]) -> dict[str, Any]:
        return {
            "settings": {
                setting: {variant: self._perform(setting, _call(one, variant)) for variant in VARIANTS}
                for setting in SETTINGS
            }
        }

    def _why_not(self, one: type) -> str | None:
        """Why the class cannot be built, in no surroundings."""
        reasons = [self._perform(setting, _Method(one, None, FULL).act) for setting in SETTINGS]
        return None if any(made["raised"] is None for made in reasons) else reasons[0]["said"]

    def _methods(self, one: type) -> Iterator[str]:
        """The public methods and properties that the program wrote, in the order of their classes."""
        seen: set[str] = set()
        for base in reversed(one.__mro__):
            if self.is_own(base):
                public = (name for name, value in vars(base).items() if _is_public(name, value))
                fresh = [name for name in public if name not in seen]
                seen.update(fresh)
                yield from fresh

    def is_own(self, one: Any) -> bool:
        """True for a class of the tree under trial, not of what is installed in it."""
        file = getattr(sys.modules.get(getattr(one, "__module__", "")), "__file__", None)
        place = os.path.realpath(file) if file else ""
        return place.startswith(self._root) and not any(part in place for part in _INSTALLED)

    def _perform(self, setting: str, act: Callable[[Maker], Awaitable[Any]]) -> dict[str, Any]:
        """One scenario in a new world, as data."""
        frozen.reset()
        guard.attempts.clear()
        tape = Tape()
        maker = Maker(tape, self.is_own, self._joins, *SETTINGS[setting])
        with asyncio.Runner(loop_factory=frozen.Loop) as runner:
            outcome = runner.run(self._outcome(act(maker)))
        told = {
            "events": tape.events,
            "awaited": sorted(tape.awaited),
            "frames": tape.frames,
            "forbidden": sorted(set(guard.attempts)),
            **outcome,
        }
        return json.loads(frozen.named(json.dumps(told, default=str)))  # type: ignore[no-any-return]

    async def _outcome(self, act: Awaitable[Any]) -> dict[str, Any]:
        """The answer or error of an act, after everything that it set going had time to end."""
        task = asyncio.ensure_future(_awaited(act))
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        await asyncio.sleep(_DRAIN)
        if not done:
            task.cancel()
            return {**_NOTHING, "ended": False}
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is not None:
            return {**_NOTHING, "raised": self._names(type(error)), "said": _said(error)}
        answer, holds = task.result()
        return {**_NOTHING, "answer": plain(answer), "holds": holds}

    def _names(self, one: type) -> list[str]:
        """Every name that the class of an error goes by."""
        names = {f"{one.__module__}:{one.__qualname__}"}
        return sorted(names | {name for name in self._spoken if _reached(name) is one})


class _Method:
    """One method of a fresh object, which has its sockets; None as its name only builds the object."""

    def __init__(self, one: type, name: str | None, variant: str) -> None:
        self._one, self._name, self._variant = one, name, variant

    async def act(self, maker: Maker) -> tuple[Any, Any]:
        """The answer, and what the object holds afterwards."""
        made = await _made(maker, self._one)
        answer = await _asked(maker, made, self._name, self._variant) if self._name else None
        return answer, _holds(made)


class _Methods:
    """Several methods of one object, one after the other."""

    def __init__(self, one: type, names: list[str]) -> None:
        self._one, self._names = one, names

    async def act(self, maker: Maker) -> tuple[Any, Any]:
        """The answers, and what the object holds afterwards."""
        made = await _made(maker, self._one)
        answers = []
        for name in self._names:
            try:
                answers.append(plain(await asyncio.wait_for(_asked(maker, made, name, FULL), _DRAIN)))
            except RuntimeError:
                raise  # such as that of a loop over what changes
            except Exception:  # noqa: BLE001 - which error is compared where it is called alone
                answers.append(f"{name} raises")
        return answers, _holds(made)


def _call(function: Callable[..., Any], variant: str) -> Callable[[Maker], Awaitable[Any]]:
    async def act(maker: Maker) -> tuple[Any, Any]:
        args, kwargs = maker.arguments(function, variant, bound=False)
        return await _awaited(function(*args, **kwargs)), None

    return act


async def _made(maker: Maker, one: type) -> Any:
    """An object, and everything that it was made of, each with its sockets."""
    try:
        made = maker.build(one)
    except Exception:
        if all(parameter.default is inspect.Parameter.empty for parameter in _parameters(one)):
            raise
        made = maker.build(one, LEAST)
    for part in list(maker.built.values()):
        for join, args, kwargs in maker.joins(part):
            await _awaited(join(*args, **kwargs))
    return made


def _parameters(one: type) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(one).parameters.values())
    except (ValueError, TypeError):
        return []


async def _asked(maker: Maker, made: Any, name: str, variant: str) -> Any:
    """The answer of a method, or the value of a property."""
    member = getattr(made, name)
    if not callable(member) or not (inspect.isroutine(member) or hasattr(member, "__wrapped__")):
        return member
    args, kwargs = maker.arguments(member, variant, bound=False)
    return await _awaited(member(*args, **kwargs))


async def _awaited(answer: Any) -> Any:
    """The answer, waited for if it can be; the first items if they come one by one."""
    if inspect.isawaitable(answer):
        return await answer
    if hasattr(answer, "__anext__"):
        items = []
        async for item in answer:
            items.append(plain(item))
            if len(items) == _MANY:
                break
        return items
    if inspect.isgenerator(answer):
        return [plain(item) for item, _ in zip(answer, range(_MANY), strict=False)]
    return answer


def _holds(made: Any) -> Any:
    """The public bookkeeping of an object: attributes that are plain numbers, texts and collections."""
    kept = getattr(made, "__dict__", {})
    kinds = (bool, int, float, str, list, dict, set, tuple, type(None))
    return {name: plain(value) for name, value in kept.items() if name[0] != "_" and isinstance(value, kinds)}


def _is_public(name: str, value: Any) -> bool:
    kinds = (staticmethod, classmethod, property)
    return not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, kinds))


def _reached(name: str) -> Any:
    """What a full name stands for, in the modules that were imported."""
    module, _, rest = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in rest.split("."):
        found = getattr(found, part, None)
    return found


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
