"""Stand-ins for what a class is handed: they answer everything, and keep on tape what they are told."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

from .plain import StandIn, frame, plain

SENDERS = ("send_json", "send_text", "send_str", "send_bytes", "send")
_STATES = {
    "starlette.websockets": ("client_state application_state", "WebSocketState.CONNECTED"),
    "websockets.protocol": ("state", "State.OPEN"),
}
_KNOWN = {"closed": False, "open": True, "close_code": None, "prepared": True}


class Tape:
    """What was called, in order, and what of it was awaited; `frames` counts what went to sockets."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.awaited: list[str] = []
        self.frames = 0

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Note a call of a stand-in; what is sent, whatever the method, as the frame that arrives."""
        receiver, _, method = name.rpartition(".")
        if method in SENDERS and args:
            self.frames += 1
            self.events.append({"to": receiver, "frame": frame(args[0])})
            return
        self.frames += bool(args or kwargs)
        self.events.append({"call": name, "args": plain(args), "kwargs": plain(kwargs)})


class Socket:
    """A live server-side connection as frameworks have it, for parameters that say no more."""

    async def accept(self, subprotocol: str | None = None) -> None: ...  # noqa: D102
    async def send_json(self, data: object, mode: str = "text") -> None: ...  # noqa: D102
    async def send_text(self, data: str) -> None: ...  # noqa: D102
    async def send_str(self, data: str) -> None: ...  # noqa: D102
    async def send_bytes(self, data: bytes) -> None: ...  # noqa: D102
    async def send(self, message: object) -> None: ...  # noqa: D102
    async def ping(self, message: bytes = b"") -> None: ...  # noqa: D102
    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...  # noqa: D102


class Fake(StandIn):
    """Answers to every name and call, or only to what `spec` has, and is an instance of it.

    `make` gives the value for an annotation; what an asynchronous method is told counts when it is awaited.
    """

    def __init__(
        self,
        tape: Tape,
        name: str,
        make: Callable[[Any, str], Any],
        spec: type | None = None,
        function: Any = None,
    ) -> None:
        told = {"tape": tape, "name": name, "make": make, "spec": spec, "function": function, "kept": {}}
        object.__setattr__(self, "_told", told)

    @property
    def __class__(self) -> Any:
        return self._told["spec"] or Fake

    @__class__.setter
    def __class__(self, value: type) -> None: ...

    def __getattr__(self, key: str) -> Any:
        told = self._told
        if key in told["kept"]:
            return told["kept"][key]
        if key.startswith("__") or not _offers(told["spec"], key):
            raise AttributeError(key)
        told["kept"][key] = self._attribute(key)
        return told["kept"][key]

    def _attribute(self, key: str) -> Any:
        told, name = self._told, f"{self._told['name']}.{key}"
        spec = told["spec"]
        if spec is None:
            return self._like(name)
        found = inspect.getattr_static(spec, key, None)
        if isinstance(found, (staticmethod, classmethod)):
            found = found.__func__
        if inspect.isfunction(found):
            return Fake(told["tape"], name, told["make"], function=found)
        return self._value(key, found)

    def _value(self, key: str, found: Any) -> Any:
        """The value of an attribute: open and healthy where it tells of a connection."""
        told = self._told
        for module, (names, value) in _STATES.items():
            state = _imported(module, value)
            if key in names.split() and state is not None:
                return state
        if key in _KNOWN:
            return _KNOWN[key]
        hints = getattr(told["spec"], "__annotations__", {})
        wanted = getattr(getattr(found, "fget", None), "__annotations__", {}).get("return", hints.get(key))
        return told["make"](wanted, key) if wanted is not None else self._like(f"{told['name']}.{key}")

    def __setattr__(self, key: str, value: Any) -> None:
        self._told["kept"][key] = value

    def __delattr__(self, key: str) -> None:
        self._told["kept"].pop(key, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Note the call; an answer as the annotation has it."""
        function = self._told["function"]
        args, kwargs = _bound(function, args, kwargs)
        if inspect.iscoroutinefunction(function):
            return self._answer_later(args, kwargs)
        self._told["tape"].call(self._told["name"], args, kwargs)
        return self._answer()

    async def _answer_later(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._told["tape"].call(self._told["name"], args, kwargs)
        return self._answer()

    def _answer(self) -> Any:
        told = self._told
        annotations = getattr(told["function"], "__annotations__", {})
        if "return" in annotations:
            return told["make"](annotations["return"], f"{told['name']}()")
        return self._like(f"{told['name']}()")

    def _like(self, name: str) -> Fake:
        return Fake(self._told["tape"], name, self._told["make"])

    def __await__(self) -> Iterator[Any]:
        self._told["tape"].awaited.append(self._told["name"])
        return iter(())

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __contains__(self, item: object) -> bool:
        return False

    def __getitem__(self, key: Any) -> Any:
        return self._like(f"{self._told['name']}[]")

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __aiter__(self) -> Fake:
        return self

    async def __anext__(self) -> Any:
        raise StopAsyncIteration

    def __enter__(self) -> Fake:
        return self

    def __exit__(self, *_: object) -> None: ...

    async def __aenter__(self) -> Fake:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    def __int__(self) -> int:
        return 1

    __index__ = __int__

    def __float__(self) -> float:
        return 1.0

    def __str__(self) -> str:
        return f"<{self._told['name']}>"

    __repr__ = __str__

    def __lt__(self, other: Any) -> bool:
        return bool(other > 1)

    def __gt__(self, other: Any) -> bool:
        return bool(other < 1)

    def __le__(self, other: Any) -> bool:
        return bool(other >= 1)

    def __ge__(self, other: Any) -> bool:
        return bool(other <= 1)

    def __hash__(self) -> int:
        return hash(self._told["name"])

    def __eq__(self, other: object) -> bool:
        return self is other

    def __copy__(self) -> Fake:
        return self

    def __deepcopy__(self, _: object) -> Fake:
        return self


def _offers(spec: type | None, key: str) -> bool:
    """True if instances have it: a name of the class, or one that its constructor sets."""
    if spec is None or hasattr(spec, key) or key in getattr(spec, "__annotations__", {}):
        return True
    made = (getattr(vars(one).get("__init__"), "__code__", None) for one in spec.__mro__)
    return any(code is not None and key in code.co_names for code in made)


def _bound(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments as far as possible by position, so that it does not matter how they were passed.

    Raises:
        TypeError: they do not fit.
    """
    if function is None:
        return args, kwargs
    signature = inspect.signature(function)
    first = next(iter(signature.parameters.values()), None)
    own = first is not None and first.name in ("self", "cls")
    bound = signature.bind(*((None, *args) if own else args), **kwargs)
    return bound.args[own:], bound.kwargs


def _imported(module: str, path: str) -> Any:
    """A value of a module if the program imported it."""
    found: Any = sys.modules.get(module)
    for name in path.split("."):
        found = getattr(found, name, None)
    return found
