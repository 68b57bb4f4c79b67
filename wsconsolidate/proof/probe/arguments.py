"""Arguments for a function, made from its signature: by annotation, else by default, else by name."""

from __future__ import annotations

import asyncio
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import inspect
import logging
import pathlib
import re
import sys
import types
import typing
import uuid
from collections.abc import Callable
from typing import Any

from .fakes import Fake, Socket, Tape

FULL, LEAST, EMPTY, CLASH = VARIANTS = ("full", "least", "empty", "clash")
"""All arguments; only those without a default; the empty value of each type; values that are traps."""

_DEEP = 4
_TEXT = {FULL: "", LEAST: "", EMPTY: "", CLASH: 'a "quoted" \u00e4\n'}
_SOCKET = re.compile(r"(web_?)?sock(et)?s?|ws|(ws_?)?conn(ection)?", re.IGNORECASE)
_MAP = re.compile(r"data|payload|message|msg|event_data|meta(data)?|context|extra|body|frame|options|config")
_CALLED = re.compile(r"callback|handler|sink|on_\w+|send(er)?|notify|publish")
_OBJECT = re.compile(
    r"\w*(manager|emitter|bridge|service|client|logger|registry|hub|pool|store|session|engine)"
)
_FLAG = re.compile(r"(is|has|should|allow|use|enable)_\w+|force|strict|success|ok|done")
_NUMBER = re.compile(
    r"\w*(count|number|max|min|size|limit|timeout|interval|seconds|retries|_ms|code|progress)"
)
_WHO = re.compile(r"\w*(id|key|user|name|room|member|channel|session|topic|group|client|thread|run|sid)")
_JOINS = re.compile(r"(connect|register|add|join|accept|attach|open|subscribe|enter)(_|$)")
_READY = re.compile(r"(mark_|set_)?(ready|connected|active)|activate")
_EMPTY = inspect.Parameter.empty


class CannotMakeError(Exception):
    """No object of a class could be made."""


