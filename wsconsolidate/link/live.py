"""Classes without Python source: builtins and the C classes of the running interpreter's library.

Only modules of the standard library are ever imported here, never the analysed code.
"""

import builtins
import importlib
import inspect
import sys
import typing
import warnings
from functools import cache

_WITH_SIDE_EFFECTS = frozenset(
    ("antigravity", "this", "idlelib", "lib2to3", "test", "tests", "turtledemo", "__main__")
)


@cache
def live_class(name: str) -> type | None:
    """The type object with this dotted name, None if the interpreter has no such class."""
    module, _, attribute = name.rpartition(".")
    owner = _library_module(module)
    found = getattr(owner, attribute, None) if owner is not None else None
    return found if inspect.isclass(found) else None


@cache
def alias_origin(name: str) -> type | None:
    """The class behind a generic alias of `typing`: `typing.Dict` -> dict, `typing.Iterable` -> its ABC."""
    module, _, attribute = name.rpartition(".")
    if module != "typing":
        return None
    alias = getattr(typing, attribute, None)
    origin = None if inspect.isclass(alias) else getattr(alias, "__origin__", None)
    return origin if inspect.isclass(origin) else None


def is_library(module: str) -> bool:
    """True for a module of the standard library."""
    return module.partition(".")[0] in sys.stdlib_module_names


def library_has(module: str, attribute: str | None) -> bool:
    """True if the running interpreter's library has the module and, if given, the attribute in it."""
    owner = _library_module(module)
    return owner is not None and (attribute in (None, "*") or hasattr(owner, str(attribute)))


def full_name(cls: type) -> str:
    """`__module__` and `__qualname__` joined, as the JSON document names classes."""
    return f"{cls.__module__}.{cls.__qualname__}"


def _library_module(name: str) -> object | None:
    if name == "builtins":
        return builtins
    if not is_library(name) or not _WITH_SIDE_EFFECTS.isdisjoint(name.split(".")):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a deprecated module is not deprecated by our reading it
            return importlib.import_module(name)
    except Exception:  # noqa: BLE001 - one that cannot be imported here has no classes to show
        return None
