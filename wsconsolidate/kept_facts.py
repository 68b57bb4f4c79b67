"""The facts of a file as bytes, and back."""

import io
import pickle
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from wsconsolidate.model import expr, facts, source
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.source import Problem

Reduced = tuple[Callable[..., object], tuple[object, ...]]
_PROTOCOL = 5
_LEVEL = 1
_SHARED = frozenset(("line", "end_line", "id", "attr", "name"))
_SAME: dict[object, object] = {}


def dumped(value: FileFacts | Problem) -> bytes:
    """The facts as bytes that `loaded` takes."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, _PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(value)
    return zlib.compress(buffer.getvalue(), _LEVEL)


def loaded(data: bytes) -> FileFacts | Problem | None:
    """The facts in these bytes; None if they are damaged. Nothing but facts can come out of them."""
    try:
        found = _Unpickler(io.BytesIO(zlib.decompress(data))).load()
    except (zlib.error, pickle.UnpicklingError, EOFError, AttributeError, IndexError, TypeError, ValueError):
        return None
    return found if isinstance(found, FileFacts | Problem) else None


def _classes() -> dict[str, type]:
    modules = (expr, facts, source)
    return {
        name: cls
        for module in modules
        for name, cls in vars(module).items()
        if isinstance(cls, type) and cls.__module__ == module.__name__
    }


def _maker(cls: type) -> Callable[..., object]:
    """A function that makes an instance of a frozen, slotted dataclass of its fields, in their order.

    It fills the slots directly, as its `__init__` cannot: four times as fast, and facts are many. Numbers of
    lines and names are one object wherever they stand, or they would take a tenth of the memory.
    """
    names = [field.name for field in fields(cls)]
    slots: dict[str, object] = {f"set_{name}": cls.__dict__[name].__set__ for name in names}
    given = {name: f"same({name}, {name})" if name in _SHARED else name for name in names}
    lines = [f" set_{name}(made, {given[name]})" for name in names]
    code = f"def make({', '.join(names)}):\n made = new(cls)\n" + "\n".join(lines) + "\n return made\n"
    space: dict[str, Any] = {"new": object.__new__, "cls": cls, "same": _SAME.setdefault, **slots}
    exec(code, space)  # noqa: S102 - made of the names of fields, as dataclasses makes `__init__`
    made: Callable[..., object] = space["make"]
    made.__module__, made.__qualname__ = __name__, f"make_{cls.__name__}"
    return made


def _reducer(cls: type, maker: Callable[..., object]) -> Callable[[Any], Reduced]:
    names = [field.name for field in fields(cls)]
    taken = attrgetter(*names)
    return (lambda one: (maker, taken(one))) if len(names) > 1 else (lambda one: (maker, (taken(one),)))


_CLASSES = _classes()
_MAKERS = {f"make_{name}": _maker(cls) for name, cls in _CLASSES.items() if is_dataclass(cls) and fields(cls)}
_ENUMS = {name: cls for name, cls in _CLASSES.items() if issubclass(cls, Enum)}
globals().update(_MAKERS)


_REDUCERS: Mapping[type, Callable[[Any], Reduced]] = {
    cls: _reducer(cls, _MAKERS[f"make_{name}"]) for name, cls in _CLASSES.items() if f"make_{name}" in _MAKERS
}


class _Unpickler(pickle.Unpickler):
    """Makes facts, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        """The maker of a dataclass, or an enum."""
        if module == __name__ and name in _MAKERS:
            return _MAKERS[name]
        if name in _ENUMS and module == _ENUMS[name].__module__:
            return _ENUMS[name]
        raise pickle.UnpicklingError(f"{module}.{name} is no fact")