@dataclasses.dataclass(frozen=True)
class Maker:
    """Makes arguments whose calls go to `tape`.

    `known` are the calls that hand sockets to the objects of a class, by its name; those found are added.
    With `real`, what the program's own classes are handed is built of them, down to fake sockets;
    with `same`, whatever identifies somebody is one and the same.
    """

    tape: Tape
    is_own: Callable[[Any], bool]
    known: dict[str, list[str]]
    real: bool = True
    same: bool = False
    built: dict[type, Any] = dataclasses.field(default_factory=dict)

    def arguments(
        self, function: Any, variant: str, *, bound: bool, depth: int = 0
    ) -> tuple[list[Any], dict[str, Any]]:
        """Arguments for a call; `bound` if the first parameter is taken already."""
        parameters = list(inspect.signature(function).parameters.values())
        hints = _hints(function)
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for one in parameters[1:] if bound else parameters:
            if one.default is not _EMPTY and variant == LEAST:
                continue
            if one.kind is one.VAR_KEYWORD:
                kwargs |= {} if variant in (LEAST, EMPTY) else _extras(variant)
            elif one.kind is one.VAR_POSITIONAL:
                args += []
            elif one.kind is one.KEYWORD_ONLY:
                kwargs[one.name] = self._argument(one, hints, variant, depth)
            else:
                args.append(self._argument(one, hints, variant, depth))
        return args, kwargs

    def _argument(self, one: inspect.Parameter, hints: dict[str, Any], variant: str, depth: int) -> Any:
        wanted = hints.get(one.name, one.annotation)
        if variant == EMPTY and one.default is None:
            return None
        if wanted is _EMPTY and one.default not in (_EMPTY, None):
            wanted = type(one.default)
        return self.make(wanted, one.name, variant, depth)

    def make(self, wanted: Any, name: str, variant: str = FULL, depth: int = 0) -> Any:
        """A value for an annotation."""
        if wanted in (_EMPTY, Any, object) or isinstance(wanted, (str, typing.TypeVar)):
            return self._by_name(wanted, name, variant)
        if wanted in (None, type(None)):
            return None
        simple = self._simple(wanted, name, variant)
        if simple is not _EMPTY:
            return simple
        origin = typing.get_origin(wanted)
        if origin is not None:
            return self._of(origin, typing.get_args(wanted), name, variant, depth)
        if hasattr(wanted, "__supertype__"):
            return self.make(wanted.__supertype__, name, variant, depth)
        return self._instance(wanted, name, variant, depth) if isinstance(wanted, type) else self.fake(name)

    def fake(self, name: str, spec: type | None = None, function: Any = None) -> Fake:
        """A stand-in."""
        owner = function or spec
        return Fake(self.tape, name, lambda wanted, key: self.make(_read(wanted, owner), key), spec, function)

    def _by_name(self, wanted: Any, name: str, variant: str) -> Any:
        last = wanted.rpartition(".")[2] if isinstance(wanted, str) else ""
        if _SOCKET.fullmatch(name) or last.endswith(("WebSocket", "ServerProtocol")):
            return self.fake(name, Socket)
        for pattern, kind in ((_MAP, dict), (_FLAG, bool), (_NUMBER, int)):
            if pattern.fullmatch(name):
                return self._simple(kind, name, variant)
        if _CALLED.fullmatch(name) or _OBJECT.fullmatch(name) or last[:1].isupper():
            return self.fake(name)
        return self._simple(str, name, variant)

    def _simple(self, wanted: Any, name: str, variant: str) -> Any:
        """A value of a type of the library; `_EMPTY` if it is none of them."""
        empty, clash = variant == EMPTY, variant == CLASH
        match wanted:
            case _ if wanted is str:
                return "" if empty else self._text(name) + _TEXT[variant]
            case _ if wanted in (int, float):
                return wanted(0 if empty else -1 if clash else 3)
            case _ if wanted is bool:
                return not empty
            case _ if wanted in (bytes, bytearray):
                return wanted(b"" if empty else b"bytes")
            case _ if wanted in (dict, collections.abc.Mapping, collections.abc.MutableMapping):
                return {} if empty else dict(_CLASHING) if clash else {"note": self._text(name), "count": 3}
            case _ if wanted in _LISTS:
                return [] if empty else [self._text(name)]
            case _ if wanted in (set, frozenset, tuple):
                return wanted(() if empty else (self._text(name),))
            case _ if wanted in _MADE:
                return _MADE[wanted]()
            case _ if wanted is collections.abc.Callable:
                return self.fake(name)
        return _EMPTY

    def _text(self, name: str) -> str:
        return "one" if self.same and _WHO.fullmatch(name) else name

    def _of(self, origin: Any, args: tuple[Any, ...], name: str, variant: str, depth: int) -> Any:
        """A value of a type with arguments."""
        if origin in (typing.Union, types.UnionType):
            if variant == EMPTY and type(None) in args:
                return None
            return self.make(next(one for one in args if one is not type(None)), name, variant, depth)
        if origin is typing.Literal:
            return args[-1] if variant == CLASH else args[0]
        if origin is type:
            return args[0]
        if origin is collections.abc.Callable:
            return self.fake(name, function=_promise(args[-1]))
        if origin in (typing.Annotated, typing.Required, typing.NotRequired, typing.ClassVar, typing.Final):
            return self.make(args[0], name, variant, depth)
        if origin in _LISTS or origin in (set, frozenset, tuple):
            items = [] if variant == EMPTY else [self.make(one, name, variant, depth) for one in args[:1]]
            return items if origin in _LISTS else origin(items)
        return self.make(origin, name, variant, depth)

    def _instance(self, wanted: type, name: str, variant: str, depth: int) -> Any:
        if issubclass(wanted, enum.Enum):
            return list(wanted)[-1 if variant == CLASH else 0]
        if typing.is_typeddict(wanted):
            hints = typing.get_type_hints(wanted)
            return {key: self.make(one, key, variant, depth + 1) for key, one in hints.items()}
        if not (_is_record(wanted) or (self.real and self.is_own(wanted))) or depth > _DEEP:
            return self.fake(name, wanted)
        try:
            return self.build(wanted, variant, depth + 1)
        except Exception:  # noqa: BLE001 - whatever its constructor says, a stand-in does as well
            return self.fake(name, wanted)

    def build(self, wanted: type, variant: str = FULL, depth: int = 0) -> Any:
        """An object of a class, made once, and with sockets if it keeps some.

        Raises:
            CannotMakeError: it is a protocol, or has abstract methods.
            Exception: what its constructor raises.
        """
        if getattr(wanted, "_is_protocol", False) or inspect.isabstract(wanted):
            raise CannotMakeError("it is abstract")
        if wanted in self.built:
            return self.built[wanted]
        args, kwargs = self._made_of(wanted, variant, depth)
        made = wanted(*args, **kwargs)
        self.built[wanted] = made
        return made

    def _made_of(self, wanted: type, variant: str, depth: int) -> tuple[list[Any], dict[str, Any]]:
        """What the constructor is given; nothing where it is one of C that tells no signature."""
        try:
            inspect.signature(wanted)
        except ValueError:
            return [], {}
        return self.arguments(wanted, variant, bound=False, depth=depth)

    def joins(self, made: Any) -> list[tuple[Any, list[Any], dict[str, Any]]]:
        """The calls that hand sockets to an object that keeps some, and then say that these are ready."""
        one = type(made)
        names = self.known.setdefault(f"{one.__module__}:{one.__qualname__}", [*self._joining(one)])
        calls = [(getattr(made, name), getattr(one, name)) for name in names if hasattr(one, name)]
        return [(call, *self.arguments(function, FULL, bound=True)) for call, function in calls]

    def _joining(self, one: type) -> list[str]:
        """The methods that hand sockets to an object of a class, and say that these are ready."""
        methods = inspect.getmembers(one, inspect.isfunction)
        taking = [name for name, method in methods if _JOINS.match(name) and self._takes_socket(method)]
        return taking + [name for name, _ in methods if taking and _READY.fullmatch(name)]

    def _takes_socket(self, method: Any) -> bool:
        hints = _hints(method)
        for one in list(inspect.signature(method).parameters.values())[1:]:
            wanted = hints.get(one.name, one.annotation)
            if _SOCKET.fullmatch(one.name) or "Socket" in getattr(wanted, "__name__", str(wanted)):
                return True
        return False


_CLASHING = {"type": "other", "event": "other", "payload": {"type": "inner"}, "data": 1, "timestamp": 5}
_LISTS = (list, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Collection)
_MADE: dict[Any, Callable[[], Any]] = {
    datetime.timedelta: lambda: datetime.timedelta(seconds=3),
    datetime.date: lambda: datetime.date(2026, 1, 1),
    datetime.datetime: lambda: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    decimal.Decimal: lambda: decimal.Decimal(3),
    uuid.UUID: lambda: uuid.UUID(int=3),
    pathlib.Path: lambda: pathlib.Path("place"),
    Exception: lambda: RuntimeError("broken"),
    BaseException: lambda: RuntimeError("broken"),
    logging.Logger: lambda: logging.getLogger("probe"),
    asyncio.Queue: asyncio.Queue,
    asyncio.Event: asyncio.Event,
    asyncio.Lock: asyncio.Lock,
}


def _extras(variant: str) -> dict[str, Any]:
    return {"type": "other"} if variant == CLASH else {"extra": "extra"}


def _is_record(wanted: type) -> bool:
    """True for a class that is made of its fields."""
    return dataclasses.is_dataclass(wanted) or hasattr(wanted, "model_fields") or hasattr(wanted, "_fields")


def _hints(function: Any) -> dict[str, Any]:
    """The annotations, evaluated as far as the names in them are bound."""
    target = inspect.getattr_static(function, "__init__") if isinstance(function, type) else function
    try:
        return typing.get_type_hints(target)
    except Exception:  # noqa: BLE001 - a name that only a type checker sees, or worse
        raw = getattr(target, "__annotations__", {})
        return {name: _evaluated(one, target) for name, one in raw.items()}


def _evaluated(wanted: Any, target: Any) -> Any:
    if not isinstance(wanted, str):
        return wanted
    try:
        return eval(wanted, getattr(target, "__globals__", {}))  # noqa: S307 - it runs the program anyway
    except Exception:  # noqa: BLE001 - as above
        return wanted


def _read(wanted: Any, owner: Any) -> Any:
    """An annotation of a class or function, evaluated in its module."""
    module = sys.modules.get(getattr(owner, "__module__", ""))
    if not isinstance(wanted, str) or module is None:
        return wanted
    try:
        return eval(wanted, vars(module))  # noqa: S307 - it runs the program anyway
    except Exception:  # noqa: BLE001 - a name that only a type checker sees
        return wanted


def _promise(result: Any) -> Any:
    """A function that is asynchronous if what a callback gives is to be awaited."""
    origin = typing.get_origin(result) or result
    if origin not in (collections.abc.Awaitable, collections.abc.Coroutine):
        return None

    async def promise(*_: Any, **__: Any) -> Any: ...

    promise.__annotations__ = {"return": (typing.get_args(result) or (None,))[-1]}
    return promise
